#pragma once

#include "sources/fetch.hpp"
#include "tools/invocation.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace apisync::tools {

/// One source to be tried.
struct check_entry {
  std::string id; ///< Of a source, or the address.
  sources::location from;
  sources::fetch_limits limits;
};

/// What came of it.
struct check_outcome {
  std::string id;
  std::string reason;  ///< `gone`, `auth`, `transient`, `permanent`, `no-document`; empty: good.
  std::string problem; ///< A sentence; empty: good.
  std::string title, openapi;
};

/// The addresses of a list: a URL a line, blank lines and `#` comments aside. Nothing where any
/// other line stands in it.
std::vector<std::string> read_addresses(const std::string& text);

/// What a fetch found, judged.
check_outcome judge_check(const check_entry& entry, const sources::fetch_outcome& came);

/// `300 tried, 41 refused: 30 gone, 11 auth`
std::string summary_of(const std::vector<check_outcome>& outcomes);

/// `apisync discover --check FILE`: fetches every source once, as the service would, and says what
/// is wrong with each.
exit_status check_sources(const invocation& call, const std::string& file, bool as_json,
                          std::chrono::seconds time_max);

} // namespace apisync::tools
