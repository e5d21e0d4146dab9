#pragma once

#include "sources/file_state.hpp"
#include "specs/file_glob.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace apisync::sources {

/// A file that did not prove a document.
struct refused_file {
  file_state state; ///< That it was refused in.
  std::string why;  ///< Empty: it does not look like one, and need not be told.
};

struct find_limits {
  std::size_t entries = 200'000;            ///< Names looked at.
  std::size_t depth = 32;                   ///< Directories within each other.
  std::size_t documents = 10'000;           ///< Found.
  std::uint64_t document_bytes = 64U << 20; ///< Of one file.
  std::uint64_t bytes = 1ULL << 30;         ///< Of what one search reads.
};

/// A search for documents.
struct find_order {
  file_glob files;
  /// Paths as `file_glob::path_of` makes them: documents already, not read again.
  std::shared_ptr<const std::set<std::string, std::less<>>> known;
  /// What the search before has refused, by path: not read again in the same state.
  std::shared_ptr<const std::map<std::string, refused_file>> refused;
  find_limits limits;
};

/// What there is.
struct find_outcome {
  std::vector<std::string> documents; ///< Paths, by their names; those that are known, too.
  std::map<std::string, refused_file> refused;
  std::string problem; ///< Why nothing was searched, or not everything; empty: it was.
};

/// Looks for documents in directories. `find` returns at once and calls `done` exactly once, from
/// any thread, also when it is cancelled. `done` must not throw, block for long, or destroy the
/// finder.
class finder {
public:
  virtual ~finder() = default;
  using callback = std::function<void(find_outcome)>;
  virtual void find(find_order order, callback done) = 0;
};

} // namespace apisync::sources
