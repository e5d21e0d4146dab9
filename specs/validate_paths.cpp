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

/// The parameters that hold for an operation, by place and name: its own and its path's.
using parameter_names = std::set<std::pair<std::string_view, std::string_view>>;

void add_parameters(const document& doc, node list, parameter_names& table) {
  for (const auto entry : list) {
    const auto parameter = follow(doc, entry);
    const auto in = parameter.find("in");
    const auto name = parameter.find("name");
    if (in.is_string() && name.is_string()) table.emplace(in.text(), name.text());
  }
}

/// Whether a list of parameters has one that only its own document knows.
bool has_outside(const document& doc, node list) {
  return std::any_of(list.begin(), list.end(), [&](node entry) { return !follow(doc, entry); });
}

/// Parameters that cannot stand beside each other: the whole query string beside its parts (3.2),
/// the whole body twice or beside its form fields (2.0).
void check_rivals(const parameter_names& table, const std::string& pointer, node operation,
                  finding_list& found) {
  std::map<std::string_view, int> in;
  for (const auto& [place, name] : table)
    ++in[place];
  const auto rivals = [&](std::string_view whole, std::string_view fields) {
    if (in[whole] > 1 || (in[whole] == 1 && in[fields] > 0))
      found.error("parameters-exclude", pointer, operation,
                  {"a parameter in " + quoted(whole) + " must be the only one, and have none in " +
                       quoted(fields) + " beside it",
                   "keep one kind of the two"});
  };
  rivals("querystring", "query");
  rivals("body", "formData");
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
                  {"the " + std::string{in.text()} + " parameter " + quoted(name.text()) +
                       " is already in this list",
                   "remove one of the two"});
  }
}

void check_operation(const document& doc, const std::string& pointer, node item, node operation,
                     const path_template& path, finding_list& found) {
  check_repeated(doc, pointer, operation.find("parameters"), found);
  parameter_names table;
  add_parameters(doc, operation.find("parameters"), table);
  add_parameters(doc, item.find("parameters"), table);
  check_rivals(table, pointer, operation, found);
  const bool all_known =
      !has_outside(doc, operation.find("parameters")) && !has_outside(doc, item.find("parameters"));
  for (const auto& name : path.names)
    if (all_known && !table.contains({"path", name}))
      found.error("path-parameter-undeclared", pointer, operation,
                  {"the path has {" + name + "}, but no parameter of that name is declared",
                   "declare it in 'parameters' of the operation or of its path"});
  for (const auto& [place, name] : table) {
    if (place == "path" &&
        std::find(path.names.begin(), path.names.end(), name) == path.names.end())
      found.error("path-parameter-unused", pointer, operation,
                  {"the path parameter " + quoted(name) + " is not in the path",
                   "put {" + std::string{name} + "} into the path, or remove the parameter"});
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
    if (!read.well_formed)
      found.error("path-malformed", pointer, entry,
                  {"the braces of the path " + quoted(path) + " do not match",
                   "write each parameter as {name}"});
    if (const auto [first, is_new] = shapes.emplace(read.shape, path); !is_new)
      found.error(
          "path-repeated", pointer, entry,
          {"the path is the same as " + quoted(first->second) + ": names in braces do not matter",
           "make one path of the two"});

    const auto item = follow(doc, entry);
    if (!item.is_object()) continue;
    check_repeated(doc, pointer, item.find("parameters"), found);
    for (const auto member : item)
      if (is_method(member.key()) && member.is_object())
        check_operation(doc, pointer + "/" + std::string{member.key()}, item, member, read, found);
    for (const auto member : item.find("additionalOperations"))
      check_operation(doc, pointer + "/additionalOperations/" + escape_token(member.key()), item,
                      member, read, found);
  }
}

} // namespace apisync::specs
