#include "specs/canonical.hpp"

#include "specs/openapi_roles.hpp"
#include "specs/print.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
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

/// A member in its one spelling.
struct spelled {
  std::string_view name;
  node value;
  role place = role::other;
  bool is_true = false;      ///< Instead of the value.
  bool without_null = false; ///< Without the type `null` that the value lists.
};

/// How the members of one object are spelled, which may depend on each other.
class one_spelling {
public:
  one_spelling(role place, node object) : place_{place} {
    if (place != role::schema) return;
    null_by_type_ = allows_null_by_type(object);
    example_ = single_example(object);
  }

  /// Adds a member of the object, where it says something.
  void add(node member, std::vector<spelled>& into) const {
    const auto name = member.key();
    if (null_by_type_ && name == "nullable") return; // implied
    if (example_ && name == "examples") return;
    if (says_nothing(place_, member)) return;
    into.push_back(
        {name, member, role_of_member(place_, name), false, null_by_type_ && name == "type"});
  }

  /// Adds what other members say.
  void add_implied(std::vector<spelled>& into) const {
    if (null_by_type_) into.push_back({"nullable", {}, role::other, true, false});
    if (example_) into.push_back({"example", example_, role::data, false, false});
  }

private:
  /// `type: [x, "null"]` says what `nullable: true` says beside `type: x`.
  static bool allows_null_by_type(node schema) {
    const auto type = schema.find("type");
    const auto is_null = [](node name) { return name.is_string() && name.text() == "null"; };
    return type.is_array() && type.size() > 1 && std::any_of(type.begin(), type.end(), is_null) &&
           !std::all_of(type.begin(), type.end(), is_null);
  }

  /// A list of one example says what `example` says.
  static node single_example(node schema) {
    const auto list = schema.find("examples");
    return list.is_array() && list.size() == 1 && !schema.find("example") ? list[0] : node{};
  }

  role place_;
  bool null_by_type_ = false;
  node example_;
};

/// Writes the canonical form. Recurses as deep as the document, which `parse` bounds.
class canonical_writer {
public:
  std::string write(node of, role place) {
    value(of, place);
    return std::move(out_);
  }

  std::string write(const spelled& of) {
    member(of);
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
    std::vector<spelled> members;
    members.reserve(v.size() + 2);
    const one_spelling how{place, v};
    for (const auto each : v)
      how.add(each, members);
    how.add_implied(members);
    std::sort(members.begin(), members.end(),
              [](const spelled& a, const spelled& b) { return a.name < b.name; });
    out_ += '{';
    for (bool first = true; const auto& each : members) {
      if (!std::exchange(first, false)) out_ += ',';
      append_json_string(out_, each.name);
      out_ += ':';
      member(each);
    }
    out_ += '}';
  }

  void member(const spelled& of) {
    if (of.is_true) {
      out_ += "true";
    } else if (of.without_null) {
      std::vector<node> names;
      std::copy_if(of.value.begin(), of.value.end(), std::back_inserter(names),
                   [](node name) { return !name.is_string() || name.text() != "null"; });
      if (names.size() == 1)
        value(names[0], role::other);
      else
        set(names, of.place);
    } else {
      value(of.value, of.place);
    }
  }

  void list(node v, role place) {
    out_ += '[';
    for (std::size_t i = 0; i < v.size(); ++i) {
      if (i > 0) out_ += ',';
      value(v[i], role_of_element(place));
    }
    out_ += ']';
  }

  template <class Elements>
  void set(const Elements& v, role place) {
    const auto start = out_.size();
    std::vector<std::string> elements;
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

/// What an object says of a member, and of those that say the same in another spelling; by name.
std::vector<spelled> said(role place, node object, std::string_view name) {
  std::vector<std::string_view> group{name};
  if (place == role::schema && (name == "type" || name == "nullable")) group = {"nullable", "type"};
  if (place == role::schema && (name == "example" || name == "examples"))
    group = {"example", "examples"};
  const one_spelling how{place, object};
  std::vector<spelled> members;
  for (const auto wanted : group)
    if (const auto member = object.find(wanted)) how.add(member, members);
  std::vector<spelled> implied;
  how.add_implied(implied);
  for (const auto& each : implied)
    if (std::find(group.begin(), group.end(), each.name) != group.end()) members.push_back(each);
  std::sort(members.begin(), members.end(),
            [](const spelled& a, const spelled& b) { return a.name < b.name; });
  return members;
}

} // namespace

bool says_the_same(role place, node before, node after, std::string_view member) {
  const auto was = said(place, before, member);
  const auto is = said(place, after, member);
  return std::equal(
      was.begin(), was.end(), is.begin(), is.end(), [](const spelled& a, const spelled& b) {
        return a.name == b.name && canonical_writer{}.write(a) == canonical_writer{}.write(b);
      });
}

std::string canonical_data(node value) {
  return canonical_writer{}.write(value, role::data);
}

std::string canonical_form(const document& doc) {
  return canonical_writer{}.write(doc.root(), role::root);
}

digest canonical_hash(const document& doc) {
  return sha256::of(canonical_form(doc));
}

digest content_hash(const document& doc) {
  return sha256::of(to_json(doc.root()));
}

} // namespace apisync::specs
