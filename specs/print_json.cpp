#include "specs/byte_scan.hpp"
#include "specs/print.hpp"

#include <array>
#include <vector>

namespace apisync::specs {

namespace {

/// 0: stands as it is; 'u': needs \u00XX; else the letter of its short escape.
constexpr auto escapes = [] {
  std::array<char, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c)
    table[c] = 'u';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  table['"'] = '"';
  table['\\'] = '\\';
  return table;
}();

class json_printer {
public:
  explicit json_printer(unsigned indent) : indent_{indent} {}

  std::string print(node root) {
    value(root);
    while (!open_.empty())
      step();
    return std::move(out_);
  }

private:
  struct frame {
    node container;
    std::size_t next = 0;
  };

  void new_line(std::size_t depth) {
    if (indent_ == 0) return;
    out_ += '\n';
    out_.append(depth * indent_, ' ');
  }

  void value(node v) {
    switch (v.kind()) {
    case kind::null:
      out_ += "null";
      return;
    case kind::boolean:
      out_ += v.boolean() ? "true" : "false";
      return;
    case kind::number:
      out_ += v.text();
      return;
    case kind::string:
      append_json_string(out_, v.text());
      return;
    case kind::array:
    case kind::object:
      break;
    }
    if (v.size() == 0) {
      out_ += v.is_array() ? "[]" : "{}";
      return;
    }
    out_ += v.is_array() ? '[' : '{';
    open_.push_back({v});
  }

  void step() {
    auto& top = open_.back();
    const bool is_object = top.container.is_object();
    if (top.next == top.container.size()) {
      open_.pop_back();
      new_line(open_.size());
      out_ += is_object ? '}' : ']';
      return;
    }
    if (top.next > 0) out_ += ',';
    new_line(open_.size());
    const auto child = top.container[top.next++];
    if (is_object) {
      append_json_string(out_, child.key());
      out_ += ':';
      if (indent_ > 0) out_ += ' ';
    }
    value(child);
  }

  std::string out_;
  std::vector<frame> open_;
  unsigned indent_;
};

} // namespace

void append_json_string(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += '"';
  const auto* at = text.data();
  const auto* const end = at + text.size();
  for (;;) {
    const auto* const special = find_json_special(at, end);
    out.append(at, special);
    if (special == end) break;
    const auto c = static_cast<unsigned char>(*special);
    const char escape = escapes[c];
    out += '\\';
    out += escape;
    if (escape == 'u') {
      out += "00";
      out += digits[c >> 4];
      out += digits[c & 15];
    }
    at = special + 1;
  }
  out += '"';
}

std::string to_json(node value, unsigned indent) {
  return json_printer{indent}.print(value);
}

} // namespace apisync::specs
