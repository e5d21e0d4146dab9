#include "events/history.hpp"

#include "events/json_object.hpp"
#include "events/opinion_json.hpp"

#include <charconv>
#include <map>

namespace apisync::events {

// -- revisions ----------------------------------------------------------------

namespace {

written_json cause_json(const revision_cause& cause) {
  json_object out;
  out.member("kind", cause.kind)
      .optional("source", cause.source)
      .optional("commit", cause.commit)
      .optional("author", cause.author)
      .optional("message", cause.message)
      .optional("time", cause.time);
  return out.finish();
}

} // namespace

std::string revision_json(std::string_view api, const revision& of, detail much) {
  const auto& fact = of.fact;
  json_object out;
  out.member("api", api)
      .member("number", fact.number)
      .member("parent", fact.parent == 0 ? std::optional<std::uint64_t>{} : fact.parent)
      .member("contentHash", fact.content)
      .member("canonicalHash", fact.canonical)
      .member("format", fact.format)
      .member("time", of.time)
      .member("author", of.by)
      .member("title", fact.title)
      .member("version", fact.api_version)
      .member("openapi", fact.openapi)
      .member("operations", fact.operations)
      .member("cause", cause_json(fact.cause))
      .member("verdict", fact.verdict)
      .member("counts", fact.counts)
      .member("warnings", fact.warnings)
      .optional("released", fact.released);
  if (much == detail::full) out.member("changes", fact.changes);
  return out.finish().text;
}

std::string history_json(const api_state& api) {
  std::string out = "[";
  for (auto at = api.revisions.rbegin(); at != api.revisions.rend(); ++at) {
    if (out.size() > 1) out += ',';
    out += revision_json(api.definition.id, **at, detail::brief);
  }
  return out + "]";
}

// -- changes ------------------------------------------------------------------

namespace {

std::string change_json(const changed_revision& of, const change& one, std::string_view owner) {
  json_object out;
  out.member("api", of.api)
      .member("revision", of.revision->fact.number)
      .member("time", of.revision->time)
      .member("owner", owner)
      .member("rule", one.rule)
      .member("level", one.level)
      .member("pointer", one.pointer)
      .member("message", one.message)
      .member("operations", one.operations);
  return out.finish().text;
}

/// The place of a change in the order of changes: the revision's record, then its index there.
struct change_key {
  sequence record = ~sequence{0};
  std::uint64_t index = 0;

  static change_key parse(std::string_view text) {
    change_key key;
    const auto dot = text.find('.');
    if (dot == std::string_view::npos) return key;
    std::from_chars(text.data(), text.data() + dot, key.record);
    std::from_chars(text.data() + dot + 1, text.data() + text.size(), key.index);
    return key;
  }
};

/// Adds what is wanted of one revision; false when the page is full.
bool add_changes(const changed_revision& of, std::string_view owner, const change_filter& wanted,
                 const change_key& after, std::size_t limit, std::vector<listed_change>& out) {
  const auto record = of.revision->sequence;
  if (record > after.record) return true;
  const auto& listed = of.revision->fact.changes;
  for (auto i = record == after.record ? after.index + 1 : 0; i < listed.size(); ++i) {
    if (wanted.level && listed[i].level > *wanted.level) continue;
    if (out.size() == limit) return false;
    out.push_back(
        {std::to_string(record) + "." + std::to_string(i), change_json(of, listed[i], owner)});
  }
  return out.size() < limit;
}

} // namespace

std::vector<listed_change> changes(const views& in, const change_filter& wanted,
                                   std::string_view after, std::size_t limit) {
  std::vector<listed_change> out;
  const auto from = change_key::parse(after);
  const auto add = [&](const changed_revision& of) {
    if (wanted.since && of.revision->time < *wanted.since) return false;
    const auto& owner = in.api(of.api)->definition.owner;
    if (!wanted.owner.empty() && wanted.owner != owner) return true;
    return add_changes(of, owner, wanted, from, limit, out);
  };
  if (wanted.api.empty()) {
    in.visit_changes(add);
  } else if (const auto* api = in.api(wanted.api)) {
    for (auto at = api->revisions.rbegin(); at != api->revisions.rend(); ++at)
      if (!add({wanted.api, *at})) break;
  }
  return out;
}

// -- conflicts ----------------------------------------------------------------

namespace {

written_json resolution_json(const conflict_state& of) {
  json_object out;
  out.optional("choice", of.choice)
      .optional("rule", of.rule)
      .optional("reason", of.reason)
      .member("by", of.by)
      .member("time", of.ended);
  return out.finish();
}

using conflict_ptr = std::shared_ptr<const conflict_state>;

/// The conflicts of an API by id: where one came back, the last of them.
std::map<std::string_view, conflict_ptr> by_id(const api_state& api, bool ended_too) {
  std::map<std::string_view, conflict_ptr> out;
  for (const auto& [id, conflict] : api.open)
    out.emplace(id, conflict);
  if (ended_too)
    for (auto at = api.ended.rbegin(); at != api.ended.rend(); ++at)
      out.emplace((*at)->detail.id, *at);
  return out;
}

} // namespace

std::string conflict_name(std::string_view api, const conflict_state& of) {
  auto prefix = std::string{api} + ":";
  return of.detail.id.starts_with(prefix) ? of.detail.id : prefix + of.detail.id;
}

std::string conflict_json(std::string_view api, const conflict_state& of) {
  json_object out;
  out.member("id", conflict_name(api, of))
      .member("api", api)
      .member("source", of.detail.source)
      .member("pointer", of.detail.pointer)
      .member("kind", of.detail.kind)
      .member("state", of.state)
      .member("opened", of.opened)
      .member("updated", of.updated.value_or(of.opened))
      .optional("base", of.detail.base)
      .optional("current", of.detail.current)
      .optional("incoming", of.detail.incoming)
      .optional("oversized", of.detail.oversized)
      .optional("places", of.detail.places);
  if (of.opinion) out.member("opinion", written_json{opinion_json(*of.opinion)});
  if (of.ended) out.member("resolution", resolution_json(of));
  return out.finish().text;
}

std::optional<listed_conflict> find_conflict(const views& in, std::string_view name) {
  const auto colon = name.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto id = name.substr(0, colon);
  const auto* api = in.api(id);
  if (!api) return std::nullopt;
  for (const auto& key : {name, name.substr(colon + 1)}) {
    const auto open = api->open.find(std::string{key});
    if (open != api->open.end()) return listed_conflict{std::string{id}, open->second};
    for (auto at = api->ended.rbegin(); at != api->ended.rend(); ++at)
      if ((*at)->detail.id == key) return listed_conflict{std::string{id}, *at};
  }
  return std::nullopt;
}

std::vector<listed_conflict> conflicts(const views& in, const conflict_filter& wanted,
                                       std::string_view after, std::size_t limit) {
  constexpr std::size_t apis_at_once = 256;
  std::vector<listed_conflict> out;
  const auto last_api = after.substr(0, after.find(':'));
  const auto add = [&](const api_state& api) {
    const auto& id = api.definition.id;
    for (const auto& [key, conflict] : by_id(api, wanted.ended_too)) {
      if (out.size() == limit) return;
      if (id == last_api && conflict_name(id, *conflict) <= after) continue;
      out.push_back({id, conflict});
    }
  };
  if (!wanted.api.empty()) {
    if (const auto* api = in.api(wanted.api); api && wanted.api >= last_api) add(*api);
    return out;
  }
  if (const auto* api = in.api(last_api); api && !after.empty()) add(*api);
  for (std::string from{last_api}; out.size() < limit;) {
    const auto page = in.apis(from, apis_at_once, [&](const api_state& api) {
      return !api.open.empty() || (wanted.ended_too && !api.ended.empty());
    });
    for (const auto* api : page)
      add(*api);
    if (page.size() < apis_at_once) break;
    from = page.back()->definition.id;
  }
  return out;
}

} // namespace apisync::events
