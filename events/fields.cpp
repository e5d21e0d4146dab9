#include "events/fields.hpp"

namespace apisync::events {

namespace {

/// The length of the well-formed UTF-8 sequence at the start (RFC 3629), or 0.
std::size_t sequence_length(std::string_view text) {
  for (std::size_t length = 1; length <= 4 && length <= text.size(); ++length)
    if (simdjson::validate_utf8(text.data(), length)) return length;
  return 0;
}

std::string as_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto length = sequence_length(text);
    out += length == 0 ? "\xEF\xBF\xBD" : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

void write_valid(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      if (static_cast<unsigned char>(c) < 0x20) {
        out += "\\u00";
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
      } else {
        out += c;
      }
    }
  }
  out += '"';
}

} // namespace

void write_string(std::string& out, std::string_view text) {
  if (simdjson::validate_utf8(text.data(), text.size()))
    write_valid(out, text);
  else
    write_valid(out, as_utf8(text));
}

void write_raw(std::string& out, std::string_view json) {
  thread_local simdjson::dom::parser parser;
  simdjson::dom::element parsed;
  if (parser.parse(json.data(), json.size()).get(parsed) == simdjson::SUCCESS)
    out += json;
  else
    write_string(out, json);
}

void field_reader::report(std::string_view name, std::string_view what) {
  problem_ = error{errc::corrupt, "field '" + std::string{name} + "' " + std::string{what}, {}};
}

} // namespace apisync::events
