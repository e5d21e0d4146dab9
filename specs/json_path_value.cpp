#include "specs/json_path_value.hpp"

#include <algorithm>
#include <charconv>

namespace apisync::specs {

namespace {

double number_of(node value) {
  double number = 0;
  const auto text = value.text();
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Equal as values: numbers by what they mean, members in any order.
// NOLINTNEXTLINE(misc-no-recursion): as deep as documents may be
bool equal_nodes(node a, node b) {
  if (a.kind() != b.kind() || a.size() != b.size()) return false;
  switch (a.kind()) {
  case kind::null:
    return true;
  case kind::boolean:
    return a.boolean() == b.boolean();
  case kind::number:
    return a.text() == b.text() || number_of(a) == number_of(b);
  case kind::string:
    return a.text() == b.text();
  case kind::array:
    return std::equal(a.begin(), a.end(), b.begin(), equal_nodes);
  case kind::object:
    return std::all_of(a.begin(), a.end(), [&](node member) {
      const auto other = b.find(member.key());
      return other && equal_nodes(member, other);
    });
  }
  return false;
}

} // namespace

path_value path_value::null() {
  path_value made;
  made.kind_ = kind::null;
  return made;
}

path_value path_value::of(bool value) {
  path_value made;
  made.kind_ = kind::boolean;
  made.boolean_ = value;
  return made;
}

path_value path_value::of(double value) {
  path_value made;
  made.kind_ = kind::number;
  made.number_ = value;
  return made;
}

path_value path_value::of(std::string_view value) {
  path_value made;
  made.kind_ = kind::string;
  made.text_ = value;
  return made;
}

path_value path_value::of(node value) {
  path_value made;
  made.kind_ = value.kind();
  made.boolean_ = value.boolean();
  made.number_ = value.is(kind::number) ? number_of(value) : 0;
  made.text_ = value.text();
  made.node_ = value;
  return made;
}

std::optional<std::string_view> path_value::text() const {
  return kind_ == kind::string ? std::optional{text_} : std::nullopt;
}

bool path_value::equals(const path_value& other) const {
  if (kind_ != other.kind_) return false;
  if (!kind_) return true;
  switch (*kind_) {
  case kind::null:
    return true;
  case kind::boolean:
    return boolean_ == other.boolean_;
  case kind::number:
    return number_ == other.number_;
  case kind::string:
    return text_ == other.text_;
  case kind::array:
  case kind::object:
    return equal_nodes(node_, other.node_);
  }
  return false;
}

bool path_value::less_than(const path_value& other) const {
  if (kind_ != other.kind_ || !kind_) return false;
  if (*kind_ == kind::number) return number_ < other.number_;
  return *kind_ == kind::string && text_ < other.text_; // UTF-8 sorts as its characters do
}

path_value length_of(const path_value& of) {
  if (!of.kind_) return {};
  switch (*of.kind_) {
  case kind::string:
    return path_value::of(
        static_cast<double>(std::count_if(of.text_.begin(), of.text_.end(), [](char c) {
          return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
        })));
  case kind::array:
  case kind::object:
    return path_value::of(static_cast<double>(of.node_.size()));
  default:
    return {};
  }
}

bool compare(filter_operation how, const path_value& left, const path_value& right) {
  switch (how) {
  case filter_operation::equal:
    return left.equals(right);
  case filter_operation::not_equal:
    return !left.equals(right);
  case filter_operation::less:
    return left.less_than(right);
  case filter_operation::less_or_equal:
    return left.less_than(right) || left.equals(right);
  case filter_operation::greater:
    return right.less_than(left);
  case filter_operation::greater_or_equal:
    return right.less_than(left) || left.equals(right);
  default:
    return false;
  }
}

} // namespace apisync::specs
