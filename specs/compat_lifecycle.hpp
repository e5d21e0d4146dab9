#pragma once

#include "specs/document.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace apisync::specs {

/// What the author of a part promises (`x-stability-level`); ascending.
enum class stability : std::uint8_t { draft, alpha, beta, stable };

/// The level by its word: `draft`, `alpha`, `beta`, `stable`.
[[nodiscard]] std::optional<stability> stability_named(std::string_view word);

/// What a part promises: `stable` where it says nothing, nothing where the word is unknown.
[[nodiscard]] std::optional<stability> stability_of(node part);

/// A day, counted from 1970-01-01, from `YYYY-MM-DD`, which a time may follow (RFC 3339); nothing
/// for other text and for days that no calendar has.
[[nodiscard]] std::optional<std::int32_t> day_of(std::string_view date);

/// Whether the day of an `x-sunset` has come.
enum class sunset : std::uint8_t { none, unreadable, ahead, reached };

/// @param as_of today; without it no day has come.
[[nodiscard]] sunset sunset_of(node part, std::optional<std::int32_t> as_of);

/// The rules that tell what became of a part's `deprecated` and `x-sunset`. Empty: there is none.
struct lifecycle_rules {
  std::string_view deprecated;
  std::string_view deprecated_with_sunset;
  std::string_view reactivated;
  std::string_view sunset_missing;    ///< Notice is asked for, and no day was given.
  std::string_view sunset_unreadable; ///< Of what was just deprecated.
  std::string_view sunset_too_near;
  std::string_view sunset_deleted;
  std::string_view moved_unreadable; ///< Another day, and one of the two cannot be read.
  std::string_view moved_too_near;   ///< An earlier day, nearer than the notice asked for.
};

/// What is asked of those who deprecate, and when.
struct lifecycle_policy {
  std::optional<std::int32_t> as_of; ///< Today; without it no day is too near.
  std::int32_t notice_days = 0;      ///< Between deprecation and sunset; 0: none is asked for.
};

/// The rules that the change of one part falls under: of its `deprecated`, and of its `x-sunset`.
struct lifecycle_verdict {
  std::string_view deprecation;
  std::string_view sunset;
};

[[nodiscard]] lifecycle_verdict judge_lifecycle(node before, node after,
                                                const lifecycle_rules& rules,
                                                const lifecycle_policy& policy);

} // namespace apisync::specs
