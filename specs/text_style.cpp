#include "specs/text_style.hpp"

#include "specs/print.hpp"
#include "specs/text_layout.hpp"

#include <algorithm>
#include <array>

namespace apisync::specs {

namespace {

constexpr std::size_t looked_at_max = 20'000; ///< Spans: a sample is enough of a large text.

/// Counts votes for small numbers.
class poll {
public:
  void vote(std::size_t number) {
    if (number < votes_.size()) ++votes_[number];
  }
  [[nodiscard]] std::size_t winner(std::size_t otherwise) const {
    const auto most = std::max_element(votes_.begin(), votes_.end());
    return *most == 0 ? otherwise : static_cast<std::size_t>(most - votes_.begin());
  }

private:
  std::array<std::size_t, 17> votes_{};
};

/// The columns and quotes that most of a YAML text has.
void look_at_yaml(std::string_view text, const source_map& map, text_style& style) {
  poll step;
  poll sequence_step;
  std::size_t single_quotes = 0;
  std::size_t double_quotes = 0;
  std::vector<std::uint32_t> parents{0};
  const auto limit = std::min(map.spans.size(), looked_at_max);
  for (std::uint32_t at = 0; at < limit; ++at) {
    const auto& span = map.spans[at];
    single_quotes += span.style == spelling::single_quoted ? 1 : 0;
    double_quotes += span.style == spelling::double_quoted ? 1 : 0;
    while (parents.size() > 1 && map.spans[parents.back()].next <= at)
      parents.pop_back();
    if (span.style != spelling::block) continue;
    const auto& parent = map.spans[parents.back()];
    if (at != parents.back() && parent.style == spelling::block && parent.is_mapping &&
        text[span.begin] != '&' && text[span.begin] != '!') {
      const auto inner = column_of(text, span.begin);
      const auto outer = column_of(text, parent.begin);
      if (inner >= outer) (span.is_mapping ? step : sequence_step).vote(inner - outer);
    }
    if (at != parents.back()) parents.push_back(at);
  }
  style.step = step.winner(2);
  style.sequence_step = sequence_step.winner(style.step);
  style.quote = double_quotes > single_quotes ? '"' : '\'';
}

/// The white space before the first member, and around its colon.
void look_at_json(std::string_view text, const source_map& map, text_style& style) {
  const auto root = lay_out(text, map, 0, 0);
  style.lines = false;
  if (!root) return;
  const auto& first = root->children.front();
  const auto lead = text.substr(first.gap, first.begin - first.gap);
  if (const auto line = lead.rfind('\n'); line != lead.npos) {
    style.lines = true;
    style.indent = lead.substr(line + 1);
  }
  if (first.name != written_child::no_name)
    style.colon = text.substr(map.spans[first.name].end,
                              map.spans[first.value].begin - map.spans[first.name].end);
  style.comma = style.lines || style.colon.find(' ') != std::string::npos ? ", " : ",";
}

class json_writer {
public:
  json_writer(std::string& out, std::string_view margin, const text_style& style)
      : out_{out}, margin_{margin}, style_{style} {}

  void value(node v) {
    if (v.size() == 0) {
      out_ += to_json(v);
      return;
    }
    out_ += v.is_object() ? '{' : '[';
    margin_ += style_.indent;
    for (bool first = true; const auto child : v) {
      if (!first) out_ += style_.lines ? "," : style_.comma;
      first = false;
      new_line();
      if (v.is_object()) {
        append_json_string(out_, child.key());
        out_ += style_.colon;
      }
      value(child);
    }
    margin_.resize(margin_.size() - style_.indent.size());
    new_line();
    out_ += v.is_object() ? '}' : ']';
  }

private:
  void new_line() {
    if (style_.lines) out_.append(style_.line_end).append(margin_);
  }

  std::string& out_;
  std::string margin_;
  const text_style& style_;
};

} // namespace

text_style style_of(std::string_view text, const source_map& map, syntax format) {
  text_style style;
  style.format = format;
  const auto line = text.find('\n');
  if (line != text.npos && line > 0 && text[line - 1] == '\r') style.line_end = "\r\n";
  if (format == syntax::yaml)
    look_at_yaml(text, map, style);
  else
    look_at_json(text, map, style);
  return style;
}

void append_json(std::string& out, node value, std::string_view margin, const text_style& style) {
  json_writer{out, margin, style}.value(value);
}

} // namespace apisync::specs
