#pragma once

#include "sources/fetch.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace apisync::sources {

/// What the fetcher of a service may do, and how much at once.
struct fetcher_config {
  std::vector<std::string> roots;           ///< Directories that may be read; none: no files.
  std::string base = ".";                   ///< Where relative paths start: the configuration's.
  std::vector<std::string> allow_addresses; ///< For every source, see address_policy.hpp.
  std::string cache_directory;              ///< For git mirrors; empty: no remote repositories.
  std::string user_agent = "apisync";
  std::string ca_file; ///< PEM file of authorities; empty: the system's.
  std::size_t file_threads = 2;
  std::size_t http_in_flight_max = 64;          ///< Transfers at once.
  std::size_t waiting_max = 10'000;             ///< Of each kind; more are refused as `overloaded`.
  std::uint64_t http_buffered_max = 256U << 20; ///< Bytes of answers held at once.
  std::chrono::milliseconds git_timeout{300'000}; ///< For a whole clone.
  std::function<wall_time()> now;                 ///< Empty: the system's clock.
};

/// A fetcher for every kind of source. Errors: those of `roots::open` and `address_policy::parse`.
result<std::unique_ptr<fetcher>> make_fetcher(fetcher_config config);

} // namespace apisync::sources
