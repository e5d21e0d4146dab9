#include "events/config_entries.hpp"

#include "events/cron.hpp"
#include "events/duration.hpp"

#include <concepts>
#include <limits>
#include <utility>

namespace apisync::events {

using namespace std::chrono_literals;

namespace {

template <class Read>
auto parse(const std::string& name, Read read)
    -> result<decltype(read(std::declval<config_problems&>()))> {
  config_problems problems{name};
  auto out = read(problems);
  if (!problems.empty()) return tl::unexpected{combined(problems.take())};
  return out;
}

} // namespace

// -- jobs ---------------------------------------------------------------------

namespace {

void read_cron(config_object& object, specs::node at, job_definition& out) {
  out.cron = object.text("cron").value_or("");
  if (!at.is_string()) return;
  if (const auto schedule = parse_cron(out.cron); !schedule)
    object.report(at, schedule.error().message);
}

/// At most one of the keys that say when the job is due.
void read_schedule(config_object& object, job_definition& out) {
  const std::pair<schedule_kind, specs::node> kinds[] = {
      {schedule_kind::interval, object.member("interval")},
      {schedule_kind::cron, object.member("cron")},
      {schedule_kind::change, object.member("onChange")},
      {schedule_kind::once, object.member("once")}};
  specs::node chosen;
  for (const auto& [kind, at] : kinds) {
    if (!at) continue;
    if (chosen)
      object.report(at, "has both '" + std::string{chosen.key()} + "' and '" +
                            std::string{at.key()} + "'; keep one");
    else
      out.schedule = kind;
    if (!chosen) chosen = at;
  }
  if (const auto named = object.object().find("schedule")) {
    const auto meant = object.choice<schedule_kind>("schedule");
    if (chosen && meant && *meant != out.schedule)
      object.report(named, "'schedule' and '" + std::string{chosen.key()} +
                               "' do not go together; keep one");
    if (meant) out.schedule = *meant;
    if (!chosen && out.schedule == schedule_kind::cron)
      object.missing("cron", "five fields, such as \"0 3 * * *\"");
  }
  if (!chosen) return;
  switch (out.schedule) {
  case schedule_kind::interval:
    out.interval = object.duration("interval", 1s, 24h * 30);
    break;
  case schedule_kind::cron:
    read_cron(object, chosen, out);
    break;
  case schedule_kind::change:
  case schedule_kind::once:
    if (!object.boolean(chosen.key()).value_or(true))
      object.report(chosen,
                    "'" + std::string{chosen.key()} + "' can only be true; leave it out otherwise");
    break;
  }
}

} // namespace

job_definition read_job(specs::node from, const settings& values, config_problems& problems) {
  config_object object{from, entry_name("job", from), problems};
  job_definition out;
  if (!object.good()) return out;
  out.id = object.id("id", "give the job a name of its own");
  const bool seed_name = !object.member("source") && object.member("sourceId");
  out.source = object.id(seed_name ? "sourceId" : "source", "name the source that the job syncs");
  out.priority = object.choice<priority>("priority").value_or(out.priority);
  out.max_retries =
      static_cast<std::uint32_t>(object.integer("maxRetries", 0, 100).value_or(values.max_retries));
  read_schedule(object, out);
  object.refuse_unknown();
  return out;
}

result<job_definition> parse_job(specs::node from, const std::string& name,
                                 const settings& values) {
  return parse(name, [&](config_problems& problems) { return read_job(from, values, problems); });
}

std::string to_declaration_json(const job_definition& job) {
  std::string out = "{";
  field_writer write{out};
  write("id", job.id);
  write("source", job.source);
  write("priority", job.priority);
  write("maxRetries", job.max_retries);
  if (job.interval) write("interval", print_duration(*job.interval));
  if (job.schedule == schedule_kind::cron) write("cron", job.cron);
  if (job.schedule == schedule_kind::change) write("onChange", true);
  if (job.schedule == schedule_kind::once) write("once", true);
  return out + "}";
}

// -- APIs ---------------------------------------------------------------------

api_definition read_api(specs::node from, config_problems& problems, const config_files& files) {
  const auto name = entry_name("API", from);
  config_object object{from, name, problems};
  api_definition out;
  if (!object.good()) return out;
  out.id = object.id("id", "give the API a name of its own");
  out.title = object.text("title").value_or("");
  out.owner = object.text("owner").value_or("");
  out.contact = object.text("contact").value_or("");
  out.lifecycle = object.text("lifecycle").value_or("");
  out.group = object.text("group").value_or("");
  out.labels = object.text_map("labels").value_or(out.labels);
  out.rules = read_rules(object, name, problems);
  out.guard = object.choice<change_level>("guard");
  out.overlays = read_overlays(object, files);
  out.compatibility = read_compatibility(object, files);
  object.refuse_unknown();
  return out;
}

result<api_definition> parse_api(specs::node from, const std::string& name) {
  return parse(name, [&](config_problems& problems) { return read_api(from, problems); });
}

std::string to_declaration_json(const api_definition& api) {
  std::string out = "{";
  field_writer write{out};
  write("id", api.id);
  const auto unless_empty = [&](std::string_view key, const std::string& value) {
    if (!value.empty()) write(key, value);
  };
  unless_empty("title", api.title);
  unless_empty("owner", api.owner);
  unless_empty("contact", api.contact);
  unless_empty("lifecycle", api.lifecycle);
  unless_empty("group", api.group);
  write("labels", api.labels);
  if (!api.rules.empty()) write("rules", written_json{rules_json(api.rules)});
  if (api.guard) write("guard", *api.guard);
  if (!api.overlays.empty()) {
    std::vector<raw_json> documents;
    for (const auto& overlay : api.overlays)
      documents.push_back(overlay.document);
    write("overlays", documents);
  }
  if (api.compatibility) write("compatibility", *api.compatibility);
  return out + "}";
}

// -- settings -----------------------------------------------------------------

namespace {

/// Visits the settings that there are, and reads those that an object names.
class settings_reader {
public:
  settings_reader(config_object& from, std::map<std::string, raw_json>& out)
      : from_{from}, out_{out} {}

  template <class T>
  void operator()(std::string_view name, const T&) {
    if constexpr (std::same_as<T, std::chrono::milliseconds>) {
      if (const auto value = from_.duration(name, 0ms, 100 * 365 * 24h))
        out_[std::string{name}].text = std::to_string(value->count());
    } else if constexpr (std::same_as<T, bool>) {
      if (const auto value = from_.boolean(name))
        out_[std::string{name}].text = *value ? "true" : "false";
    } else if (const auto value = from_.integer(name, 0, std::numeric_limits<T>::max())) {
      out_[std::string{name}].text = std::to_string(*value);
    }
  }

private:
  config_object& from_;
  std::map<std::string, raw_json>& out_;
};

/// Which of the named settings a message of `check` speaks of.
std::string spoken_of(const std::string& message, const std::map<std::string, raw_json>& values) {
  for (const auto& [name, value] : values)
    if (message.find("'" + name + "'") != std::string::npos) return name;
  return {};
}

std::map<std::string, raw_json> read_settings(specs::node from, const settings& present,
                                              config_problems& problems) {
  config_object object{from, "settings", problems};
  std::map<std::string, raw_json> out;
  if (!object.good()) return out;
  settings_reader reader{object, out};
  settings::fields(present, reader);
  object.refuse_unknown();
  // Each round reports one setting and leaves it out of the next.
  for (auto left = out; !left.empty();) {
    const auto changed = with_values(present, left);
    if (changed) break;
    const auto name = spoken_of(changed.error().message, out);
    if (!name.empty() && !left.contains(name)) break; // it is told already
    object.report(name.empty() ? from : from.find(name), changed.error().message);
    if (name.empty()) break;
    left.erase(name);
  }
  return out;
}

} // namespace

std::map<std::string, raw_json> read_settings(specs::node from, config_problems& problems) {
  return read_settings(from, settings{}, problems);
}

result<std::map<std::string, raw_json>> parse_settings(specs::node from, const std::string& name,
                                                       const settings& values) {
  return parse(name,
               [&](config_problems& problems) { return read_settings(from, values, problems); });
}

} // namespace apisync::events
