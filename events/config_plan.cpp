#include "events/config_plan.hpp"

#include "events/duration.hpp"
#include "events/json_object.hpp"
#include "events/sync_order.hpp"
#include "events/target_place.hpp"

#include <algorithm>
#include <set>

namespace apisync::events {

namespace {

template <class Definition>
using by_id = std::map<std::string, Definition, std::less<>>;

/// Webhooks and targets are declared by the file alone.
template <class Definition>
declared_by declarer(const Definition& definition) {
  if constexpr (requires { definition.declared; })
    return definition.declared;
  else
    return declared_by::file;
}

/// The HTTP API's stay; those of the file go with their declaration, and what a folder has found
/// with the folder.
template <class Definition>
void compare(std::string_view kind, const by_id<Definition>& now,
             const std::vector<Definition>& next, config_plan& out) {
  const auto name = [&](std::string_view id) { return std::string{kind} + "/" + std::string{id}; };
  std::map<std::string_view, const Definition*> wanted;
  for (const auto& definition : next) {
    wanted.emplace(definition.id, &definition);
    const auto found = now.find(definition.id);
    if (found == now.end())
      out.added.push_back(name(definition.id));
    else if (!(found->second == definition))
      out.changed.push_back(name(definition.id));
  }
  for (const auto& [id, definition] : now)
    if (declarer(definition) != declared_by::api && !wanted.contains(id))
      out.removed.push_back(name(id));
}

template <class Definition>
const Definition* find_id(const std::vector<Definition>& all, std::string_view id) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.id == id; });
  return found == all.end() ? nullptr : &*found;
}

/// A source of the HTTP API's that the file leaves alone.
bool stays(const source_definition& source, const config& next) {
  return source.declared == declared_by::api && find_id(next.sources, source.id) == nullptr;
}

} // namespace

config with_found(const declarations& now, config next) {
  std::set<std::string, std::less<>> ids, paths, apis;
  for (const auto& source : next.sources) {
    ids.insert(source.id);
    if (source.kind == source_kind::file) paths.insert(normal_path(source.path));
  }
  for (const auto& api : next.apis)
    apis.insert(api.id);
  for (const auto& [id, before] : now.sources) {
    if (before.declared != declared_by::folder || ids.contains(id) ||
        paths.contains(normal_path(before.path)))
      continue;
    const auto* folder = find_folder(next.folders, before.folder);
    if (folder == nullptr) continue;
    auto after = found_source(*folder, before.path);
    // Under another id or of another API it is another source, which the next search brings.
    if (!after || after->id != id || after->api != before.api) continue;
    if (apis.insert(after->api).second) next.apis.push_back(found_api(*folder, after->api));
    next.sources.push_back(std::move(*after));
  }
  return next;
}

config_plan plan(const declarations& now, const config& next) {
  config_plan out;
  compare("api", now.apis, next.apis, out);
  compare("source", now.sources, next.sources, out);
  compare("job", now.jobs, next.jobs, out);
  compare("webhook", now.webhooks, next.webhooks, out);
  compare("target", now.targets, next.targets, out);
  compare("folder", now.folders, next.folders, out);
  for (auto* names : {&out.added, &out.changed, &out.removed})
    std::sort(names->begin(), names->end());
  for (const auto& [key, value] : next.settings) {
    const auto before = now.file_values.find(key);
    if (before == now.file_values.end() || before->second != value) out.settings.push_back(key);
  }
  for (const auto& [key, value] : now.file_values)
    if (!next.settings.contains(key)) out.settings.push_back(key);
  std::sort(out.settings.begin(), out.settings.end());
  return out;
}

std::vector<error> refusals(const declarations& now, const config& next) {
  std::vector<error> out;
  for (const auto& [id, source] : now.sources) {
    if (!stays(source, next)) continue;
    const std::string made = "source '" + id + "', made through the HTTP API,";
    if (source.role == source_role::authority)
      for (const auto& other : next.sources)
        if (other.api == source.api && other.role == source_role::authority)
          out.push_back({errc::conflict,
                         made + " is the authority of API '" + source.api + "' already; give '" +
                             other.id + "' another role, or remove '" + id + "'",
                         "source/" + other.id});
    const auto api = now.apis.find(source.api);
    if (api != now.apis.end() && api->second.declared == declared_by::file &&
        find_id(next.apis, source.api) == nullptr)
      out.push_back({errc::conflict,
                     made + " belongs to API '" + source.api +
                         "', which the file no longer declares; declare it, or remove the source",
                     "api/" + source.api});
  }
  std::map<std::string_view, const source_definition*> leaders;
  for (const auto& source : next.sources)
    if (source.declared == declared_by::file && source.role == source_role::authority)
      leaders.emplace(source.api, &source);
  for (const auto& found : next.sources) {
    if (found.declared != declared_by::folder || found.role != source_role::authority) continue;
    const auto leader = leaders.find(found.api);
    if (leader == leaders.end()) continue;
    const auto& id = leader->second->id;
    out.push_back({errc::conflict,
                   "source '" + found.id + "', found in folder '" + found.folder +
                       "', is the authority of API '" + found.api + "' already; give '" + id +
                       "' another role, or have the folder not mean '" + found.path + "'",
                   "source/" + id});
  }
  std::vector<ordered_source> all;
  for (const auto& source : next.sources)
    all.push_back({source.id, source.api, &source.after});
  for (const auto& [id, source] : now.sources)
    if (stays(source, next)) all.push_back({source.id, source.api, &source.after});
  add_expected(all, next.folders);
  if (const auto good = check_order(all); !good) out.push_back(good.error());
  return out;
}

// -- for people ---------------------------------------------------------------

std::string_view to_string(planned_change::action value) {
  switch (value) {
  case planned_change::action::add:
    return "add";
  case planned_change::action::change:
    return "change";
  case planned_change::action::remove:
    return "remove";
  }
  return "change";
}

namespace {

using members = std::vector<std::pair<std::string, std::string>>;

/// The members of a declaration but its id, as texts of JSON.
members members_of(const std::string& declaration) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  members out;
  if (parser.parse(declaration).get(object) != simdjson::SUCCESS) return out;
  for (const auto member : object)
    if (member.key != "id") out.emplace_back(member.key, simdjson::minify(member.value));
  return out;
}

std::optional<written_json> find_member(const members& in, const std::string& name) {
  for (const auto& [key, value] : in)
    if (key == name) return written_json{value};
  return std::nullopt;
}

std::vector<planned_field> differing(const members& before, const members& after) {
  std::vector<planned_field> out;
  for (const auto& [name, value] : after)
    if (auto from = find_member(before, name); !from || from->text != value)
      out.push_back({name, std::move(from), written_json{value}});
  for (const auto& [name, value] : before)
    if (!find_member(after, name)) out.push_back({name, written_json{value}, std::nullopt});
  return out;
}

using enum planned_change::action;

template <class Definition>
void describe(std::string_view kind, const by_id<Definition>& now,
              const std::vector<Definition>& next, const config_plan& changes,
              std::vector<planned_change>& out) {
  const auto each = [&](const std::vector<std::string>& names, planned_change::action what) {
    for (const auto& name : names) {
      const auto slash = name.find('/');
      if (name.substr(0, slash) != kind) continue;
      planned_change one{what, std::string{kind}, name.substr(slash + 1), {}, {}};
      const auto found = now.find(one.id);
      const auto* wanted = find_id(next, one.id);
      one.fields =
          differing(found == now.end() ? members{} : members_of(to_declaration_json(found->second)),
                    wanted == nullptr ? members{} : members_of(to_declaration_json(*wanted)));
      if (what == change && declarer(found->second) == declared_by::api)
        one.note = "the file takes over what was made through the HTTP API";
      if (kind == "folder" && what != remove)
        one.note = "what is found in it becomes a source once it has been searched";
      out.push_back(std::move(one));
    }
  };
  each(changes.added, add);
  each(changes.changed, change);
  each(changes.removed, remove);
}

/// Jobs of the HTTP API's go with their source.
void describe_lost_jobs(const declarations& now, const config_plan& changes,
                        std::vector<planned_change>& out) {
  for (const auto& [id, job] : now.jobs)
    if (job.declared == declared_by::api &&
        std::binary_search(changes.removed.begin(), changes.removed.end(), "source/" + job.source))
      out.push_back({remove, "job", id, {}, "it goes with its source '" + job.source + "'"});
}

/// Writes one setting as people write it: lengths of time as texts.
class setting_reader {
public:
  explicit setting_reader(std::string_view key) : key_{key} {}

  template <class T>
  void operator()(std::string_view name, const T& value) {
    if (name != key_) return;
    if constexpr (std::same_as<T, std::chrono::milliseconds>)
      found_.text = '"' + print_duration(value) + '"';
    else
      found_.text = std::to_string(value);
  }

  [[nodiscard]] const written_json& found() const { return found_; }

private:
  std::string_view key_;
  written_json found_{"null"};
};

written_json setting_json(const settings& values, std::string_view key) {
  setting_reader reader{key};
  settings::fields(values, reader);
  return reader.found();
}

/// A key that the file has dropped keeps its value: only what a file says changes a setting.
void describe_settings(const declarations& now, const config& next, const config_plan& changes,
                       std::vector<planned_change>& out) {
  for (const auto& key : changes.settings) {
    const auto wanted = next.settings.find(key);
    if (wanted == next.settings.end()) continue;
    const auto after = with_values(now.values, {*wanted});
    if (!after) continue; // it is refused with a reason of its own
    const auto from = setting_json(now.values, key);
    const auto to = setting_json(*after, key);
    if (from.text != to.text) out.push_back({change, "setting", key, {{key, from, to}}, {}});
  }
}

written_json field_json(const planned_field& field) {
  json_object out;
  out.member("name", field.name).optional("from", field.from).optional("to", field.to);
  return out.finish();
}

template <class List, class Print>
written_json list_json(const List& list, Print print) {
  std::string text = "[";
  for (const auto& one : list)
    text += (text.size() > 1 ? "," : "") + print(one).text;
  return {text + "]"};
}

} // namespace

std::vector<planned_change> planned_changes(const declarations& now, const config& next) {
  const auto changes = plan(now, next);
  std::vector<planned_change> out;
  describe_settings(now, next, changes, out);
  describe("api", now.apis, next.apis, changes, out);
  describe("source", now.sources, next.sources, changes, out);
  describe("job", now.jobs, next.jobs, changes, out);
  describe("webhook", now.webhooks, next.webhooks, changes, out);
  describe("target", now.targets, next.targets, changes, out);
  describe("folder", now.folders, next.folders, changes, out);
  describe_lost_jobs(now, changes, out);
  return out;
}

std::vector<std::string> restart_keys(const config& running, const config& next) {
  std::vector<std::string> keys;
  if (running.listen != next.listen) keys.emplace_back("listen");
  if (running.data != next.data) keys.emplace_back("data");
  if (running.roots != next.roots) keys.emplace_back("roots");
  if (running.allow_addresses != next.allow_addresses) keys.emplace_back("allowAddresses");
  if (running.tokens != next.tokens) keys.emplace_back("tokens");
  return keys;
}

std::string plan_json(const declarations& now, const config& file, const config* running) {
  const auto next = with_found(now, file);
  auto refused = refusals(now, next);
  if (auto values = with_values(now.values, next.settings); !values)
    refused.push_back(values.error());
  json_object out;
  out.member("changes", list_json(planned_changes(now, next),
                                  [](const planned_change& one) {
                                    json_object line;
                                    line.member("action", to_string(one.what))
                                        .member("kind", one.kind)
                                        .member("id", one.id)
                                        .member("fields", list_json(one.fields, field_json))
                                        .optional("note", one.note);
                                    return line.finish();
                                  }))
      .member("refusals",
              list_json(refused,
                        [](const error& problem) {
                          json_object line;
                          line.member("message", problem.message).optional("where", problem.where);
                          return line.finish();
                        }))
      .member("restart",
              running == nullptr ? std::vector<std::string>{} : restart_keys(*running, file));
  return out.finish().text;
}

} // namespace apisync::events
