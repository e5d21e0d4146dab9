#pragma once

#include "actors/environment.hpp"
#include "actors/journal.hpp"
#include "events/views.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace apisync::actors {

using snapshot = std::shared_ptr<const events::views>;

/// Where the newest snapshot of the views lies. Readers take it without waiting on an actor.
class snapshot_box {
public:
  snapshot_box() : snapshot_{std::make_shared<const events::views>()} {}

  [[nodiscard]] snapshot get() const {
    const std::scoped_lock lock{mutex_};
    return snapshot_;
  }

  void put(snapshot next) {
    const std::scoped_lock lock{mutex_};
    snapshot_.swap(next); // the old one is freed outside the lock
  }

private:
  mutable std::mutex mutex_;
  snapshot snapshot_;
};

/// Answers with the sequence of a snapshot that is at least as new as asked for.
struct await_views {
  events::sequence at_least = 0;
};

/// VIEWS: the folded read side.
using views_actor =
    caf::typed_actor<caf::reacts_to<committed>, caf::replies_to<await_views>::with<committed>>;

struct publish_views {};

using views_self_actor = views_actor::extend<caf::reacts_to<publish_views>>;

} // namespace apisync::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::await_views)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::publish_views)

namespace apisync::actors {

struct views_parts {
  std::shared_ptr<const storage::event_log> log;
  std::shared_ptr<snapshot_box> box;
  std::chrono::milliseconds delay{10}; ///< At most one snapshot in this time.
};

class views_state {
public:
  static inline constexpr auto name = "views";

  explicit views_state(views_self_actor::pointer self) : self_{self} {}

  void open(views_parts parts);
  void catch_up(const committed& news);
  caf::result<committed> wait(const await_views& order);
  void publish();
  void fail_all(const error& problem);

private:
  struct waiting {
    events::sequence at_least = 0;
    caf::typed_response_promise<committed> reply;
  };

  views_self_actor::pointer self_;
  views_parts parts_;
  events::views views_;
  events::sequence published_ = 0;
  bool timer_ = false;
  std::vector<waiting> waiting_;
};

/// Folds what is committed into views and publishes snapshots. Starts from the box's snapshot, and
/// quits with `corrupt` when a record cannot be folded.
views_self_actor::behavior_type views_behavior(views_self_actor::stateful_pointer<views_state> self,
                                               views_parts parts);

} // namespace apisync::actors
