#include "specs/openapi.hpp"
#include "specs/pointer.hpp"
#include "specs/references.hpp"
#include "specs/validate_findings.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace apisync::specs {

namespace {

/// A path template (`/pets/{id}`): the names in it, and its shape with the names left out.
struct path_template {
  std::vector<std::string> names;
  std::string shape;
  bool well_formed = true;
};

path_template read_template(std::string_view path) {
  path_template made;
  for (;;) {
    const auto open = path.find('{');
    const auto literal = path.substr(0, open);
    made.shape += literal;
    if (literal.find('}') != std::string_view::npos) made.well_formed = false;
    if (open == std::string_view::npos) return made;
    const auto close = path.find('}', open);
    const auto name =
        path.substr(open + 1, close == std::string_view::npos ? close : close - open - 1);
    if (close == std::string_view::npos || name.empty() ||
        name.find('{') != std::string_view::npos) {
      made.well_formed = false;
      return made;
    }
    made.names.emplace_back(name);
    made.shape += "{}";
    path.remove_prefix(close + 1);
  }
}

/// The parameters that hold for an operation, by place and name: its own before its path's.
using parameter_table = std::map<std::pair<std::string_view, std::string_view>, node>;

void add_parameters(const document& doc, node list, parameter_table& table) {
  for (const auto entry : list) {
    const auto parameter = follow(doc, entry);
    const auto in = parameter.find("in");
    const auto name = parameter.find("name");
    if (in.is_string() && name.is_string()) table.try_emplace({in.text(), name.text()}, parameter);
  }
}

void check_repeated(const document& doc, const std::string& pointer, node list,
                    finding_list& found) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto parameter = follow(doc, list[i]);
    const auto in = parameter.find("in");
    const auto name = parameter.find("name");
    if (!in.is_string() || !name.is_string()) continue;
    if (!seen.emplace(in.text(), name.text()).second)
      found.error("parameter-repeated", pointer + "/parameters/" + std::to_string(i), list[i],
                  "the " + std::string{in.text()} + " parameter '" + std::string{name.text()} +
                      "' is already in this list");
  }
}

void check_operation(const document& doc, const std::string& pointer, node item, node operation,
                     const path_template& path, finding_list& found) {
  check_repeated(doc, pointer, operation.find("parameters"), found);
  parameter_table table;
  add_parameters(doc, operation.find("parameters"), table);
  add_parameters(doc, item.find("parameters"), table);
  for (const auto& name : path.names)
    if (!table.contains({"path", name}))
      found.error("path-parameter-undeclared", pointer, operation,
                  "the path has {" + name + "}, but no parameter of that name is declared");
  for (const auto& [key, parameter] : table) {
    if (key.first != "path") continue;
    if (std::find(path.names.begin(), path.names.end(), key.second) == path.names.end())
      found.error("path-parameter-unused", pointer, operation,
                  "the path parameter '" + std::string{key.second} + "' is not in the path");
    const auto required = parameter.find("required");
    if (!required.boolean())
      found.error("path-parameter-optional", pointer, operation,
                  "the path parameter '" + std::string{key.second} + "' must say 'required: true'");
  }
}

} // namespace

void check_paths(const document& doc, finding_list& found) {
  std::map<std::string, std::string_view> shapes;
  for (const auto entry : doc.root().find("paths")) {
    const auto path = entry.key();
    if (path.starts_with("x-")) continue;
    const auto pointer = "/paths/" + escape_token(path);
    const auto read = read_template(path);
    if (!path.starts_with('/'))
      found.error("path-without-slash", pointer, entry,
                  "the path '" + std::string{path} + "' must begin with a slash");
    if (!read.well_formed)
      found.error("path-malformed", pointer, entry,
                  "the braces of the path '" + std::string{path} + "' do not match");
    if (const auto [first, is_new] = shapes.emplace(read.shape, path); !is_new)
      found.error("path-repeated", pointer, entry,
                  "the path is the same as '" + std::string{first->second} +
                      "': names in braces do not matter");

    const auto item = follow(doc, entry);
    if (!item.is_object()) continue;
    check_repeated(doc, pointer, item.find("parameters"), found);
    for (const auto member : item)
      if (is_method(member.key()) && member.is_object())
        check_operation(doc, pointer + "/" + std::string{member.key()}, item, member, read, found);
  }
}

} // namespace apisync::specs
