#pragma once

#include "actors/environment.hpp"
#include "actors/interfaces.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <deque>

namespace apisync::actors {

/// A fetch that this source asked for has ended; which one says the token.
struct fetch_ended {
  std::uint64_t token = 0;
  std::shared_ptr<const sources::fetch_outcome> outcome;
};

using source_self_actor = source_actor::extend<caf::reacts_to<fetch_ended>>;

} // namespace apisync::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::fetch_ended)

namespace apisync::actors {

/// What a source needs from the house.
struct source_parts {
  journal_actor journal;
  std::shared_ptr<sources::fetcher> fetcher;
  std::shared_ptr<const storage::document_store> documents; ///< For what was pushed.
  std::shared_ptr<sources::watcher> watcher; ///< May be null: then only polls notice changes.
  std::shared_ptr<const events::settings> values;
  queue_limits limits;
  bool watching = true; ///< Whether its file is watched now.
};

class source_actor_state {
public:
  static inline constexpr auto name = "source";

  explicit source_actor_state(source_self_actor::pointer self) : self_{self}, core_{self} {}

  void open(source_parts parts, events::source_state state, std::uint64_t version);
  caf::result<fetch_result> fetch();
  void fetched(const fetch_ended& ended);
  caf::result<answer> seen(const record_seen& order);
  caf::result<answer> refused(const record_refused& order);
  caf::result<answer> change(const change_source& order);
  caf::result<answer> remove(const remove_source& order);
  caf::result<answer> pause(const pause_source& order);
  caf::result<answer> accept(const accept_quarantine& order);
  caf::result<answer> push(const push_document& order);
  void watch(const watch_files& order);
  void settings(const settings_are& order) { parts_.values = order.values; }
  void fail_all(const error& problem);

private:
  using core = aggregate<source_self_actor::pointer, events::source_state, events::source_event>;

  caf::result<answer> submit(core::decision decide, asked_by who,
                             std::function<void()> afterwards = nullptr,
                             std::vector<storage::stored_document> documents = {});
  void watch_file();
  std::function<void()> watch_anew(const events::source_seen& seen);
  [[nodiscard]] sources::fetch_outcome pushed() const;

  source_self_actor::pointer self_;
  core core_;
  source_parts parts_;
  std::uint64_t token_ = 0;
  std::map<std::uint64_t, caf::typed_response_promise<fetch_result>> fetching_;
};

/// An event-sourced source. At most one may own a stream `source/ID`.
source_self_actor::behavior_type
source_behavior(source_self_actor::stateful_pointer<source_actor_state> self, source_parts parts,
                events::source_state state, std::uint64_t version);

/// Where a source finds its document, for the fetcher; not for manual ones.
sources::location to_location(const events::source_definition& source);

/// How much of it is read, and for how long.
sources::fetch_limits to_limits(const events::source_definition& source,
                                const events::settings& values);

/// The validators of a fetch as they are recorded, and back.
events::source_seen to_seen(const sources::validators& seen);
sources::validators to_validators(const events::source_seen& seen);

} // namespace apisync::actors
