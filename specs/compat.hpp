#pragma once

#include "specs/diff.hpp"
#include "specs/document.hpp"
#include "specs/rule.hpp"
#include "specs/rule_config.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace apisync::specs {

/// Which way the data goes that a change concerns, seen from the API.
enum class direction : std::uint8_t { none, request, response };

/// Empty, `request`, `response`.
std::string_view to_string(direction way);

/// An operation that a change reaches.
struct reached_operation {
  std::string path;   ///< As in the old document; in the new one where it was added.
  std::string method; ///< Upper case.
  direction way = direction::none;

  bool operator==(const reached_operation&) const = default;
  bool operator<(const reached_operation& other) const {
    return std::tie(path, method, way) < std::tie(other.path, other.method, other.way);
  }
};

/// One version's side of a finding. Without a pointer that version does not have it.
struct finding_side {
  std::string pointer;    ///< RFC 6901
  std::string value = {}; ///< As JSON; empty where it is absent or longer than `value_bytes_max`.
  position where = {};

  static constexpr std::size_t value_bytes_max = 1024;
};

/// One change, judged: told once, where it was made, with the operations that it reaches.
struct finding {
  std::string rule;
  severity level = severity::info;
  std::string pointer; ///< RFC 6901, in the new document; in the old one where it was removed.
  std::vector<reached_operation> operations; ///< Ascending; empty where it belongs to none.
  finding_side before;
  finding_side after;
  std::string message; ///< A sentence without a full stop.
  bool judged = true;  ///< A rule speaks of it; otherwise it is told so that nothing goes untold.
};

/// A part that could not be compared, which is not the same as one without changes.
struct not_compared {
  std::string pointer;
  std::string reason; ///< A sentence without a full stop.
};

enum class verdict : std::uint8_t {
  unchanged,
  compatible,
  breaking, ///< At least one error.
};

/// `unchanged`, `compatible`, `breaking`.
std::string_view to_string(verdict of);

/// A finding that somebody decided to live with, with the operations that they spoke of.
struct ignored_finding {
  finding found;
  std::string reason;
};

/// An exception of the rules' file that ignored nothing.
struct idle_exception {
  std::size_t index = 0; ///< In `rule_config::ignored`.
  bool expired = false;  ///< Its last day has passed; otherwise nothing matches it.
};

/// What two versions of an API mean for those who use it.
struct compat_report {
  std::vector<finding> findings; ///< By level, descending, then pointer and rule.
  std::vector<not_compared> skipped;
  std::vector<ignored_finding> ignored = {}; ///< In the order of findings; counted nowhere.
  std::vector<idle_exception> idle = {};     ///< Ascending.
  std::string old_version = {};              ///< `info.version`, where it is a text.
  std::string new_version = {};

  [[nodiscard]] std::size_t count(severity level) const;
  [[nodiscard]] specs::verdict verdict() const;
};

/// A sentence from a rule's id and short values: `Request property max length decreased: 10 → 5`.
[[nodiscard]] std::string describe(std::string_view rule, const finding_side& before,
                                   const finding_side& after);

struct compat_options {
  std::string as_of; ///< Today, `YYYY-MM-DD`, for sunset dates; empty: no date has passed.
  rule_config rules = {};
};

/// Compares two versions and judges every change: docs/compatibility.md. Deterministic, and finite
/// on recursive schemas.
[[nodiscard]] compat_report judge(const document& before, const document& after,
                                  const compat_options& options = {});

} // namespace apisync::specs
