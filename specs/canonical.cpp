#include "specs/canonical.hpp"

#include "specs/openapi_roles.hpp"
#include "specs/print.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace apisync::specs {

namespace {

template <std::size_t N>
bool one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_false(node value) {
  return value.is(kind::boolean) && !value.boolean();
}
bool is_zero(node value) {
  return value.is(kind::number) && canonical_number(value.text()) == "0";
}
bool is_empty_list(node value) {
  return value.is_array() && value.size() == 0;
}

/// Whether a member says only what holds without it.
bool says_nothing(role parent, node member) {
  constexpr std::array<std::string_view, 6> schema_flags{
      "nullable", "readOnly", "writeOnly", "deprecated", "uniqueItems", "exclusiveMinimum"};
  constexpr std::array<std::string_view, 3> schema_minimums{"minLength", "minItems",
                                                            "minProperties"};
  constexpr std::array<std::string_view, 3> parameter_flags{"required", "deprecated",
                                                            "allowEmptyValue"};
  const auto name = member.key();
  switch (parent) {
  case role::schema:
    return ((one_of(name, schema_flags) || name == "exclusiveMaximum") && is_false(member)) ||
           (one_of(name, schema_minimums) && is_zero(member)) ||
           (name == "required" && is_empty_list(member));
  case role::parameter:
    return one_of(name, parameter_flags) && is_false(member);
  case role::request_body:
    return name == "required" && is_false(member);
  case role::operation:
    return (name == "deprecated" && is_false(member)) ||
           ((name == "tags" || name == "parameters") && is_empty_list(member));
  case role::path_item:
    return name == "parameters" && is_empty_list(member);
  case role::root:
    return (name == "security" || name == "tags") && is_empty_list(member);
  default:
    return false;
  }
}

/// Writes the canonical form. Recurses as deep as the document, which `parse` bounds.
class canonical_writer {
public:
  std::string write(node root) {
    value(root, role::root);
    return std::move(out_);
  }

private:
  void value(node v, role place) {
    switch (v.kind()) {
    case kind::null:
      out_ += "null";
      break;
    case kind::boolean:
      out_ += v.boolean() ? "true" : "false";
      break;
    case kind::number:
      out_ += canonical_number(v.text());
      break;
    case kind::string:
      append_json_string(out_, v.text());
      break;
    case kind::object:
      object(v, place);
      break;
    case kind::array:
      if (place == role::type_set && v.size() == 1)
        value(v[0], role::other);
      else if (is_set(place))
        set(v, place);
      else
        list(v, place);
      break;
    }
  }

  void object(node v, role place) {
    std::vector<node> members;
    members.reserve(v.size());
    for (const auto member : v)
      if (!says_nothing(place, member)) members.push_back(member);
    std::sort(members.begin(), members.end(), [](node a, node b) { return a.key() < b.key(); });
    out_ += '{';
    for (const auto member : members) {
      if (member != members.front()) out_ += ',';
      append_json_string(out_, member.key());
      out_ += ':';
      value(member, role_of_member(place, member.key()));
    }
    out_ += '}';
  }

  void list(node v, role place) {
    out_ += '[';
    for (std::size_t i = 0; i < v.size(); ++i) {
      if (i > 0) out_ += ',';
      value(v[i], role_of_element(place));
    }
    out_ += ']';
  }

  void set(node v, role place) {
    const auto start = out_.size();
    std::vector<std::string> elements;
    elements.reserve(v.size());
    for (const auto element : v) {
      value(element, role_of_element(place));
      elements.push_back(out_.substr(start));
      out_.resize(start);
    }
    std::sort(elements.begin(), elements.end());
    out_ += '[';
    for (std::size_t i = 0; i < elements.size(); ++i) {
      if (i > 0) out_ += ',';
      out_ += elements[i];
    }
    out_ += ']';
  }

  std::string out_;
};

} // namespace

std::string canonical_form(const document& doc) {
  return canonical_writer{}.write(doc.root());
}

digest canonical_hash(const document& doc) {
  return sha256::of(canonical_form(doc));
}

digest content_hash(const document& doc) {
  return sha256::of(to_json(doc.root()));
}

} // namespace apisync::specs
