#pragma once

#include "actors/interfaces.hpp"
#include "specs/merge.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace apisync::actors {

/// How a conflict was decided, or that it stays open.
struct ruling {
  enum class choice : std::uint8_t { open, current, incoming, base, value };
  choice decided = choice::open;
  std::string rule;        ///< `rules[2]` or `learned[0]` of the API, or a shipped default's name.
  std::string reason;      ///< For people.
  bool asks_model = false; ///< It stays open, and a model is asked.
  std::optional<events::raw_json> value = {};      ///< For `value`.
  std::optional<events::sequence> remembered = {}; ///< The decision that is repeated.
};

/// `current`, `incoming`, `base`, `value`; empty for open.
std::string_view to_string(ruling::choice decided);

/// What rules need to know beside the conflict.
struct ruling_context {
  const api_context& api;
  std::string source;         ///< The incoming side's.
  std::string repository;     ///< Where that is a git repository.
  std::string contributed_by; ///< The contributor whose value current has; empty: a person's, or
                              ///< the authority's.
  /// The gravest change that taking the incoming value would bring.
  std::function<std::optional<events::change_level>()> consequence;
};

/// The git repository that a source was last read from; empty where it is none.
std::string repository_of(const api_context& api, const std::string& source);

/// Names the place and the three values of a conflict: the same again is the same question.
digest decision_key(const specs::conflict& conflict);

/// Decides one conflict. What a person decided of the same place and values holds again
/// (`remembered`); then come the API's rules in order, those made of decisions, and the shipped
/// defaults:
/// `version-follows-authority`: `/info/version` is the authority's;
/// `version-higher-wins`: where there is none, or both are branches of one repository, the higher
/// version wins;
/// `authority-over-contributor`: an authority's change beats what a contributor brought, never a
/// person's edit. Everything else stays open.
ruling decide_conflict(const specs::conflict& conflict, const ruling_context& context);

/// Decides a conflict that a model was asked about in vain: by the rules after the one that asked
/// it, `ai_rule`, and the shipped defaults. No model is asked again; open where that rule is gone.
ruling decide_without_model(const specs::conflict& conflict, const ruling_context& context,
                            std::string_view ai_rule);

/// The name of the first rule that matches this place, if it is a `pin`: incoming changes there
/// never apply.
std::optional<std::string> pinned(const ruling_context& context, std::string_view identity);

/// Whether any rule of the API is a `pin`.
bool has_pin(const api_context& api);

} // namespace apisync::actors
