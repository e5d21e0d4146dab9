#pragma once

#include "events/views.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::events {

/// A host that sources are found on, or of which something is to be said.
struct host_row {
  std::string name;
  std::size_t sources = 0;
  host_state state;
};

/// All hosts in the order of names. O(sources).
std::vector<host_row> hosts(const views& in);
/// One of them; nothing where no source is found there and nothing is to be said.
std::optional<host_row> find_host(const views& in, std::string_view name);

/// `paused`, `broken` (its circuit is open) or `ready`.
std::string_view state_of(const host_row& host);

/// `{"id", "state", "sources", "paused", "outage"}`
std::string host_json(const host_row& of);

} // namespace apisync::events
