#include "tools/scratch_folder.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdlib.h> // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX

namespace apisync::tools {

result<std::unique_ptr<scratch_folder>> scratch_folder::make(const std::string& prefix,
                                                             const std::string& parent) {
  std::error_code problem;
  auto const folder = parent.empty() ? std::filesystem::temp_directory_path(problem)
                                     : std::filesystem::path{parent};
  auto path = (folder / (prefix + "XXXXXX")).string();
  if (problem || ::mkdtemp(path.data()) == nullptr)
    return fail(errc::io,
                std::string{"a temporary folder cannot be made: "} +
                    (problem ? problem.message() : std::strerror(errno)),
                folder.string());
  return std::unique_ptr<scratch_folder>{new scratch_folder{std::move(path)}};
}

scratch_folder::~scratch_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

} // namespace apisync::tools
