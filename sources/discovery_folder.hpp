#pragma once

#include "sources/discovery_search.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace apisync::sources {

/// How far a folder is searched.
struct folder_limits {
  std::size_t entries = 50'000;             ///< Names looked at.
  std::size_t depth = 16;                   ///< Folders within each other.
  std::uint64_t bytes = 512U << 20;         ///< Of all files that were read.
  std::uint64_t document_bytes = 32U << 20; ///< Of one.
};

/// What a folder holds.
struct folder_result {
  std::vector<discovered> documents; ///< The surest first; `where` is relative to the folder.
  std::set<std::string> frameworks;  ///< That its code uses.
  std::size_t files = 0;             ///< That were read.
  std::vector<error> unread;         ///< What could not be; a few.
  std::string stopped;               ///< Which limit ended it; empty: none.
};

/// Searches a code base for documents by their content, and for frameworks that serve one by its
/// manifests. Hidden folders, those of installed packages, and symbolic links are left out. Fails
/// with `not_found` or `invalid_argument` for anything but a folder.
result<folder_result> search_folder(const std::string& folder, const folder_limits& limits = {});

/// The framework that a manifest shows a code base to use; empty where it shows none.
[[nodiscard]] std::string_view framework_of_manifest(std::string_view name, std::string_view text);

} // namespace apisync::sources
