#pragma once

#include "events/config_entries.hpp"
#include "events/definition.hpp"
#include "events/folder.hpp"
#include "events/model_event.hpp"
#include "events/target_event.hpp"
#include "events/webhook_event.hpp"
#include "specs/digest.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::events {

/// What a token allows: `read` looks, `operate` triggers and resolves too, `admin` does all.
enum class token_role : std::uint8_t { read, operate, admin };
constexpr auto all_values(token_role) {
  return std::array{token_role::read, token_role::operate, token_role::admin};
}
std::string_view to_string(token_role value);

/// A bearer of the HTTP API; the token itself stands in a file, never in the configuration.
struct token_definition {
  std::string name;
  token_role role = token_role::read;
  std::string file;

  bool operator==(const token_definition&) const = default;
};

/// A configuration file, read. What it does not name has its default. docs/configuration.md.
struct config {
  std::string listen = "127.0.0.1:8420"; ///< HOST:PORT; port 0: any free one.
  std::string data;                      ///< The data directory, as written; empty: not named.
  std::vector<std::string> roots;        ///< Where files may be read; as written.
  std::vector<std::string> allow_addresses;
  std::vector<token_definition> tokens;
  std::map<std::string, raw_json> settings; ///< Those that the file names; for `with_values`.
  std::vector<source_definition> sources;
  std::vector<job_definition> jobs;
  std::vector<api_definition> apis; ///< With the undeclared ones that sources name.
  std::vector<webhook_definition> webhooks;
  std::vector<target_definition> targets;
  std::vector<folder_definition> folders;
  std::optional<model_definition> model; ///< Absent: off.
  digest hash;                           ///< Of the file's bytes.
};

/// A value, or all that is wrong with the text that it should have come from.
template <class T>
using checked = tl::expected<T, std::vector<error>>;

/// Reads a parsed configuration. Every problem names `NAME:LINE:COLUMN` and what to do. Without
/// `files`, it may not name overlays or rules of compatibility by their files.
checked<config> parse_config(const specs::document& document, const std::string& name,
                             std::string_view bytes, const config_files& files = {});

/// Parses YAML or JSON and reads it.
checked<config> read_config(std::string_view bytes, const std::string& name,
                            const config_files& files = {});

} // namespace apisync::events
