#include "specs/identity.hpp"

#include "specs/print.hpp"

#include <algorithm>
#include <utility>

namespace apisync::specs {

namespace {

/// The position of `{name}` among the parameters of a template, from 1; 0 where it is not there.
std::size_t position_in(std::string_view path_template, std::string_view name) {
  std::size_t position = 0;
  for (auto open = path_template.find('{'); open != path_template.npos;
       open = path_template.find('{', open + 1)) {
    ++position;
    const auto close = path_template.find('}', open);
    if (close == path_template.npos) return 0;
    if (path_template.substr(open + 1, close - open - 1) == name) return position;
  }
  return 0;
}

std::string parameter_key(node parameter, const scope& in) {
  if (const auto reference = parameter.find("$ref"); reference.is_string())
    return "$ref:" + std::string{reference.text()};
  const auto where = parameter.find("in").text();
  const auto name = parameter.find("name").text();
  if (where.empty() && name.empty()) return {};
  if (where == "path")
    if (const auto position = position_in(in.path_template, name))
      return "path:" + std::to_string(position);
  auto key = std::string{where} + ":" + std::string{name};
  if (where == "header") // RFC 9110 section 5.1: field names are case-insensitive
    std::transform(key.begin(), key.end(), key.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return key;
}

std::string requirement_key(node requirement) {
  std::vector<std::string> schemes;
  for (const auto scheme : requirement)
    schemes.emplace_back(scheme.key());
  std::sort(schemes.begin(), schemes.end());
  std::string key;
  for (const auto& scheme : schemes)
    key += (key.empty() ? "" : "&") + scheme;
  return key.empty() ? "{}" : key;
}

/// The value that tells this branch from the others: a property of one allowed value.
std::string discriminating_value(node branch) {
  for (const auto property : branch.find("properties")) {
    if (const auto constant = property.find("const"))
      return std::string{property.key()} + "=" + canonical_text(constant);
    if (const auto allowed = property.find("enum"); allowed.is_array() && allowed.size() == 1)
      return std::string{property.key()} + "=" + canonical_text(allowed[0]);
  }
  return {};
}

std::string branch_key(node branch) {
  if (const auto reference = branch.find("$ref"); reference.is_string())
    return "$ref:" + std::string{reference.text()};
  if (const auto title = branch.find("title"); title.is_string())
    return "title:" + std::string{title.text()};
  if (auto value = discriminating_value(branch); !value.empty()) return "value:" + value;
  return {};
}

/// Stops soon after `bytes_max`.
void append_canonical(std::string& out, node of, std::size_t bytes_max, int depth) {
  switch (of.kind()) {
  case kind::null:
    out += "null";
    return;
  case kind::boolean:
    out += of.boolean() ? "true" : "false";
    return;
  case kind::number:
    out += of.text();
    return;
  case kind::string:
    append_json_string(out, of.text());
    return;
  case kind::array:
  case kind::object:
    break;
  }
  if (depth == depth_max) {
    out += "…";
    return;
  }
  if (out.size() + of.size() > bytes_max) {
    out.append(of.size(), ' ');
    return;
  }
  const bool object = of.is_object();
  std::vector<node> children(of.begin(), of.end());
  if (object)
    std::sort(children.begin(), children.end(), [](node a, node b) { return a.key() < b.key(); });
  out += object ? '{' : '[';
  for (bool first = true; const auto child : children) {
    if (!std::exchange(first, false)) out += ',';
    if (object) {
      append_json_string(out, child.key());
      out += ':';
    }
    append_canonical(out, child, bytes_max, depth + 1);
    if (out.size() > bytes_max) return;
  }
  out += object ? '}' : ']';
}

} // namespace

std::string without_parameter_names(std::string_view path_template) {
  std::string bare;
  bare.reserve(path_template.size());
  while (!path_template.empty()) {
    const auto open = path_template.find('{');
    const auto close = open == path_template.npos ? open : path_template.find('}', open);
    if (close == path_template.npos) break;
    bare += path_template.substr(0, open);
    bare += "{}";
    path_template.remove_prefix(close + 1);
  }
  return bare.append(path_template);
}

std::string element_key(place list, node element, const scope& in) {
  switch (list) {
  case place::parameter_list:
    return parameter_key(element, in);
  case place::schema_list:
    return branch_key(element);
  case place::security_list:
    return requirement_key(element);
  case place::tag_list:
    return std::string{element.find("name").text()};
  case place::server_list:
    return std::string{element.find("url").text()};
  default:
    return canonical_text(element);
  }
}

std::string canonical_text(node of, std::size_t bytes_max) {
  std::string out;
  if (of) append_canonical(out, of, bytes_max, 0);
  if (out.size() > bytes_max) out.clear();
  return out;
}

} // namespace apisync::specs
