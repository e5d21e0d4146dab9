#include "sources/git_tag.hpp"

#include "specs/select.hpp"
#include "specs/version_order.hpp"

#include <algorithm>

namespace apisync::sources {

bool is_tag_pattern(std::string_view ref) {
  return ref.find_first_of("*?") != std::string_view::npos;
}

std::optional<std::string> newest_tag(const std::vector<std::string>& tags,
                                      std::string_view pattern) {
  const auto first = std::min(pattern.find_first_of("*?"), pattern.size());
  const auto last = pattern.find_last_of("*?");
  const auto after = last == std::string_view::npos ? 0 : pattern.size() - last - 1;
  const bool early_too = pattern.find('-', first) != std::string_view::npos;
  const auto version_of = [&](std::string_view tag) {
    return tag.substr(first, tag.size() - std::min(tag.size(), first + after));
  };
  const std::string* newest = nullptr;
  for (const auto& tag : tags) {
    if (!specs::matches_glob(tag, pattern)) continue;
    const auto version = version_of(tag);
    if (!early_too && version.substr(0, version.find('+')).find('-') != std::string_view::npos)
      continue;
    if (newest == nullptr || specs::compare_versions(version_of(*newest), version) < 0)
      newest = &tag;
  }
  return newest == nullptr ? std::nullopt : std::optional{*newest};
}

} // namespace apisync::sources
