#pragma once

#include "events/views.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What happened to APIs, for people: revisions, changes and conflicts as JSON, in the shapes of
/// docs/http-api.md.
namespace apisync::events {

/// A revision; its changes are listed on demand only.
enum class detail : std::uint8_t { brief, full };
std::string revision_json(std::string_view api, const revision& of, detail much);

/// All revisions of an API as a JSON array, newest first, as the items of its list of revisions.
std::string history_json(const api_state& api);

/// Which changes are asked for; an empty or absent condition holds for all.
struct change_filter {
  std::optional<change_level> level; ///< This or a graver one.
  std::optional<timestamp> since;    ///< Of the revision, inclusive.
  std::string owner, api;
};

/// One change of a revision. `after` of a page is the `key` of the last item before it.
struct listed_change {
  std::string key;
  std::string json;
};

/// The first `limit` changes, newest revision first, that come after `after` in that order; empty:
/// from the start. Of one API: all that its revisions list; of all: `views::max_changes` revisions.
std::vector<listed_change> changes(const views& in, const change_filter& wanted,
                                   std::string_view after, std::size_t limit);

/// A conflict's name everywhere outside its API: `API:ID`.
std::string conflict_name(std::string_view api, const conflict_state& of);
std::string conflict_json(std::string_view api, const conflict_state& of);

/// A conflict and whose it is.
struct listed_conflict {
  std::string api;
  std::shared_ptr<const conflict_state> conflict;
};

/// Finds a conflict by its name, open ones before ended ones, newest first.
std::optional<listed_conflict> find_conflict(const views& in, std::string_view name);

struct conflict_filter {
  std::string api;        ///< Empty: all.
  bool ended_too = false; ///< Otherwise open ones only.
};

/// The first `limit` conflicts whose names come after `after`, in the order of API and id.
std::vector<listed_conflict> conflicts(const views& in, const conflict_filter& wanted,
                                       std::string_view after, std::size_t limit);

} // namespace apisync::events
