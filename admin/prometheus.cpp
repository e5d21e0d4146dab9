#include "admin/prometheus.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace apisync::admin {
namespace {

/// Help texts escape backslash and line feed, label values the quote as well.
void append_escaped(std::string& out, std::string_view text, bool quotes) {
  for (char const c : text) {
    if (c == '\\')
      out += "\\\\";
    else if (c == '\n')
      out += "\\n";
    else if (c == '"' && quotes)
      out += "\\\"";
    else
      out += c;
  }
}

void append_number(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
  } else {
    std::array<char, 32> digits{};
    auto const [end, status] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    out.append(digits.data(), status == std::errc{} ? end : digits.data());
  }
}

} // namespace

void prometheus_writer::metric(std::string_view name, std::string_view type,
                               std::string_view help) {
  name_ = name;
  text_ += "# HELP " + name_ + ' ';
  append_escaped(text_, help, false);
  text_ += "\n# TYPE " + name_ + ' ';
  text_ += type;
  text_ += '\n';
}

void prometheus_writer::sample(double value, std::span<const label> labels,
                               std::string_view suffix) {
  text_ += name_;
  text_ += suffix;
  char separator = '{';
  for (auto const& [name, content] : labels) {
    text_ += separator;
    text_ += name;
    text_ += "=\"";
    append_escaped(text_, content, true);
    text_ += '"';
    separator = ',';
  }
  text_ += labels.empty() ? " " : "} ";
  append_number(text_, value);
  text_ += '\n';
}

} // namespace apisync::admin
