#include "actors/integrate_edit.hpp"

#include "actors/conflict_record.hpp"
#include "actors/overlaid_text.hpp"
#include "actors/publication.hpp"
#include "specs/canonical.hpp"
#include "specs/diff.hpp"
#include "specs/merge.hpp"
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

constexpr std::size_t places_told = 3;

/// ` at A, B, …`
std::string told(const std::vector<std::string>& places) {
  std::string made;
  for (std::size_t i = 0; i < places.size() && i < places_told; ++i)
    made += (i == 0 ? "" : ", ") + (places[i].empty() ? "the root" : places[i]);
  return made + (places.size() > places_told ? ", …" : "");
}

tl::unexpected<error> overlays_say_otherwise(const api_context& api,
                                             const std::vector<std::string>& places) {
  return fail(errc::conflict,
              "an overlay of API '" + api.api + "' says otherwise at " + told(places) +
                  "; change the overlay instead",
              api.api);
}

/// The documents that an edit of an API with overlays is made of.
struct edited_sides {
  read_text served, merged;
};

result<edited_sides> load_sides(const api_context& api, const document_reader& documents) {
  auto served = load_text(documents, api.served, "served", stored_bytes_max);
  if (!served) return tl::unexpected{served.error()};
  auto merged = load_text(documents, api.text, "current", stored_bytes_max);
  if (!merged) return tl::unexpected{merged.error()};
  return edited_sides{std::move(*served), std::move(*merged)};
}

/// What somebody changed of a text with overlays, as a change of the document below them.
result<next_text> below_overlays(const api_context& api, const document_reader& documents,
                                 const read_text& edited) {
  const auto sides = load_sides(api, documents);
  if (!sides) return tl::unexpected{sides.error()};
  auto below = specs::merge(sides->served.document, sides->merged.document, edited.document);
  std::vector<std::string> places;
  for (const auto& conflict : below.conflicts)
    places.push_back(conflict.pointer);
  if (!places.empty()) return overlays_say_otherwise(api, places);
  next_text next{below.merged, nullptr, sides->merged.format};
  if (edited.format == next.format) next.others.push_back(edited);
  return next;
}

/// Whether an edit is what is served with the overlays on it.
result<void> check_overlays_keep(const api_context& api, const specs::document& edited,
                                 const next_text& next) {
  const auto laid = lay_overlays(api.overlays, next.document);
  if (!laid) return tl::unexpected{laid.error()};
  std::vector<std::string> places;
  for (const auto& change : specs::diff(edited, *laid->document))
    places.push_back(change.pointer);
  return places.empty() ? result<void>{} : overlays_say_otherwise(api, places);
}

} // namespace

result<integrated> integrate_edit(const take_edit& task, const document_reader& documents) {
  const auto& api = task.api;
  auto read = read_document(task.text, "the edited document", task.max_bytes);
  if (!read) return tl::unexpected{read.error()};
  next_text next{read->document, task.text, read->format};
  if (api.head && api.served != api.text) {
    auto below = below_overlays(api, documents, *read);
    if (!below) return tl::unexpected{below.error()};
    next = std::move(*below);
  } else if (api.head && read->format == "json" && api.format == "yaml") {
    // JSON has no comments: an edit in it means the values, and the words around them stay.
    next.bytes = nullptr;
    next.format = api.format;
  }
  if (api.head && !api.overlays.empty())
    if (auto kept = check_overlays_keep(api, *read->document, next); !kept)
      return tl::unexpected{kept.error()};
  next.words_count = true;
  integrated out;
  close_settled(api, *next.document, documents, task.max_bytes, out.taken.closed);
  return publish(api, documents, next, task.cause, task.max_bytes, std::move(out));
}

result<integrated> integrate_overlays(const take_overlays& task, const document_reader& documents) {
  const auto& api = task.api;
  if (!api.head) return integrated{};
  auto current = load_text(documents, api.text, "current", stored_bytes_max);
  if (!current) return tl::unexpected{current.error()};
  next_text next{current->document, current->bytes, current->format};
  next.relay = true;
  events::revision_cause cause;
  cause.kind = "overlays";
  cause.author = task.author;
  cause.message = "the overlays have changed";
  auto made = prepare(api, documents, next, &*current, std::move(cause));
  if (!made) return tl::unexpected{made.error()};
  integrated out;
  out.taken.revision = std::move(made->revision);
  out.taken.text = std::move(made->text);
  out.documents = std::move(made->documents);
  return out;
}

result<integrated> integrate_rollback(const take_rollback& task, const document_reader& documents) {
  auto text = documents.load(task.to.merged.value_or(task.to.text));
  if (!text) return tl::unexpected{text.error()};
  auto bytes = std::make_shared<const std::string>(std::move(*text));
  auto read = read_document(bytes, "revision " + std::to_string(task.to.number), bytes->size());
  if (!read) return tl::unexpected{read.error()};
  events::revision_cause cause;
  cause.kind = "rollback";
  cause.message =
      task.reason.empty() ? "back to revision " + std::to_string(task.to.number) : task.reason;
  integrated out;
  const auto content = specs::content_hash(*read->document);
  for (const auto& source : task.sources)
    if (const auto base = task.api.bases.find(source);
        base != task.api.bases.end() && base->second.content != content)
      out.taken.refused.push_back({source, base->second.content, 0});
  const auto limit = bytes->size() + (64U << 20);
  close_settled(task.api, *read->document, documents, limit, out.taken.closed);
  return publish(task.api, documents, {read->document, bytes, read->format}, std::move(cause),
                 limit, std::move(out));
}

} // namespace apisync::actors
