#include "sources/watch_points.hpp"

#include <deque>
#include <filesystem>
#include <system_error>
#include <utility>

namespace apisync::sources {

namespace fs = std::filesystem;

std::vector<watch_point> watch_points(const std::string& path, const roots& allowed) {
  constexpr int links_max = 40; // as the kernel has it
  constexpr std::size_t points_max = 256;
  std::vector<watch_point> points;
  fs::path here = "/";
  const auto whole = fs::path(allowed.absolute(path)).relative_path();
  std::deque<fs::path> rest(whole.begin(), whole.end());
  int links = 0;
  while (!rest.empty() && points.size() < points_max) {
    const auto name = std::exchange(rest.front(), {});
    rest.pop_front();
    if (name.empty() || name == ".") continue;
    if (name == "..") {
      here = here.parent_path();
      continue;
    }
    if (allowed.contains(here.string())) points.push_back({here.string(), name.string()});
    std::error_code missing;
    const auto status = fs::symlink_status(here / name, missing);
    if (fs::is_symlink(status)) {
      if (++links > links_max) break;
      const auto target = fs::read_symlink(here / name, missing);
      if (missing) break;
      if (target.is_absolute()) here = "/";
      const auto steps = target.relative_path();
      rest.insert(rest.begin(), steps.begin(), steps.end());
    } else if (fs::is_directory(status)) {
      here /= name;
    } else {
      break;
    }
  }
  return points;
}

} // namespace apisync::sources
