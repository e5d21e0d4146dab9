#pragma once

#include "events/change_level.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace apisync::events {

/// What a rule says about the conflicts that it matches.
enum class rule_action : std::uint8_t {
  prefer_current,
  prefer_incoming,
  prefer_source, ///< Incoming where it comes from that source, else current.
  pin,           ///< Incoming changes never apply, contested or not.
  higher_version,
  ai,
  manual
};
constexpr auto all_values(rule_action) {
  return std::array{rule_action::prefer_current, rule_action::prefer_incoming,
                    rule_action::prefer_source,  rule_action::pin,
                    rule_action::higher_version, rule_action::ai,
                    rule_action::manual};
}
std::string_view to_string(rule_action value);

/// A kind of place in a specification; one place may be of several kinds.
enum class rule_place : std::uint8_t {
  servers,
  security,     ///< Requirements and schemes.
  descriptions, ///< Texts for people: description, summary, title, external documentation.
  examples,
  operation, ///< An operation, or anything in it.
  schema,    ///< A schema, or anything in it.
  extensions ///< `x-`
};
constexpr auto all_values(rule_place) {
  return std::array{rule_place::servers,   rule_place::security,  rule_place::descriptions,
                    rule_place::examples,  rule_place::operation, rule_place::schema,
                    rule_place::extensions};
}
std::string_view to_string(rule_place value);

/// One rule of an API's list; the first that matches decides. What is empty or absent matches
/// everything.
struct rule_definition {
  /// A JSON pointer, or an identity path (docs/merge.md); `*` matches one segment, a last `**` all
  /// below.
  std::string pointer;
  std::optional<rule_place> place;
  std::string source; ///< Only conflicts with this source.
  std::string kind;   ///< Only conflicts of this kind: `edit/edit`, `edit/delete`, ….
  /// Only where taking the incoming value would bring a change of this level or a graver one.
  std::optional<change_level> level;
  rule_action action = rule_action::manual;
  std::string prefer; ///< The source, for `prefer-source`.

  bool operator==(const rule_definition&) const = default;
  static void fields(auto& self, auto& visit) {
    visit("pointer", self.pointer);
    visit("place", self.place);
    visit("source", self.source);
    visit("kind", self.kind);
    visit("level", self.level);
    visit.required("action", self.action);
    visit("prefer", self.prefer);
  }
};

} // namespace apisync::events
