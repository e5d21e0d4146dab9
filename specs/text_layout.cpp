#include "specs/text_layout.hpp"

namespace apisync::specs {

namespace {

class layout_finder {
public:
  layout_finder(std::string_view text, const source_map& map) : text_{text}, map_{map} {}

  std::optional<written_container> flow(const source_span& span, std::uint32_t index) {
    written_container made;
    made.flow = true;
    made.is_mapping = span.is_mapping;
    const auto open = opening(span, index);
    if (!open) return std::nullopt;
    made.begin = *open + 1;
    auto gap = made.begin;
    for (auto at = index + 1; at < span.next;) {
      auto child = next_child(at, span.is_mapping);
      const auto& value = map_.spans[child.value];
      child.gap = gap;
      child.begin =
          map_.spans[child.name == written_child::no_name ? child.value : child.name].begin;
      if (text_.substr(gap, child.begin - gap).find('?') != text_.npos) return std::nullopt;
      if (!find_colon(child)) return std::nullopt;
      gap = child.end = std::max(child.after, value.end);
      made.children.push_back(child);
    }
    made.end = gap;
    return made;
  }

  std::optional<written_container> block(const source_span& span, std::uint32_t index,
                                         std::uint32_t after) {
    written_container made;
    made.is_mapping = span.is_mapping;
    auto end = after;
    for (auto at = index + 1; at < span.next;) {
      auto child = next_child(at, span.is_mapping);
      child.gap = end;
      if (!(span.is_mapping ? block_member(child) : block_element(child, span)))
        return std::nullopt;
      const bool first = made.children.empty();
      if (first) made.column = column_of(text_, child.begin);
      if (!first && !begins_line(child.begin, made.column)) return std::nullopt;
      const auto line_end = rest_of_line(std::max(child.after, map_.spans[child.value].end));
      if (!line_end) return std::nullopt;
      end = child.end = *line_end;
      made.children.push_back(child);
    }
    take_deeper_comments(made);
    place_first(made, after);
    return made;
  }

private:
  /// The name and the value at a span; moves on to the next child.
  [[nodiscard]] written_child next_child(std::uint32_t& at, bool member) const {
    written_child child;
    if (member) {
      child.name = at;
      at = map_.spans[at].next;
    }
    child.value = at;
    at = map_.spans[at].next;
    return child;
  }

  /// The bracket; an anchor or a tag may stand before it.
  [[nodiscard]] std::optional<std::uint32_t> opening(const source_span& span,
                                                     std::uint32_t index) const {
    const auto limit = index + 1 < span.next ? map_.spans[index + 1].begin : span.end;
    const auto at = text_.substr(0, limit).rfind(span.is_mapping ? '{' : '[');
    if (at == text_.npos || at < span.begin) return std::nullopt;
    return static_cast<std::uint32_t>(at);
  }

  bool find_colon(written_child& child) const {
    if (child.name == written_child::no_name) {
      child.after = child.begin;
      return true;
    }
    const auto at = text_.find_first_not_of(" \t", map_.spans[child.name].end);
    if (at == text_.npos || text_[at] != ':') return false;
    child.after = static_cast<std::uint32_t>(at) + 1;
    return true;
  }

  /// `name: value`, or `? name` with `: value` in a line below.
  bool block_member(written_child& child) const {
    const auto& name = map_.spans[child.name];
    child.begin = name.begin;
    const auto before = text_.substr(child.gap, name.begin - child.gap).find_last_not_of(" \t");
    if (before == text_.npos || text_[child.gap + before] != '?') return find_colon(child);
    child.begin = child.gap + static_cast<std::uint32_t>(before);
    const auto colon = next_content(name.end);
    child.after = colon + 1;
    return colon < text_.size() && text_[colon] == ':';
  }

  bool block_element(written_child& child, const source_span& in) const {
    const auto at = next_content(std::max(child.gap, in.begin));
    if (at >= text_.size() || text_[at] != '-' || at > map_.spans[child.value].begin) return false;
    child.begin = at;
    child.after = at + 1;
    return true;
  }

  [[nodiscard]] bool begins_line(std::uint32_t at, std::uint32_t column) const {
    if (column_of(text_, at) != column) return false;
    return text_.substr(at - column, column).find_first_not_of(' ') == text_.npos;
  }

  /// Where the line ends, if nothing but a comment stands in it any more.
  [[nodiscard]] std::optional<std::uint32_t> rest_of_line(std::uint32_t at) const {
    const auto next = std::min(text_.find_first_not_of(" \t", at), text_.size());
    auto end = next;
    if (next < text_.size() && text_[next] == '#' && next > at)
      end = std::min(text_.find('\n', next), text_.size());
    if (end < text_.size() && text_[end] != '\n' && text_.substr(end, 2) != "\r\n")
      return std::nullopt;
    if (end > at && end < text_.size() && text_[end] == '\n' && text_[end - 1] == '\r') --end;
    return static_cast<std::uint32_t>(end);
  }

  /// The next byte that is neither space nor comment nor part of an anchor or a tag.
  [[nodiscard]] std::uint32_t next_content(std::uint32_t at) const {
    auto next = std::size_t{at};
    for (;;) {
      next = text_.find_first_not_of(" \t\r\n", next);
      if (next == text_.npos) return static_cast<std::uint32_t>(text_.size());
      const char c = text_[next];
      if (c == '#')
        next = std::min(text_.find('\n', next), text_.size());
      else if (c == '&' || c == '!')
        next = std::min(text_.find_first_of(" \t\r\n", next), text_.size());
      else
        return static_cast<std::uint32_t>(next);
    }
  }

  /// Comments below a child and deeper than it belong to what it has inside.
  void take_deeper_comments(written_container& made) const {
    for (std::size_t i = 0; i + 1 < made.children.size(); ++i) {
      auto& child = made.children[i];
      auto& next = made.children[i + 1];
      const auto limit = next.begin - made.column;
      for (auto line = text_.find('\n', child.end); line + 1 < limit;) {
        const auto word = text_.find_first_not_of(" \t", line + 1);
        auto line_end = std::min<std::size_t>(text_.find('\n', line + 1), text_.size());
        line = line_end;
        if (text_[word] == '\r' || text_[word] == '\n') continue;
        if (column_of(text_, static_cast<std::uint32_t>(word)) <= made.column) break;
        if (text_[line_end - 1] == '\r') --line_end;
        child.end = next.gap = static_cast<std::uint32_t>(line_end);
      }
    }
  }

  /// The first gap begins where the line of the parent's name ends.
  void place_first(written_container& made, std::uint32_t after) const {
    auto& first = made.children.front();
    const auto before = text_.substr(after, first.begin - after);
    auto line = after == 0 ? before.npos : before.find('\n');
    if (line != before.npos && line > 0 && before[line - 1] == '\r') --line;
    made.on_the_line = line == before.npos;
    first.gap = made.on_the_line ? first.begin : after + static_cast<std::uint32_t>(line);
    made.begin = first.gap;
    made.end = made.children.back().end;
  }

  std::string_view text_;
  const source_map& map_;
};

} // namespace

std::optional<written_container> lay_out(std::string_view text, const source_map& map,
                                         std::uint32_t span, std::uint32_t after) {
  const auto& container = map.spans[span];
  if (!container.is_container() || container.next == span + 1) return std::nullopt;
  layout_finder find{text, map};
  return container.style == spelling::flow ? find.flow(container, span)
                                           : find.block(container, span, after);
}

std::size_t attached_comments(std::string_view gap) {
  const auto last = gap.rfind('\n');
  if (last == gap.npos) return 0;
  const auto first = gap.find('\n');
  auto start = last; // of what is attached, as the line break before it
  while (start > first) {
    const auto before = gap.rfind('\n', start - 1);
    if (gap.find_first_not_of(" \t\r", before + 1) >= start) break; // a blank line
    start = before;
  }
  return start > 0 && gap[start - 1] == '\r' ? start - 1 : start;
}

std::uint32_t column_of(std::string_view text, std::uint32_t at) {
  const auto line = text.substr(0, at).rfind('\n');
  return line == text.npos ? at : at - static_cast<std::uint32_t>(line) - 1;
}

} // namespace apisync::specs
