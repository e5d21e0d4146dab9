#include "events/duration.hpp"
#include "tools/service_command.hpp"
#include "tools/service_commands.hpp"

#include <ostream>

namespace apisync::tools {
namespace {

result<api_call> ask_status() {
  return api_call{.path = "/v1/status"};
}

/// `5 (4 healthy, 1 failing)`
std::string counted(const json& counts) {
  std::string parts;
  for (auto const& entry : counts.items()) {
    if (entry.key() != "total" && entry.value() != 0)
      parts += (parts.empty() ? "" : ", ") + entry.value().dump() + " " + entry.key();
  }
  auto const total = counts.is_object() ? counts.value("total", json(0)).dump() : "0";
  return parts.empty() ? total : total + " (" + parts + ")";
}

/// Seconds as a length of time, whole ones.
std::string age_text(const json& seconds) {
  if (!seconds.is_number()) return "-";
  auto const whole = std::chrono::seconds{static_cast<std::int64_t>(seconds.get<double>())};
  return events::print_duration(whole);
}

/// A trouble of the past: every source is well by now.
bool is_over(const json& status) {
  auto const sources = status.value("sources", json::object());
  return sources.value("failing", json(0)) == 0 && sources.value("quarantined", json(0)) == 0;
}

void print_status(const json& status, const invocation& call) {
  auto const line = [&](std::string_view name, const std::string& value, paint how) {
    std::string label{name};
    label.resize(12, ' ');
    call.out << painted(label, paint::dim, call.colour())
             << painted(printable(value), how, call.colour()) << '\n';
  };
  auto const state = text_of(status, "state");
  line("engine", state, paint_of(state));
  for (auto const* noun : {"apis", "sources", "jobs"})
    line(noun, counted(status.value(noun, json::object())), paint::plain);
  auto const conflicts = status.value("openConflicts", json(0));
  line("conflicts", conflicts.dump() + " open", conflicts == 0 ? paint::plain : paint::bad);
  auto const quarantined = status.value("quarantined", json(0));
  if (quarantined != 0) line("quarantine", quarantined.dump() + " kept out", paint::bad);
  auto const drifting = status.value("drifting", json::object());
  if (auto const observers = drifting.value("observers", 0); observers != 0)
    line("drift", std::to_string(observers) + " not as their APIs say", paint::bad);
  for (auto const* noun : {"folders", "webhooks", "targets"}) {
    auto const counts = status.value(noun, json::object());
    if (counts.value("total", json(0)) != 0)
      line(noun, counted(counts),
           counts.value("failing", json(0)) == 0 ? paint::plain : paint::bad);
  }
  auto const dead = status.value("deadLetters", json(0));
  if (dead != 0) line("undelivered", dead.dump() + " dead letters", paint::bad);
  if (auto const oldest = status.find("oldestApi"); oldest != status.end() && oldest->is_object())
    line("oldest",
         text_of(*oldest, "id") + ", confirmed " + age_text(oldest->value("age", json{})) + " ago",
         paint::plain);
  if (auto const last = status.find("lastError"); last != status.end() && last->is_object())
    line("last error",
         text_of(*last, last->contains("source") ? "source" : "actor") + ": " +
             text_of(*last, "message") + " (" + relative_time(last->value("time", json{}), call) +
             (is_over(status) ? ", all sources are well by now)" : ")"),
         is_over(status) ? paint::plain : paint::bad);
  line("version", text_of(status, "version"), paint::plain);
  line("sequence", text_of(status, "sequence"), paint::plain);
}

} // namespace

void add_engine_commands(CLI::App& app, invocation& call) {
  service_command const status{app, call, "status", "The service at a glance"};
  status.takes_past().asks(ask_status, print_status);

  auto* const engine = app.add_subcommand("engine", "Look at the engine and steer it");
  engine->require_subcommand(1);
  service_command const own{*engine, call, "status", "The service at a glance"};
  own.takes_past().asks(ask_status, print_status);
  service_command const metrics{*engine, call, "metrics", "Counts and times of syncs"};
  metrics.takes_past().asks([]() -> result<api_call> { return api_call{.path = "/v1/metrics"}; },
                            print_facts);

  static constexpr std::pair<const char*, const char*> verbs[] = {
      {"start", "Start syncing after a stop"},
      {"stop", "Cancel running syncs and close watches"},
      {"pause", "Let running syncs end and start none"},
      {"resume", "Start syncs again after a pause"}};
  for (auto const& [verb, help] : verbs) {
    service_command const order{*engine, call, verb, help};
    order.asks(
        [verb = std::string{verb}]() -> result<api_call> {
          return api_call{.method = "POST", .path = path_of({"v1", "engine", verb})};
        },
        [](const json& answer, const invocation& to) {
          to.out << "engine " << text_of(answer, "state") << '\n';
        });
  }
}

} // namespace apisync::tools
