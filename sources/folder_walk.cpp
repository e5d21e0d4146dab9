#include "sources/folder_walk.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace apisync::sources {
namespace {

namespace fs = std::filesystem;

/// Folders of what others wrote.
constexpr std::array packages{"node_modules", "vendor", "site-packages", "__pycache__", "venv"};

class walk {
public:
  walk(const walk_limits& limits, const walk_visitor& visit) : limits_{limits}, visit_{visit} {}

  std::string run(const fs::path& folder) {
    look_into(folder, "", 0);
    return std::move(stopped_);
  }

private:
  void look_into(const fs::path& at, const std::string& below, std::size_t depth) {
    if (depth > limits_.depth) {
      stopped_ = "directories within each other beyond " + std::to_string(limits_.depth);
      return;
    }
    std::error_code failed;
    std::vector<fs::directory_entry> entries;
    for (fs::directory_iterator next{at, failed}; !failed && next != fs::directory_iterator{};
         next.increment(failed)) {
      if (++entries_ > limits_.entries) {
        stopped_ = "the first " + std::to_string(limits_.entries) + " names were looked at";
        break;
      }
      entries.push_back(*next);
    }
    if (failed) visit_.unread({errc::io, failed.message(), at.string()});
    std::ranges::sort(entries);
    for (const auto& entry : entries)
      if (!ended_) look_at(entry, below, depth);
  }

  void look_at(const fs::directory_entry& entry, const std::string& below, std::size_t depth) {
    const auto name = entry.path().filename().string();
    std::error_code ignored;
    if (entry.is_directory(ignored)) {
      const bool left_out = entry.is_symlink(ignored) || name.starts_with('.') ||
                            std::ranges::find(packages, name) != packages.end();
      if (!left_out) look_into(entry.path(), below + name + "/", depth + 1);
    } else if (entry.is_regular_file(ignored)) {
      ended_ = !visit_.file(entry, below + name);
    }
  }

  const walk_limits& limits_;
  const walk_visitor& visit_;
  std::string stopped_;
  std::size_t entries_ = 0;
  bool ended_ = false;
};

} // namespace

std::string walk_folder(const fs::path& folder, const walk_limits& limits,
                        const walk_visitor& visit) {
  return walk{limits, visit}.run(folder);
}

} // namespace apisync::sources
