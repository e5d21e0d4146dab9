#pragma once

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>

namespace apisync::tests {

/// The folder of real documents: $APISYNC_CORPUS, else `../shared/corpus` beside the source tree.
/// Nothing, with a printed word, where there is none: the test then has nothing to try.
inline std::optional<std::filesystem::path> corpus() {
  namespace fs = std::filesystem;
  const char* told = std::getenv("APISYNC_CORPUS");
  const auto folder = told != nullptr && *told != '\0'
                          ? fs::path{told}
                          : fs::path{__FILE__}.parent_path() / "../../../shared/corpus";
  if (fs::is_directory(folder)) return folder;
  std::cout << "skipped: no corpus at " << folder << " (set APISYNC_CORPUS)\n";
  return std::nullopt;
}

} // namespace apisync::tests
