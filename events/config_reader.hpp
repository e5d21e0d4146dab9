#pragma once

#include "events/fields.hpp"
#include "specs/document.hpp"
#include "specs/error.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::events {

/// What is wrong with a text that people wrote, all of it, each with its place.
class config_problems {
public:
  static constexpr std::size_t listed_max = 20; ///< The rest is counted.

  /// `name` is the file or URL, as messages have it.
  explicit config_problems(std::string name) : name_{std::move(name)} {}

  void add(specs::node at, std::string message);

  [[nodiscard]] bool empty() const { return list_.empty(); }

  /// Problems so far, those that are only counted included.
  [[nodiscard]] std::size_t count() const { return list_.size() + more_; }

  /// `NAME:LINE:COLUMN`; `NAME` alone for a node that was made, not read.
  [[nodiscard]] std::string where(specs::node at) const;

  /// The problems; the last says how many more there are, if there are.
  [[nodiscard]] std::vector<error> take();

private:
  std::string name_;
  std::vector<error> list_;
  std::size_t more_ = 0;
};

/// All problems as one error, a line each: what a caller gets who asked for one declaration.
error combined(const std::vector<error>& problems);

/// What a declaration is called in messages: `source 'billing'`, or `source` where it has no id.
std::string entry_name(std::string_view kind, specs::node declaration);

/// What a node is, for messages: `a string`, `an array`.
std::string_view describe(specs::node value);

/// The least edits (insert, delete, replace, swap of neighbours) that turn one word into the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// Reads the members of one object by name, and at the end reports those that nobody asked for,
/// with the nearest name that somebody did. Each `read` answers the member if it is there and good.
class config_object {
public:
  /// `what` names the object in messages: `source 'billing'`.
  config_object(specs::node object, std::string what, config_problems& problems);

  /// False where the node is no object; that is reported, and every `read` answers nothing.
  [[nodiscard]] bool good() const { return object_.is_object(); }

  [[nodiscard]] specs::node object() const { return object_; }

  /// The member, or no node where it is missing or null. Asking makes the name known.
  specs::node member(std::string_view name);

  std::optional<std::string> text(std::string_view name);
  /// An id (`valid_id`); empty where it is missing or wrong, which is reported. `purpose` says what
  /// a missing one would be for.
  std::string id(std::string_view name, std::string_view purpose);
  std::optional<bool> boolean(std::string_view name);
  std::optional<std::uint64_t> integer(std::string_view name, std::uint64_t low,
                                       std::uint64_t high);
  std::optional<std::chrono::milliseconds>
  duration(std::string_view name, std::chrono::milliseconds low, std::chrono::milliseconds high);
  /// A list of strings; a single string is a list of one.
  std::optional<std::vector<std::string>> texts(std::string_view name);
  std::optional<std::map<std::string, std::string>> text_map(std::string_view name);

  /// One of the names of an enumeration.
  template <named_enum T>
  std::optional<T> choice(std::string_view name) {
    const auto found = text(name);
    if (!found) return std::nullopt;
    std::string names;
    for (auto candidate : all_values(T{})) {
      if (to_string(candidate) == *found) return candidate;
      names += (names.empty() ? "" : ", ") + std::string{to_string(candidate)};
    }
    report(member(name),
           "'" + std::string{name} + "' must be one of " + names + ", not '" + *found + "'");
    return std::nullopt;
  }

  /// Reports a problem of this object.
  void report(specs::node at, const std::string& message);

  /// Reports a missing member, at the object.
  void missing(std::string_view name, std::string_view purpose);

  /// Reports every member whose name was not asked for.
  void refuse_unknown();

private:
  specs::node object_;
  std::string what_;
  config_problems& problems_;
  std::vector<std::string> known_;
};

} // namespace apisync::events
