#include "specs/merge_proof_names.hpp"

#include "specs/canonical.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

namespace apisync::specs {

namespace {

std::string lower(std::string_view text) {
  std::string made{text};
  for (auto& c : made)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return made;
}

/// Which of the template's parameters it is, from 1; 0 for none.
int rank_in(std::string_view path_template, std::string_view name) {
  int rank = 0;
  bool inside = false;
  std::string_view::size_type start = 0;
  for (std::string_view::size_type i = 0; i < path_template.size(); ++i) {
    if (path_template[i] == '{' && !inside) {
      inside = true;
      start = i + 1;
      ++rank;
    } else if (path_template[i] == '}' && inside) {
      inside = false;
      if (path_template.substr(start, i - start) == name) return rank;
    }
  }
  return 0;
}

std::string parameter_name(node parameter, std::string_view path_template) {
  const auto reference = parameter.find("$ref");
  if (reference.is_string()) return "ref " + std::string{reference.text()};
  const auto kind = parameter.find("in").text();
  const auto name = parameter.find("name").text();
  if (kind.empty() && name.empty()) return {};
  const auto rank = kind == "path" ? rank_in(path_template, name) : 0;
  if (rank > 0) return "path " + std::to_string(rank);
  return std::string{kind} + ' ' + (kind == "header" ? lower(name) : std::string{name});
}

std::string requirement_name(node requirement) {
  std::vector<std::string_view> schemes;
  for (const auto scheme : requirement)
    schemes.push_back(scheme.key());
  std::sort(schemes.begin(), schemes.end());
  std::string made = "needs";
  for (const auto scheme : schemes)
    made.append(" ").append(scheme);
  return made;
}

std::string container_content(role at, node value) {
  std::vector<std::string> parts;
  for (const auto child : value) {
    auto part = proof_content(role_of_child(at, value, child), child);
    parts.push_back(value.is_object() ? std::string{child.key()} + '\x01' + part : part);
  }
  if (value.is_object() || is_set(at)) std::sort(parts.begin(), parts.end());
  std::string made{value.is_object() ? '{' : '['};
  for (const auto& part : parts)
    made.append(part).append("\x02");
  return made += '\x03';
}

} // namespace

std::string proof_name(role list, node element, std::string_view path_template) {
  switch (list) {
  case role::parameter_set:
    return parameter_name(element, path_template);
  case role::tag_set:
    return std::string{element.find("name").text()};
  case role::server_set:
    return std::string{element.find("url").text()};
  case role::security_set:
    return requirement_name(element);
  default:
    return {};
  }
}

std::string proof_path(std::string_view path_template) {
  std::string made;
  bool inside = false;
  for (const char c : path_template) {
    if (!inside) made += c;
    inside = inside ? c != '}' : c == '{';
    if (!inside && made.ends_with('{')) made += '}';
  }
  return made;
}

std::string proof_content(role at, node value) {
  switch (value.kind()) {
  case kind::null:
    return "null";
  case kind::boolean:
    return value.boolean() ? "true" : "false";
  case kind::number:
    return "n" + canonical_number(value.text());
  case kind::string:
    return "s" + std::string{value.text()};
  case kind::array:
  case kind::object:
    break;
  }
  return container_content(at, value);
}

} // namespace apisync::specs
