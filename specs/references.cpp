#include "specs/references.hpp"

#include "specs/openapi_roles.hpp"
#include "specs/reference_address.hpp"

namespace apisync::specs {

namespace {

constexpr std::size_t max_chain = 64;

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
