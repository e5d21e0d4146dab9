#pragma once

#include "actors/answer_tally.hpp"
#include "actors/environment.hpp"
#include "actors/notifier_interface.hpp"
#include "actors/views_keeper.hpp"
#include "events/notification.hpp"
#include "sources/deliver.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace apisync::actors {

/// An attempt has ended. `token` tells it from attempts that nobody waits for any more.
struct delivery_ended {
  std::string webhook;
  std::uint64_t token = 0;
  std::shared_ptr<const sources::delivery_outcome> outcome;
};

/// The pause before the next attempt may be over.
struct delivery_due {
  std::string webhook;
};

/// There is more of the log to look at.
struct look_on {};

using notifier_self_actor =
    notifier_actor::extend<caf::reacts_to<delivery_ended>, caf::reacts_to<delivery_due>,
                           caf::reacts_to<look_on>>;

} // namespace apisync::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::delivery_ended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::delivery_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::look_on)

namespace apisync::actors {

struct notifier_parts {
  std::shared_ptr<storage::event_log> log;
  std::shared_ptr<snapshot_box> box;
  journal_actor journal;
  views_actor views;
  std::shared_ptr<sources::sender> sender;
  std::shared_ptr<const events::settings> values;
  wall_clock now;
  std::uint64_t seed = 0;
  queue_limits limits;
  std::size_t look_records = 4'096;         ///< Looked at without letting others have a turn.
  events::sequence advance_every = 100'000; ///< Records that a webhook may have to look at again.
};

/// The log is the queue: each webhook remembers how far it is settled (`webhook_state::position`),
/// and finds the next event for it by reading on from there. So nothing is held in memory but one
/// sequence per webhook, and nothing is lost in a crash. Each webhook has one delivery under way at
/// a time, which keeps its events in order; one that fails is tried again until it is given up,
/// while the others go on.
///
/// It reads no further than the views have come, so that a receiver who asks the service back finds
/// at least what it was told.
class notifier_state {
public:
  static inline constexpr auto name = "notifier";

  explicit notifier_state(notifier_self_actor::pointer self) : self_{self} {}

  void open(notifier_parts parts);
  caf::result<answer> declare(const declare_webhooks& order);
  caf::result<answer> resend(const resend_deliveries& order);
  void settings(const settings_are& order) { parts_.values = order.values; }
  void ended(const delivery_ended& message);
  void due(const delivery_due& message);
  void fail_all(const error& problem);

  /// Finds the next events for webhooks that have none, sends them, and waits for more.
  void look();
  void look_further() {
    looking_ = false;
    look();
  }

private:
  using core =
      aggregate<notifier_self_actor::pointer, events::webhook_state, events::webhook_event>;

  /// One webhook. Never taken out of the map, for its appends may be under way.
  struct channel {
    channel(notifier_self_actor::pointer self, std::uint64_t seed, const std::string& id)
        : fold{self}, luck{seed, "webhook/" + id} {}

    core fold;
    chance luck;
    events::sequence looked = 0; ///< Nothing up to here is wanted, but for `next`.
    events::sequence next = 0;   ///< The event to be told; 0: not known.
    std::uint64_t token = 0;     ///< Of the attempt under way; 0: none.
    events::delivery_attempt attempt;
    std::optional<events::timestamp> alarm; ///< When `delivery_due` comes.

    [[nodiscard]] const events::webhook_state& state() const { return fold.state(); }
    [[nodiscard]] bool sends() const { return state().exists && state().definition.enabled; }
    [[nodiscard]] bool seeks() const { return sends() && next == 0; }
  };

  // notifier.cpp
  channel& channel_of(const std::string& id);
  void change(channel& of, core::decision decide, const std::shared_ptr<answer_tally>& sum);

  [[nodiscard]] result<void> can_be_told(const std::vector<events::sequence>& wanted) const;

  // notifier_search.cpp
  result<bool> find_next(const events::views& now);
  result<std::size_t> offer(const events::views& now, const events::record_view& record);
  void advance(channel& of);
  void await_more(events::sequence seen);
  [[nodiscard]] result<std::optional<events::notification>>
  read_event(events::sequence event) const;

  // notifier_delivery.cpp
  void push(channel& of);
  void send(channel& of, events::sequence event);
  void settled(channel& of, const change_result& outcome);
  void wait_until(channel& of, events::timestamp time);

  notifier_self_actor::pointer self_;
  notifier_parts parts_;
  std::map<std::string, std::unique_ptr<channel>, std::less<>> channels_;
  std::uint64_t tokens_ = 0;
  bool waiting_ = false; ///< For the views to grow.
  bool looking_ = false; ///< A `look_on` is in the mailbox.
};

/// Starts with the webhooks of the box's snapshot, each where it was.
notifier_self_actor::behavior_type
notifier_behavior(notifier_self_actor::stateful_pointer<notifier_state> self, notifier_parts parts);

} // namespace apisync::actors
