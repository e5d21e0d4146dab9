#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace apisync::specs {

/// Merges prose line by line; nothing where both sides changed the same or adjacent lines, or one
/// moved a line that the other deleted or moved. Texts of a single line are atomic.
[[nodiscard]] std::optional<std::string>
merge_lines(std::string_view base, std::string_view current, std::string_view incoming);

} // namespace apisync::specs
