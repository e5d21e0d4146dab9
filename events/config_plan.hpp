#pragma once

#include "events/config.hpp"

#include <optional>
#include <string>
#include <vector>

namespace apisync::events {

/// What is declared now, by the file or through the HTTP API.
struct declarations {
  std::map<std::string, source_definition, std::less<>> sources;
  std::map<std::string, job_definition, std::less<>> jobs; ///< Without the sources' own.
  std::map<std::string, api_definition, std::less<>> apis;
  std::map<std::string, webhook_definition, std::less<>> webhooks;
  std::map<std::string, target_definition, std::less<>> targets;
  std::map<std::string, folder_definition, std::less<>> folders;
  std::map<std::string, raw_json> file_values; ///< Settings that the last applied file named.
  settings values;                             ///< In force now.
};

/// What applying a file would do. Names are `source/ID`, `job/ID`, `api/ID`, `webhook/ID`,
/// `target/ID`, `folder/ID`, sorted.
struct config_plan {
  std::vector<std::string> added, changed, removed;
  std::vector<std::string> settings; ///< Keys whose values the file has changed, added or dropped.

  bool operator==(const config_plan&) const = default;
  [[nodiscard]] bool empty() const {
    return added.empty() && changed.empty() && removed.empty() && settings.empty();
  }
};

/// The file with the sources that its folders have found before and still mean, and their APIs:
/// what is compared and applied, so that a change of a folder changes what it has found.
config with_found(const declarations& now, config next);

/// Compares. What was declared through the HTTP API is never removed; where the file declares the
/// same id, the file takes it over, which is a change.
config_plan plan(const declarations& now, const config& next);

/// Why the file cannot be applied beside what was declared through the HTTP API: an API with a
/// second authority, an API that goes while such a source stays. Empty: it can.
std::vector<error> refusals(const declarations& now, const config& next);

/// One member of a declaration, or a setting: its JSON before and after, absent where it has none.
struct planned_field {
  std::string name;
  std::optional<written_json> from, to;
};

/// One line of a plan, for people.
struct planned_change {
  enum class action : std::uint8_t { add, change, remove } what = action::add;
  std::string kind; ///< `api`, `source`, `job`, `webhook`, `target`, `folder`, `setting`
  std::string id;
  std::vector<planned_field> fields; ///< What differs; for a setting one, named as the setting.
  std::string note;                  ///< What the fields do not say; may be empty.
};
std::string_view to_string(planned_change::action value);

/// The plan with what differs, and what goes along with a removed source. Settings are listed where
/// the value in force changes.
std::vector<planned_change> planned_changes(const declarations& now, const config& next);

/// The keys of the file that a running process takes over only when it starts anew: `listen`,
/// `data`, `roots`, `allowAddresses`, `tokens`, where they differ.
std::vector<std::string> restart_keys(const config& running, const config& next);

/// `{"changes": […], "refusals": […], "restart": […]}`, as docs/http-api.md has it. `running` is
/// what the process was started with, if any runs.
std::string plan_json(const declarations& now, const config& file, const config* running);

} // namespace apisync::events
