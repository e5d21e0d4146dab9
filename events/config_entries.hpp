#pragma once

#include "events/config_reader.hpp"
#include "events/definition.hpp"
#include "events/folder.hpp"
#include "events/model_event.hpp"
#include "events/target_event.hpp"
#include "events/webhook_event.hpp"
#include "specs/document.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// Single declarations, in the one shape that the configuration file and the bodies of
/// `POST /v1/sources`, `/v1/jobs` and `/v1/apis` share: docs/configuration.md.
namespace apisync::events {

/// Reads a file that a declaration names. Fails with what to tell people.
using config_files = std::function<result<std::string>(const std::string& name)>;

/// Reads one declaration and reports everything wrong with it. What is returned is meaningful only
/// where nothing was reported; `declared` is left to the caller.
source_definition read_source(specs::node from, config_problems& problems);
/// `values.max_retries` is the default of `maxRetries`.
job_definition read_job(specs::node from, const settings& values, config_problems& problems);
/// Without `files`, no declaration may name one.
api_definition read_api(specs::node from, config_problems& problems,
                        const config_files& files = {});
webhook_definition read_webhook(specs::node from, config_problems& problems);
target_definition read_target(specs::node from, config_problems& problems);
folder_definition read_folder(specs::node from, config_problems& problems);
model_definition read_model(specs::node from, config_problems& problems);
/// The member `rules` of an object; none where it is not there. `of` names whose rules they are.
std::vector<rule_definition> read_rules(config_object& object, const std::string& of,
                                        config_problems& problems);

/// The members `overlays` and `compatibility` of an API.
std::vector<overlay_definition> read_overlays(config_object& object, const config_files& files);
std::optional<raw_json> read_compatibility(config_object& object, const config_files& files);

/// Reads settings, checked one by one and together, into the form that `with_values` and events
/// have them in: durations as integers of milliseconds.
std::map<std::string, raw_json> read_settings(specs::node from, config_problems& problems);

/// The same, with the problems as one error of a line each. `name` is the text's, for messages.
result<source_definition> parse_source(specs::node from, const std::string& name);
result<job_definition> parse_job(specs::node from, const std::string& name, const settings& values);
result<api_definition> parse_api(specs::node from, const std::string& name);
/// Checks against the service's present values: `retryCap` is not under `retryBase`, for one.
result<std::map<std::string, raw_json>> parse_settings(specs::node from, const std::string& name,
                                                       const settings& values);

/// The inverse: one JSON object that reads back as the same definition.
std::string to_declaration_json(const source_definition& source);
std::string to_declaration_json(const job_definition& job);
std::string to_declaration_json(const api_definition& api);
std::string to_declaration_json(const webhook_definition& webhook);
std::string to_declaration_json(const target_definition& target);
std::string to_declaration_json(const folder_definition& folder);
std::string rules_json(const std::vector<rule_definition>& rules);
/// The value of a source's `select`.
std::string selection_json(const selection_definition& of);
/// The value of a source's `hook`.
std::string hook_json(const hook_definition& of);
/// The value of a source's `connection`.
std::string connection_json(const connection_definition& of);

} // namespace apisync::events
