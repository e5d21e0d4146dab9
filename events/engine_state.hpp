#pragma once

#include "events/event.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace apisync::events {

/// What the last search of a folder came to, since it came to that.
struct folder_outcome {
  folder_searched fact;
  timestamp time;
};

/// The fold of stream `engine`.
struct engine_state {
  engine_state() = default;

  engine_mode mode = engine_mode::running;
  settings values;
  std::map<std::string, raw_json> file_values; ///< What the configuration file last said.
  std::optional<digest> config_hash;           ///< Of the file that was last applied.
  std::optional<model_definition> model;       ///< As that file has it; absent: none is asked.
  std::vector<folder_definition> folders;      ///< As that file has them.
  std::map<std::string, folder_outcome, std::less<>> searched; ///< Of these folders.
  std::optional<timestamp> started;                            ///< The last `engine_started`.
  std::string version;                                         ///< Of the program that wrote it.
  std::uint64_t actor_failures = 0;
};

/// Takes over one fact.
void apply(engine_state& state, const engine_event& event, const stamp& when);

/// What people ask of the engine.
enum class engine_verb : std::uint8_t { start, stop, pause, resume };

/// The events that a verb leads to; none where the engine already is as asked. `conflict` for
/// pausing or resuming an engine that is stopped or stopping.
result<std::vector<engine_event>> decide(const engine_state& state, engine_verb verb,
                                         const std::string& version);

/// What is recorded when the process starts: the mode that survives.
engine_started decide_process_start(const engine_state& state, const std::string& version);

/// The events that new settings lead to; none where nothing differs.
result<std::vector<engine_event>> decide(const engine_state& state,
                                         const std::map<std::string, raw_json>& values);

} // namespace apisync::events
