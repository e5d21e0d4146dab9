#include "specs/print.hpp"
#include "specs/text_scalar.hpp"
#include "specs/text_style.hpp"
#include "specs/yaml_text.hpp"

namespace apisync::specs {

namespace {

constexpr std::size_t dash_width = 2;

/// YAML allows 1,024 characters for a key that is told by its colon alone (1.2.2, section 7.4.2).
constexpr std::size_t max_implicit_key = 1000;

} // namespace

void append_block_name(std::string& out, std::string_view name, std::size_t column,
                       const text_style& style) {
  const auto before = out.size();
  append_yaml_scalar(out, name, scalar_quotes::only_needed, style.quote, false);
  if (out.size() - before > max_implicit_key) {
    out.insert(before, "? ");
    out.append(style.line_end).append(column, ' ');
  }
  out += ':';
}

void append_block_value(std::string& out, node value, std::size_t column, bool behind_name,
                        const text_style& style) {
  if (value.size() > 0 && behind_name) {
    const auto inside = column + (value.is_array() ? style.sequence_step : style.step);
    out.append(style.line_end).append(inside, ' ');
    append_block(out, value, inside, style);
    return;
  }
  out += ' ';
  if (value.size() > 0)
    append_block(out, value, column + dash_width, style);
  else if (value.is_string() && fits_literal_block(value.text()))
    append_literal_block(out, value.text(), column + (behind_name ? style.step : dash_width),
                         style.line_end);
  else
    append_word(out, value, spelling::plain, style, false);
}

void append_block(std::string& out, node container, std::size_t column, const text_style& style) {
  for (bool first = true; const auto child : container) {
    if (!first) out.append(style.line_end).append(column, ' ');
    first = false;
    if (container.is_object())
      append_block_name(out, child.key(), column, style);
    else
      out += '-';
    append_block_value(out, child, column, container.is_object(), style);
  }
}

void append_flow(std::string& out, node value, const text_style& style) {
  if (value.size() == 0) return append_word(out, value, spelling::plain, style, true);
  out += value.is_object() ? '{' : '[';
  for (bool first = true; const auto child : value) {
    if (!first) out += ", ";
    first = false;
    if (value.is_object()) {
      append_yaml_scalar(out, child.key(), scalar_quotes::only_needed, style.quote, true);
      out += ": ";
    }
    append_flow(out, child, style);
  }
  out += value.is_object() ? '}' : ']';
}

std::string to_yaml(node value) {
  std::string out;
  const text_style usual;
  if (value.size() > 0)
    append_block(out, value, 0, usual);
  else
    append_word(out, value, spelling::plain, usual, false);
  out += '\n';
  return out;
}

} // namespace apisync::specs
