#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace apisync::specs {

/// Two sequences, element by element as hashes, aligned: pairs of equal elements in ascending
/// order, as many as possible (Myers' O(ND) algorithm). Sequences that differ in more than
/// `edits_max` elements are aligned by their common start and end only.
struct aligned {
  std::size_t left = 0;
  std::size_t right = 0;

  bool operator==(const aligned&) const = default;
};

constexpr std::size_t edits_max = 1000;

[[nodiscard]] std::vector<aligned> align(std::span<const std::uint64_t> left,
                                         std::span<const std::uint64_t> right);

/// A stretch of three sequences between places that all three have in common.
struct stretch {
  struct range {
    std::size_t from = 0;
    std::size_t to = 0;
    [[nodiscard]] std::size_t size() const { return to - from; }
  };
  range base, current, incoming;
  bool common = false; ///< All three are equal here; otherwise at least one side differs.
};

/// Cuts three sequences into common and differing stretches, in order, covering all of each.
[[nodiscard]] std::vector<stretch> align_three(std::span<const std::uint64_t> base,
                                               std::span<const std::uint64_t> current,
                                               std::span<const std::uint64_t> incoming);

} // namespace apisync::specs
