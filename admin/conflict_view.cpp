#include "admin/conflict_view.hpp"

#include "admin/served_document.hpp"
#include "events/json_object.hpp"
#include "events/judging.hpp"
#include "specs/compat.hpp"
#include "specs/identity_roles.hpp"
#include "specs/parse.hpp"
#include "specs/print.hpp"
#include "specs/resolve.hpp"
#include "specs/rewrite.hpp"

#include <algorithm>

namespace apisync::admin {
namespace {

using specs::document_ptr;

/// How many revisions are looked through for the one that made a value.
constexpr std::size_t revisions_max = 50;
constexpr std::size_t value_bytes_max = 4096;
constexpr std::size_t changes_max = 20;

result<document_ptr> load(const storage::document_store& documents, const digest& text) {
  auto stored = read_stored(documents, text, "document");
  if (!stored) return tl::unexpected{stored.error()};
  return std::move(stored->read.document);
}

std::vector<std::string> places_of(const events::conflict_detail& detail) {
  return detail.places.empty() ? std::vector{detail.path} : detail.places;
}

/// The documents of a conflict; null where it has none.
struct sides {
  document_ptr base, now, incoming;
};

result<sides> load_sides(const events::api_state& api, const events::conflict_detail& detail,
                         const storage::document_store& documents) {
  sides made;
  const auto read = [&](const std::optional<digest>& text, document_ptr& into) -> result<void> {
    if (!text) return {};
    auto document = load(documents, *text);
    if (!document) return tl::unexpected{document.error()};
    into = std::move(*document);
    return {};
  };
  auto done = read(detail.base_document, made.base)
                  .and_then([&] { return read(detail.incoming_document, made.incoming); })
                  .and_then([&] { return read(api.merged, made.now); });
  if (!done) return tl::unexpected{done.error()};
  return made;
}

/// The document with the choice at every place of the conflict.
result<document_ptr> chosen(const sides& of, const events::conflict_detail& detail,
                            const std::string& choice, const std::optional<std::string>& value) {
  document_ptr given;
  if (choice == "value") {
    auto parsed = specs::parse(value.value_or(""), {.name = "the value"});
    if (!parsed) return tl::unexpected{parsed.error()};
    given = std::move(parsed->document);
  }
  const auto& from = choice == "base" ? of.base : of.incoming;
  auto made = of.now;
  if (choice == "current") return made;
  for (const auto& place : places_of(detail)) {
    const auto wanted = given  ? given->root()
                        : from ? specs::find_identity(*from, place)
                               : specs::node{};
    auto next = specs::set_value(made, place, wanted, from.get());
    if (!next) return tl::unexpected{next.error()};
    made = std::move(*next);
  }
  return made;
}

events::written_json changes_json(const specs::document& before, const specs::document& after,
                                  const specs::compat_options& how) {
  const auto report = specs::judge(before, after, how);
  std::string list = "[";
  for (const auto& finding : report.findings) {
    if (&finding - report.findings.data() >= static_cast<std::ptrdiff_t>(changes_max)) break;
    events::json_object one;
    one.member("rule", finding.rule)
        .member("level", std::string{to_string(finding.level)})
        .member("pointer", finding.pointer)
        .member("message", finding.message);
    if (list.size() > 1) list += ',';
    list += one.finish().text;
  }
  events::json_object out;
  out.member("error", report.count(specs::severity::error))
      .member("warning", report.count(specs::severity::warning))
      .member("info", report.count(specs::severity::info))
      .member("changes", events::written_json{list + "]"});
  return out.finish();
}

/// The operation, or else the schema or other part, that a place lies in.
struct surrounding {
  std::string identity;
  std::string kind;
};

surrounding around(const std::string& identity) {
  surrounding found;
  for (const auto& [so_far, name, parent, place] : specs::roles_along(identity)) {
    if (place == specs::role::operation) return {so_far, "operation"};
    const bool named_schema = place == specs::role::schema && parent == specs::role::schema_map;
    if (named_schema && found.kind != "schema") found = {so_far, "schema"};
    if (found.kind.empty()) found = {so_far, "part"};
  }
  return found;
}

events::written_json around_json(const std::string& identity, const sides& of) {
  const auto part = around(identity);
  const auto& in = of.now && specs::find_identity(*of.now, part.identity) ? of.now : of.incoming;
  events::json_object out;
  out.member("kind", part.kind.empty() ? "document" : part.kind);
  const auto value = in ? specs::find_identity(*in, part.identity) : specs::node{};
  out.member("pointer", in ? specs::pointer_of(*in, part.identity).value_or("") : std::string{});
  if (value)
    if (auto text = specs::to_json(value); text.size() <= value_bytes_max)
      out.member("value", events::written_json{std::move(text)});
  return out.finish();
}

events::written_json made_by(const events::revision& revision) {
  const auto& cause = revision.fact.cause;
  events::json_object out;
  out.member("revision", revision.fact.number)
      .member("time", revision.time)
      .member("by", revision.by)
      .member("cause", cause.kind)
      .optional("source", cause.source)
      .optional("commit", cause.commit)
      .optional("author", cause.author)
      .optional("message", cause.message);
  return out.finish();
}

/// The revision that made what stands at a place now, as far back as is looked.
result<const events::revision*> maker_of(const events::api_state& api, const sides& of,
                                         const std::string& identity,
                                         const storage::document_store& documents) {
  const auto now = specs::find_identity(*of.now, identity);
  const events::revision* maker = nullptr;
  const auto& all = api.revisions;
  for (std::size_t back = 0; back < std::min(all.size(), revisions_max); ++back) {
    const auto& one = all[all.size() - 1 - back];
    const auto document = load(documents, one->fact.text);
    if (!document) return tl::unexpected{document.error()};
    if (!same_value(specs::find_identity(**document, identity), now)) return maker;
    maker = one.get();
  }
  return all.size() <= revisions_max ? maker : nullptr;
}

/// Where the incoming value is from: the source, and the commit that its last revision came with.
events::written_json incoming_json(const events::api_state& api,
                                   const events::conflict_detail& detail) {
  events::json_object out;
  out.member("source", detail.source);
  if (const auto base = api.bases.find(detail.source); base != api.bases.end())
    out.optional("commit", base->second.commit).optional("repository", base->second.repository);
  const auto last =
      std::find_if(api.revisions.rbegin(), api.revisions.rend(), [&](const auto& one) {
        return one->fact.cause.kind == "sync" && one->fact.cause.source == detail.source;
      });
  if (last != api.revisions.rend()) out.member("lastRevision", made_by(**last));
  return out.finish();
}

} // namespace

result<std::string> conflict_context_json(const events::api_state& api,
                                          const events::conflict_state& conflict,
                                          const storage::document_store& documents,
                                          const std::string& today) {
  const auto& detail = conflict.detail;
  const auto of = load_sides(api, detail, documents);
  if (!of) return tl::unexpected{of.error()};
  const auto how = events::judging(api.definition, today);
  if (!how) return tl::unexpected{how.error()};
  events::json_object choices;
  for (const auto* choice : {"current", "incoming", "base"}) {
    if (std::string_view{choice} == "base" && !detail.places.empty()) continue;
    const auto document = chosen(*of, detail, choice, std::nullopt);
    if (!document) return tl::unexpected{document.error()};
    choices.member(choice, changes_json(*of->now, **document, *how));
  }
  const auto identity = places_of(detail).front();
  const auto maker = maker_of(api, *of, identity, documents);
  if (!maker) return tl::unexpected{maker.error()};
  events::json_object out;
  out.member("around", around_json(identity, *of));
  if (*maker != nullptr) out.member("current", made_by(**maker));
  out.member("incoming", incoming_json(api, detail)).member("choices", choices.finish());
  return out.finish().text;
}

result<previewed> preview_choice(const events::api_state& api,
                                 const events::conflict_state& conflict,
                                 const storage::document_store& documents,
                                 const std::string& choice,
                                 const std::optional<std::string>& value) {
  const auto& detail = conflict.detail;
  const bool known = choice == "current" || choice == "incoming" ||
                     (detail.places.empty() && (choice == "base" || choice == "value"));
  if (!known)
    return fail(errc::invalid_argument,
                detail.places.empty() ? "choice must be current, incoming, base or value"
                                      : "choice must be current or incoming",
                "choice");
  if ((choice == "value") != value.has_value())
    return fail(errc::invalid_argument, "'value' goes with the choice value, and only with it",
                "value");
  const auto of = load_sides(api, detail, documents);
  if (!of) return tl::unexpected{of.error()};
  const auto wanted = chosen(*of, detail, choice, value);
  if (!wanted) return tl::unexpected{wanted.error()};
  const auto current = read_stored(documents, api.merged, "document");
  if (!current) return tl::unexpected{current.error()};
  const auto& [bytes, read] = *current;
  return previewed{specs::rewrite({bytes, read.document, read.format}, *wanted).text,
                   std::string{to_string(read.format)}};
}

} // namespace apisync::admin
