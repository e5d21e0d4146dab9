#pragma once

#include "sources/discovery_search.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace apisync::tools {

/// What was found, and where, to be told.
struct discovery_report {
  std::string target; ///< As it was typed.
  std::string folder; ///< The real path of a folder that was searched; empty: a network.
  std::string effort; ///< `41 requests`
  std::vector<sources::discovered> documents; ///< The surest first.
  std::vector<std::string> advice;
  std::string stopped; ///< Why not everything was looked at; empty: it was.

  /// Whether any document could be read.
  [[nodiscard]] bool found() const;
};

/// An id for an API of that title that none of `taken` is.
std::string make_id(const std::string& title, const std::vector<std::string>& taken);

/// A configuration file (YAML) with a source for every document that could be read; all else about
/// the search stands in its comments.
std::string configuration_of(const discovery_report& report);

/// The same as data.
nlohmann::ordered_json to_json(const discovery_report& report);

} // namespace apisync::tools
