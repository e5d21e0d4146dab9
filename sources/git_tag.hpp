#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::sources {

/// Whether a reference is a pattern of tags: it has a `*` or `?`, which no reference's name has.
[[nodiscard]] bool is_tag_pattern(std::string_view ref);

/// Of the tags (without `refs/tags/`) that match a glob, the one with the highest version: what
/// stands before the first `*` or `?` of the pattern and after the last is no part of it
/// (`release-*` has `release-1.10.0` above `release-1.9.0`). Pre-releases (`-rc.1`) count only
/// where the pattern has a `-` behind its first `*` or `?`. Nothing where none matches.
[[nodiscard]] std::optional<std::string> newest_tag(const std::vector<std::string>& tags,
                                                    std::string_view pattern);

} // namespace apisync::sources
