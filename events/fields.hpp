#pragma once

#include "events/record.hpp"
#include "specs/digest.hpp"

#include <simdjson.h>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// How a struct is written to and read from JSON, described once:
///
///     struct point {
///       int x = 0;
///       std::optional<std::string> name;
///       static void fields(auto& self, auto& visit) {
///         visit("x", self.x);
///         visit("name", self.name);
///       }
///     };
///
/// An absent optional and an empty text, map or vector are left out when written; a field that is
/// missing when read keeps its default. A field that the description calls `visit.required` is
/// always written, and must be there when read.
namespace apisync::events {

/// JSON text kept as it is: a value whose shape is not this program's business.
struct raw_json {
  std::string text = "null";

  bool operator==(const raw_json&) const = default;
};

/// JSON text that this program has just written itself: taken as it is, without another look.
struct written_json {
  std::string text = "null";
};

class field_writer;
class field_reader;

template <class T>
concept described = requires(T& value, field_writer& visit) {
  T::fields(value, visit);
};

/// An enumeration with `std::string_view to_string(E)` and a constexpr array `all_values(E)`.
template <class T>
concept named_enum = std::is_enum_v<T> && requires(T value) {
  { to_string(value) } -> std::convertible_to<std::string_view>;
  all_values(value);
};

/// Appends `text` as a JSON string, quotes included. What is not UTF-8 becomes U+FFFD, for one bad
/// byte from outside (a commit's author, a server's message) would make the record unreadable.
void write_string(std::string& out, std::string_view text);

/// Appends JSON text as it is; text that a record could not be read back with (a number beyond 64
/// bits or beyond a double, say) becomes a JSON string of that text.
void write_raw(std::string& out, std::string_view json);

/// Writes described structs as compact JSON.
class field_writer {
public:
  explicit field_writer(std::string& out) : out_{out} {}

  template <class T>
  void operator()(std::string_view name, const T& value) {
    if (absent(value)) return;
    comma();
    write_string(out_, name);
    out_ += ':';
    write(value);
  }

  template <class T>
  void required(std::string_view name, const T& value) {
    comma();
    write_string(out_, name);
    out_ += ':';
    write(value);
  }

  template <class T>
  void write(const T& value) {
    if constexpr (std::same_as<T, bool>) {
      out_ += value ? "true" : "false";
    } else if constexpr (std::integral<T>) {
      out_ += std::to_string(value);
    } else if constexpr (std::same_as<T, raw_json>) {
      write_raw(out_, value.text);
    } else if constexpr (std::same_as<T, written_json>) {
      out_ += value.text;
    } else if constexpr (std::same_as<T, timestamp>) {
      write_string(out_, to_rfc3339(value));
    } else if constexpr (std::same_as<T, std::chrono::milliseconds>) {
      out_ += std::to_string(value.count());
    } else if constexpr (std::same_as<T, digest>) {
      write_string(out_, value.hex());
    } else if constexpr (named_enum<T>) {
      write_string(out_, to_string(value));
    } else if constexpr (std::convertible_to<const T&, std::string_view>) {
      write_string(out_, value);
    } else if constexpr (requires { value.has_value(); }) {
      value ? write(*value) : void(out_ += "null");
    } else if constexpr (requires { typename T::mapped_type; }) {
      write_map(value);
    } else if constexpr (described<T>) {
      out_ += '{';
      field_writer inner{out_};
      T::fields(value, inner);
      out_ += '}';
    } else {
      write_list(value);
    }
  }

private:
  template <class T>
  static bool absent(const T& value) {
    if constexpr (requires { value.has_value(); }) return !value.has_value();
    if constexpr (requires { value.empty(); }) return value.empty();
    return false;
  }

  template <class T>
  void write_map(const T& map) {
    out_ += '{';
    field_writer inner{out_};
    for (const auto& [name, value] : map)
      inner.required(name, value);
    out_ += '}';
  }

  template <class T>
  void write_list(const T& list) {
    out_ += '[';
    for (bool first = true; const auto& item : list) {
      if (!first) out_ += ',';
      first = false;
      write(item);
    }
    out_ += ']';
  }

  void comma() {
    if (!first_) out_ += ',';
    first_ = false;
  }

  std::string& out_;
  bool first_ = true;
};

/// Reads described structs from a parsed object. The first problem is kept; what follows is
/// skipped.
class field_reader {
public:
  explicit field_reader(simdjson::dom::object object)
      : object_{object}, next_{object.begin()}, end_{object.end()} {}

  template <class T>
  void operator()(std::string_view name, T& value) {
    if (problem_) return;
    simdjson::dom::element found;
    if (!find(name, found)) return;
    read(name, found, value);
  }

  template <class T>
  void required(std::string_view name, T& value) {
    if (problem_) return;
    simdjson::dom::element found;
    if (!find(name, found)) return report(name, "is missing");
    read(name, found, value);
  }

  /// What was wrong, if anything.
  [[nodiscard]] const std::optional<error>& problem() const { return problem_; }

private:
  /// Fields are written in the order in which they are described, so the next one is mostly it.
  bool find(std::string_view name, simdjson::dom::element& found) {
    if (next_ != end_ && next_.key_equals(name)) {
      found = next_.value();
      ++next_;
      return true;
    }
    return object_.at_key(name).get(found) == simdjson::SUCCESS;
  }

  template <class T>
  void read(std::string_view name, simdjson::dom::element from, T& value) {
    using element_type = simdjson::dom::element_type;
    if constexpr (std::same_as<T, bool>) {
      if (from.get(value) != simdjson::SUCCESS) report(name, "is not a boolean");
    } else if constexpr (std::integral<T>) {
      read_integer(name, from, value);
    } else if constexpr (std::same_as<T, raw_json>) {
      value.text = simdjson::minify(from);
    } else if constexpr (std::same_as<T, std::chrono::milliseconds>) {
      std::int64_t count = 0;
      read_integer(name, from, count);
      value = std::chrono::milliseconds{count};
    } else if constexpr (requires { value.has_value(); }) {
      // A null that is kept as JSON is a value; every other one is none.
      constexpr bool keeps_null = std::same_as<typename T::value_type, raw_json>;
      if (!keeps_null && from.type() == element_type::NULL_VALUE) return;
      read(name, from, value.emplace());
    } else if constexpr (requires { typename T::mapped_type; }) {
      simdjson::dom::object members;
      if (from.get(members) != simdjson::SUCCESS) return report(name, "is not an object");
      for (auto member : members)
        read(name, member.value, value[std::string{member.key}]);
    } else if constexpr (described<T>) {
      simdjson::dom::object members;
      if (from.get(members) != simdjson::SUCCESS) return report(name, "is not an object");
      field_reader inner{members};
      T::fields(value, inner);
      if (inner.problem_) problem_ = std::move(inner.problem_);
    } else if constexpr (requires { value.emplace_back(); } && !std::same_as<T, std::string>) {
      simdjson::dom::array items;
      if (from.get(items) != simdjson::SUCCESS) return report(name, "is not an array");
      for (auto item : items)
        read(name, item, value.emplace_back());
    } else {
      read_text(name, from, value);
    }
  }

  template <class T>
  void read_integer(std::string_view name, simdjson::dom::element from, T& value) {
    if constexpr (std::is_unsigned_v<T>) {
      std::uint64_t number = 0;
      if (from.get(number) != simdjson::SUCCESS || !std::in_range<T>(number))
        return report(name, "is not an integer in range");
      value = static_cast<T>(number);
    } else {
      std::int64_t number = 0;
      if (from.get(number) != simdjson::SUCCESS || !std::in_range<T>(number))
        return report(name, "is not an integer in range");
      value = static_cast<T>(number);
    }
  }

  template <class T>
  void read_text(std::string_view name, simdjson::dom::element from, T& value) {
    std::string_view text;
    if (from.get(text) != simdjson::SUCCESS) return report(name, "is not a string");
    if constexpr (std::same_as<T, std::string>) {
      value = text;
    } else if constexpr (std::same_as<T, timestamp>) {
      auto time = parse_rfc3339(text);
      if (!time) return report(name, "is not an RFC 3339 time");
      value = *time;
    } else if constexpr (std::same_as<T, digest>) {
      auto hash = digest::from_hex(text);
      if (!hash) return report(name, "is not a SHA-256 in hexadecimal");
      value = *hash;
    } else {
      static_assert(named_enum<T>, "a field of a type that has no JSON form");
      for (auto candidate : all_values(T{}))
        if (to_string(candidate) == text) {
          value = candidate;
          return;
        }
      report(name, "has an unknown value");
    }
  }

  void report(std::string_view name, std::string_view what);

  simdjson::dom::object object_;
  simdjson::dom::object::iterator next_, end_;
  std::optional<error> problem_;
};

/// The compact JSON text of a described struct.
template <described T>
std::string to_json(const T& value) {
  std::string out;
  field_writer{out}.write(value);
  return out;
}

/// Reads into a described struct with its defaults; `corrupt` names the first field that is not as
/// described.
template <described T>
result<void> read_json(simdjson::dom::object object, T& into) {
  field_reader reader{object};
  T::fields(into, reader);
  if (reader.problem()) return tl::unexpected{*reader.problem()};
  return {};
}

} // namespace apisync::events
