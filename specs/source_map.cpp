#include "specs/source_map.hpp"

#include <algorithm>

namespace apisync::specs {

namespace {

constexpr std::size_t bytes_max = 1ULL << 31U;

template <class Marks>
bool any_between(const Marks& marks, std::uint32_t from, std::uint32_t to) {
  const auto first = std::partition_point(marks.begin(), marks.end(),
                                          [&](const auto& mark) { return mark.span < from; });
  return first != marks.end() && first->span < to;
}

} // namespace

std::optional<std::uint32_t> source_map::offset(position where) const {
  if (where.line == 0 || where.column == 0 || where.line > lines.size()) return std::nullopt;
  return lines[where.line - 1] + where.column - 1;
}

std::uint32_t source_map::target_of(std::uint32_t alias_span) const {
  return std::partition_point(aliases.begin(), aliases.end(),
                              [&](const auto& one) { return one.span < alias_span; })
      ->target;
}

std::string_view source_map::name_of(std::uint32_t anchor_span) const {
  return std::partition_point(anchors.begin(), anchors.end(),
                              [&](const auto& one) { return one.span < anchor_span; })
      ->name;
}

bool source_map::has_anchor(std::uint32_t from, std::uint32_t to) const {
  return any_between(anchors, from, to);
}

bool source_map::has_alias(std::uint32_t from, std::uint32_t to) const {
  return any_between(aliases, from, to);
}

std::optional<source_map> map_source(std::string_view text, syntax format) {
  if (text.size() >= bytes_max) return std::nullopt;
  auto map = format == syntax::json ? map_json(text) : map_yaml(text);
  if (!map || map->spans.empty()) return std::nullopt;
  map->lines.push_back(0);
  for (auto at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1))
    map->lines.push_back(static_cast<std::uint32_t>(at + 1));
  return map;
}

} // namespace apisync::specs
