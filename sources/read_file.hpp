#pragma once

#include "sources/roots.hpp"
#include "specs/error.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace apisync::sources {

/// Reads an opened file to its end, one byte beyond `bytes_max` at most: more than that shows that
/// it is longer. Fails with `io`.
result<std::string> read_file(const opened_file& file, std::uint64_t bytes_max);

/// Reads the files that a configuration names, by paths that start at its folder; none outside of
/// it. Fails with `forbidden`, `not_found`, `limit_exceeded` over 1 MiB, `io`.
std::function<result<std::string>(const std::string& path)> files_below(const std::string& folder);

} // namespace apisync::sources
