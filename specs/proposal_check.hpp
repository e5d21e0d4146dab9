#pragma once

#include "specs/document.hpp"
#include "specs/error.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// What a check says of a proposed document.
struct proposal_finding {
  std::string_view check; ///< `place`, `valid`, `compatible`
  std::string what;       ///< What is wrong, a sentence without a full stop; empty: nothing.

  [[nodiscard]] bool passed() const { return what.empty(); }
};

/// A document with something proposed at one place of it, and what the checks say.
struct checked_proposal {
  document_ptr document; ///< Null where the value cannot stand at the place at all.
  std::vector<proposal_finding> findings; ///< In the order of the checks, to the first that fails.
  bool safe = false; ///< All passed, and no change against `current` is a warning or worse.

  [[nodiscard]] bool passed() const;
};

/// Checks what somebody who is not trusted wants to stand at contested places, against both sides
/// of the merge:
///  - `place`: nothing but the place changes, and the value is found there under its own name;
///  - `valid`: no flaw of the document, dangling references and repeated operation ids among them,
///    that neither side has;
///  - `compatible`: no change of level `error` since the base that neither side makes.
class proposal_checker {
public:
  /// @param base null: there is none; then changes count from `current`
  /// @param today `YYYY-MM-DD`, for sunset dates
  proposal_checker(document_ptr base, document_ptr current, document_ptr incoming,
                   std::string today);

  /// Puts `value` (no node: nothing) at an identity path of `in`, which differs from `current` by
  /// what passed before, and looks at the outcome.
  [[nodiscard]] checked_proposal check(const document_ptr& in, std::string_view identity,
                                       node value);

private:
  using counts = std::map<std::string, std::size_t>;
  [[nodiscard]] static counts flaws_of(const document& of);
  [[nodiscard]] std::set<std::string> errors_of(const document& of) const;
  [[nodiscard]] std::string new_flaw(const document& of);
  [[nodiscard]] std::string new_error(const document& of);
  [[nodiscard]] const document& start() const { return base_ ? *base_ : *current_; }

  document_ptr base_, current_, incoming_;
  std::string today_;
  std::optional<counts> known_flaws_;                 ///< The greater count of either side.
  std::optional<std::set<std::string>> known_errors_; ///< Of both sides.
};

/// The first word of a value (a run of characters without blanks in any of its texts and names, a
/// number, true, false, null) that none of the candidates has, as a sentence; empty for none: then
/// the value only puts together what was there.
[[nodiscard]] std::string foreign_word(node value, const std::vector<node>& candidates);

} // namespace apisync::specs
