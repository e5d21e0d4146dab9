#pragma once

#include "specs/compat.hpp"
#include "specs/document.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace apisync::specs {

/// A node and its place, which the node itself does not know.
struct spot {
  node value;
  std::string pointer;

  explicit operator bool() const { return static_cast<bool>(value); }

  /// The member of that name; an empty spot where there is none.
  [[nodiscard]] spot member(std::string_view name) const;
  [[nodiscard]] spot element(std::size_t index) const;
  /// The child, which is `value[index]`.
  [[nodiscard]] spot child(std::size_t index) const;
};

/// Follows references inside the document; empty where one leads nowhere, outside, or in a circle.
[[nodiscard]] spot resolve(const document& in, spot from);

/// One place in both versions.
struct spot_pair {
  spot before;
  spot after;

  [[nodiscard]] spot_pair member(std::string_view name) const {
    return {before.member(name), after.member(name)};
  }
};

/// Follows references on both sides, and notes those that cannot be followed.
class unit_graph;
[[nodiscard]] spot_pair resolve(unit_graph& graph, const spot_pair& from);

/// What a schema describes; with the direction it decides which rules speak of it.
enum class subject : std::uint8_t {
  request_body,
  request_property,
  response_body,
  response_property,
  parameter,
  parameter_property,
  header_parameter,
  header_parameter_property,
  response_header,
};

/// In what part a schema is judged.
struct schema_role {
  specs::subject of = specs::subject::request_body;
  bool textual = false; ///< In a medium that carries text alone (XML, headers), not typed values.
  bool repeatable = false; ///< A list is sent as one field per element.
  bool required =
      false; ///< Of a parameter that must be sent, in either version: its default says little.
  std::int32_t notice_days = 0; ///< Asked for between deprecation and sunset.

  bool operator==(const schema_role&) const = default;
};

[[nodiscard]] direction direction_of(subject of);

/// The role of what lies within.
[[nodiscard]] schema_role inner_role(const schema_role& of);

/// A query, path, header or cookie parameter, or what lies within.
[[nodiscard]] bool is_parameter(subject of);

/// A judged change before it is known which operations it reaches.
struct raw_finding {
  std::string rule;
  spot before;
  spot after;
};

/// A shared schema in one role, or one operation: judged once, however many operations include it.
struct unit {
  spot_pair places;
  schema_role role;
  bool is_operation = false;
  std::vector<raw_finding> findings; ///< What was found in it, apart from what it refers to.
  std::vector<std::size_t> refers_to;
  direction way = direction::none;
};

/// The units of a comparison and how they refer to each other.
class unit_graph {
public:
  unit_graph(const document& before, const document& after, const compat_options& options);

  /// A new unit for an operation.
  std::size_t add_operation(spot_pair places);

  /// The unit of a shared schema in a role: the same number for the same question.
  std::size_t shared(const spot_pair& places, const schema_role& role);

  /// These two references are the same, and nothing that they lead to differs.
  [[nodiscard]] bool untouched(node before, node after) const;

  /// These two parts have the same content, and nothing that they lead to differs.
  [[nodiscard]] bool untouched_within(node before, node after) const;

  unit& operator[](std::size_t index) { return units_[index]; }
  [[nodiscard]] std::size_t size() const { return units_.size(); }

  /// The units that a unit leads to, itself included, each once.
  [[nodiscard]] std::vector<std::size_t> reached_from(std::size_t index) const;

  /// Notes a part that cannot be compared; each place once.
  void skip(const spot& part, const std::string& reason) {
    skipped_.try_emplace(part.pointer, reason);
  }
  [[nodiscard]] const std::map<std::string, std::string>& skipped() const { return skipped_; }

  [[nodiscard]] const compat_options& options() const { return options_; }
  /// `options().as_of` as a day.
  [[nodiscard]] std::optional<std::int32_t> today() const { return today_; }

  [[nodiscard]] const document& before() const { return before_; }
  [[nodiscard]] const document& after() const { return after_; }

private:
  void find_touched();

  const document& before_;
  const document& after_;
  const compat_options& options_;
  std::optional<std::int32_t> today_;
  std::deque<unit> units_;
  std::unordered_map<std::string, std::size_t> by_question_;
  std::map<std::string, std::string> skipped_;
  std::unordered_set<std::uint64_t>
      touched_; ///< References, by hash, to what differs or leads there.
};

} // namespace apisync::specs
