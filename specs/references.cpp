#include "specs/references.hpp"

#include "specs/openapi_roles.hpp"

namespace apisync::specs {

namespace {

constexpr std::size_t max_chain = 64;

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// RFC 3986 section 2.1; a `%` that begins no escape stays.
std::string percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low < 0) {
      decoded += text[i];
      continue;
    }
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

} // namespace

node resolve_reference(const document& doc, std::string_view reference) {
  if (!reference.starts_with('#')) return {};
  reference.remove_prefix(1);
  if (reference.find('%') == std::string_view::npos) return doc.at(reference);
  return doc.at(percent_decode(reference));
}

node follow(const document& doc, node start) {
  for (std::size_t hops = 0; hops < max_chain; ++hops) {
    const auto target = start.find("$ref");
    if (!target.is_string()) return start;
    start = resolve_reference(doc, target.text());
  }
  return {};
}

std::vector<reference> references(const document& doc) {
  std::vector<reference> found;
  for_each_place(doc, [&](const std::string& pointer, node value, role place) {
    if (!can_refer(place)) return;
    if (const auto target = value.find("$ref"); target.is_string())
      found.push_back({pointer, target.text(), value});
  });
  return found;
}

std::vector<reference> dangling_references(const document& doc) {
  auto found = references(doc);
  std::erase_if(found, [&](const reference& r) {
    const bool inside = r.target == "#" || r.target.starts_with("#/");
    return !inside || resolve_reference(doc, r.target);
  });
  return found;
}

} // namespace apisync::specs
