#include "events/engine_state.hpp"

#include "events/overload.hpp"

namespace apisync::events {

namespace {

/// Settings were checked when they were decided. A value that a later version no longer takes keeps
/// what was there, for a fold cannot fail.
void replace(settings& values, const std::map<std::string, raw_json>& replaced) {
  for (const auto& entry : replaced)
    if (auto changed = with_values(values, {entry})) values = *changed;
}

} // namespace

void apply(engine_state& state, const engine_event& event, const stamp& when) {
  std::visit(overload{
                 [&](const engine_started& fact) {
                   state.mode = fact.mode;
                   state.version = fact.version;
                   state.started = when.time;
                 },
                 [&](const engine_paused&) { state.mode = engine_mode::paused; },
                 [&](const engine_resumed&) { state.mode = engine_mode::running; },
                 [&](const engine_stopping&) { state.mode = engine_mode::stopping; },
                 [&](const engine_stopped&) { state.mode = engine_mode::stopped; },
                 [&](const engine_closed&) {},
                 [&](const config_applied& fact) {
                   std::map<std::string, raw_json> newly;
                   for (const auto& [key, value] : fact.values) {
                     auto before = state.file_values.find(key);
                     if (before == state.file_values.end() || before->second != value)
                       newly.emplace(key, value);
                   }
                   replace(state.values, newly);
                   state.file_values = fact.values;
                   state.config_hash = fact.hash;
                   state.model = fact.model;
                   state.folders = fact.folders;
                   std::erase_if(state.searched, [&](const auto& outcome) {
                     return find_folder(state.folders, outcome.first) == nullptr;
                   });
                 },
                 [&](const settings_changed& fact) { replace(state.values, fact.values); },
                 [&](const actor_failed&) { ++state.actor_failures; },
                 [&](const request_answered&) {},
                 [&](const folder_searched& fact) {
                   state.searched[fact.folder] = {fact, when.time};
                 },
             },
             event);
}

result<std::vector<engine_event>> decide(const engine_state& state, engine_verb verb,
                                         const std::string& version) {
  using events = std::vector<engine_event>;
  const bool down = state.mode == engine_mode::stopped || state.mode == engine_mode::stopping;
  switch (verb) {
  case engine_verb::start:
    if (state.mode == engine_mode::stopping)
      return fail(errc::conflict, "the engine is stopping; start it when it has stopped");
    if (state.mode == engine_mode::paused) return events{engine_resumed{}};
    if (state.mode == engine_mode::running) return events{};
    return events{engine_started{version, engine_mode::running, "command"}};
  case engine_verb::stop:
    if (down) return events{};
    return events{engine_stopping{}};
  case engine_verb::pause:
    if (down) return fail(errc::conflict, "the engine is not running; start it before a pause");
    if (state.mode == engine_mode::paused) return events{};
    return events{engine_paused{}};
  case engine_verb::resume:
    if (down) return fail(errc::conflict, "the engine is not paused but stopped; start it");
    if (state.mode == engine_mode::running) return events{};
    return events{engine_resumed{}};
  }
  return fail(errc::internal, "unknown verb");
}

engine_started decide_process_start(const engine_state& state, const std::string& version) {
  const auto mode = state.mode == engine_mode::stopping ? engine_mode::stopped : state.mode;
  return {version, mode, "process"};
}

result<std::vector<engine_event>> decide(const engine_state& state,
                                         const std::map<std::string, raw_json>& values) {
  auto changed = with_values(state.values, values);
  if (!changed) return tl::unexpected{changed.error()};
  if (*changed == state.values) return std::vector<engine_event>{};
  return std::vector<engine_event>{settings_changed{values}};
}

} // namespace apisync::events
