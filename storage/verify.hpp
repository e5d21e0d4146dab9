#pragma once

#include "storage/stored_log.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace apisync::storage {

/// What was found in a data directory. Whole when there are no problems.
struct verification {
  std::uint64_t records = 0;
  std::uint64_t blocks = 0;
  std::uint64_t bytes = 0; ///< Of the blocks, before RocksDB's compression.
  std::uint64_t documents = 0;
  std::uint64_t document_bytes = 0; ///< As stored.
  digest chain;                     ///< Of the last record that was reached.
  std::vector<error> problems;
};

/// Called now and then with the records seen and the head, for a progress bar.
using progress = std::function<void(std::uint64_t done, std::uint64_t all)>;

/// Reads everything and trusts nothing: contiguity, chain from the first record, records that read
/// back, the stored index against the blocks, every document against its hash, RocksDB's file
/// checksums. Beside a live writer too.
verification verify(const stored_log& log, const progress& tell = {});

/// The same for a directory: what keeps it from being opened is a problem of the report.
verification verify(const std::string& path, const progress& tell = {});

/// Records and the bytes of their text.
struct share {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
};

/// Where the log's bytes go.
struct log_stats {
  std::uint64_t blocks = 0;
  share all;
  std::map<std::string, share, std::less<>> by_type;
  std::map<std::string, share, std::less<>> by_stream;
};

/// Counts records and bytes after a sequence.
result<log_stats> measure(const stored_log& log, events::sequence after = 0);

} // namespace apisync::storage
