#pragma once

#include "specs/error.hpp"

#include <memory>
#include <string>

namespace apisync::tools {

/// A new folder, removed with everything in it at the end.
class scratch_folder {
public:
  /// `parent` empty: where temporary files go (TMPDIR). Fails with `io`.
  static result<std::unique_ptr<scratch_folder>> make(const std::string& prefix,
                                                      const std::string& parent = {});
  ~scratch_folder();
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

private:
  explicit scratch_folder(std::string path) : path_{std::move(path)} {}
  std::string path_;
};

} // namespace apisync::tools
