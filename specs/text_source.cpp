#include "specs/text_source.hpp"

#include <algorithm>

namespace apisync::specs {

written_value written_children::value_of(node container, std::size_t child_index) const {
  const auto at = written[child_index];
  if (at == elsewhere) return {};
  return {container[child_index], layout.children[at].value, layout.children[at].after};
}

std::optional<written_children> find_children(const text_source& source,
                                              const written_value& container) {
  const auto& span = source.map.spans[container.span];
  if (!container.value || !span.is_container() || span.is_mapping != container.value.is_object())
    return std::nullopt;
  auto layout = lay_out(source.text, source.map, container.span, container.after);
  if (!layout) return std::nullopt;
  written_children made;
  made.layout = std::move(*layout);
  const auto& children = made.layout.children;
  made.child.assign(children.size(), written_children::elsewhere);
  const auto begin_of = [&](const written_child& child) {
    return source.map.spans[span.is_mapping ? child.name : child.value].begin;
  };
  for (std::size_t i = 0; i < container.value.size(); ++i) {
    const auto where = source.map.offset(container.value[i].where());
    const auto found =
        std::partition_point(children.begin(), children.end(), [&](const written_child& child) {
          return where && begin_of(child) < *where;
        });
    const bool here = where && found != children.end() && begin_of(*found) == *where;
    made.written.push_back(here ? static_cast<std::size_t>(found - children.begin())
                                : written_children::elsewhere);
    if (here)
      made.child[made.written.back()] = i;
    else
      made.all_written = false;
  }
  return made;
}

std::optional<std::string> shifted(std::string_view text, std::string_view from,
                                   std::string_view to, std::string_view line_end) {
  std::string moved;
  for (bool first = true;; first = false) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (first) {
      moved += line;
    } else {
      moved += line_end;
      if (line.starts_with(from))
        moved.append(to).append(line.substr(from.size()));
      else if (line.find_first_not_of(" \t") != line.npos)
        return std::nullopt;
    }
    if (end == text.npos) return moved;
    text.remove_prefix(end + 1);
  }
}

} // namespace apisync::specs
