#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace apisync::specs {

/// How the lines that enclose a conflict look.
struct marker_style {
  std::size_t size = 7; ///< Of `<<<<<<<`.
  std::string base = "base";
  std::string current = "current";
  std::string incoming = "incoming";
};

/// The current text with every stretch of lines that differs in the incoming one enclosed in git's
/// conflict markers, the base's lines between them (the style that git calls diff3). Decides
/// nothing: for texts that differ at conflicts only. Whole lines; an unended last one is ended.
[[nodiscard]] std::string mark_differences(std::string_view base, std::string_view current,
                                           std::string_view incoming, const marker_style& style);

} // namespace apisync::specs
