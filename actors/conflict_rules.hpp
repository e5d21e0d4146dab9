#pragma once

#include "actors/interfaces.hpp"
#include "specs/merge.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace apisync::actors {

/// How a conflict was decided, or that it stays open.
struct ruling {
  enum class choice : std::uint8_t { open, current, incoming };
  choice decided = choice::open;
  std::string rule;        ///< `rules[2]` of the API, or a shipped default's name.
  std::string reason;      ///< For people.
  bool asks_model = false; ///< It stays open, and a model is asked.
};

/// What the shipped defaults need to know beside the conflict.
struct ruling_context {
  const api_context& api;
  const events::source_definition& source;
  bool current_is_contributed = false; ///< The current value came from a contributor, not a person.
};

/// A pattern matches a JSON pointer segment by segment: `*` any one segment, a last `**` everything
/// below; a pattern also matches whatever lies below it.
bool pointer_matches(std::string_view pattern, std::string_view pointer);

/// Decides one conflict: the API's rules in order, then the shipped defaults:
/// `version-follows-authority`: `/info/version` is the authority's;
/// `version-higher-wins`: where there is none, the higher version wins;
/// `authority-over-contributor`: an authority's change beats what a contributor brought, never a
/// person's edit. Everything else stays open.
ruling decide_conflict(const specs::conflict& conflict, const ruling_context& context);

/// Decides a conflict that a model was asked about in vain: by the rules after the one that asked
/// it, `ai_rule`, and the shipped defaults. No model is asked again; open where that rule is gone.
ruling decide_without_model(const specs::conflict& conflict, const ruling_context& context,
                            std::string_view ai_rule);

/// The index of the first `pin` rule that covers this pointer for this source, if any: incoming
/// changes there never apply.
std::optional<std::size_t> pinned(const ruling_context& context, std::string_view pointer);

/// Compares dotted versions part by part, numbers as numbers: `1.10.0` > `1.9`. Negative, zero or
/// positive; a pre-release (`-rc.1`) is lower than its release (SemVer 2.0.0 §11).
int compare_versions(std::string_view left, std::string_view right);

} // namespace apisync::actors
