#include "actors/integrate_edit.hpp"

#include "actors/conflict_record.hpp"
#include "specs/canonical.hpp"
#include "specs/resolve.hpp"

namespace apisync::actors {

namespace {

/// Closes the open conflicts at whose places the document now has the incoming value.
void close_settled(const api_context& api, const specs::document& now,
                   const document_reader& documents, std::uint64_t max_bytes,
                   std::vector<events::conflict_closed>& closed) {
  for (const auto& open : api.open) {
    if (!open.incoming_document || !open.places.empty()) continue;
    const auto incoming = load_text(documents, *open.incoming_document, open.source, max_bytes);
    if (!incoming) continue; // stays open
    if (same_value(specs::find_identity(now, open.path),
                   specs::find_identity(*incoming->document, open.path)))
      closed.push_back({open.id, "both sides agree now"});
  }
}

/// An edit of comments and layout alone is no revision, but it is what is served from now on.
result<integrated> keep_words(const next_text& next, const document_reader& documents,
                              const std::optional<read_text>& current, integrated out) {
  if (!next.bytes || !current || *next.bytes == *current->bytes) return out;
  auto encoded = documents.encode(*next.bytes, current->text_hash);
  if (!encoded) return tl::unexpected{encoded.error()};
  events::text_followed text;
  text.text = encoded->hash;
  text.content = specs::content_hash(*next.document);
  text.format = next.format;
  out.documents.push_back(std::move(*encoded));
  out.taken.text = text;
  return out;
}

} // namespace

result<integrated> publish(const api_context& api, const document_reader& documents, next_text next,
                           events::revision_cause cause, std::uint64_t max_bytes, integrated out) {
  std::optional<read_text> current;
  if (api.head) {
    auto loaded = load_text(documents, api.text, "current", max_bytes);
    if (!loaded) return tl::unexpected{loaded.error()};
    current = std::move(*loaded);
  }
  // JSON has no comments: an edit in it means the values, and the words around them stay.
  if (cause.kind == "edit" && next.format == "json" && current && current->format == "yaml") {
    next.bytes = nullptr;
    next.format = current->format;
  }
  auto made = make_revision(next, current ? &*current : nullptr, std::move(cause), {}, api.today);
  if (!made) return tl::unexpected{made.error()};
  if (!*made) return keep_words(next, documents, current, std::move(out));
  auto encoded =
      documents.encode(*(*made)->text, current ? std::optional{current->text_hash} : std::nullopt);
  if (!encoded) return tl::unexpected{encoded.error()};
  out.documents.push_back(std::move(*encoded));
  out.taken.revision = std::move((*made)->fact);
  out.head = next.document;
  return out;
}

result<integrated> integrate_edit(const take_edit& task, const document_reader& documents) {
  auto read = read_document(task.text, "the edited document", task.max_bytes);
  if (!read) return tl::unexpected{read.error()};
  integrated out;
  close_settled(task.api, *read->document, documents, task.max_bytes, out.taken.closed);
  return publish(task.api, documents, {read->document, task.text, read->format, {}, {}}, task.cause,
                 task.max_bytes, std::move(out));
}

result<integrated> integrate_rollback(const take_rollback& task, const document_reader& documents) {
  auto text = documents.load(task.to.text);
  if (!text) return tl::unexpected{text.error()};
  auto bytes = std::make_shared<const std::string>(std::move(*text));
  auto read = read_document(bytes, "revision " + std::to_string(task.to.number), bytes->size());
  if (!read) return tl::unexpected{read.error()};
  events::revision_cause cause;
  cause.kind = "rollback";
  cause.message =
      task.reason.empty() ? "back to revision " + std::to_string(task.to.number) : task.reason;
  integrated out;
  for (const auto& source : task.sources)
    if (const auto base = task.api.bases.find(source);
        base != task.api.bases.end() && base->second.content != task.to.content)
      out.taken.refused.push_back({source, base->second.content, 0});
  const auto limit = bytes->size() + (64U << 20);
  close_settled(task.api, *read->document, documents, limit, out.taken.closed);
  return publish(task.api, documents, {read->document, bytes, read->format, {}, {}},
                 std::move(cause), limit, std::move(out));
}

} // namespace apisync::actors
