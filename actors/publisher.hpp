#pragma once

#include "actors/answer_tally.hpp"
#include "actors/environment.hpp"
#include "actors/publisher_interface.hpp"
#include "actors/views_keeper.hpp"
#include "events/target_state.hpp"
#include "sources/publish.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace apisync::actors {

/// An attempt has ended. `token` tells it from attempts that nobody waits for any more.
struct write_ended {
  std::string target;
  std::uint64_t token = 0;
  std::shared_ptr<const sources::publish_outcome> outcome;
};

/// The pause before the next attempt may be over.
struct write_due {
  std::string target;
};

using publisher_self_actor =
    publisher_actor::extend<caf::reacts_to<write_ended>, caf::reacts_to<write_due>>;

} // namespace apisync::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::write_ended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::write_due)

namespace apisync::actors {

struct publisher_parts {
  std::shared_ptr<storage::event_log> log;
  std::shared_ptr<snapshot_box> box;
  std::shared_ptr<const storage::document_store> documents;
  journal_actor journal;
  views_actor views;
  std::shared_ptr<sources::publisher> publisher;
  std::shared_ptr<const events::settings> values;
  wall_clock now;
  std::uint64_t seed = 0;
  queue_limits limits;
};

/// Brings each target to the document that its API has now. What is wanted is read from the views
/// and what is there from the target's own stream, whenever either moves: so nothing is queued,
/// documents in between are passed over, and a start goes on where the end was. Each target has one
/// attempt under way at a time; one that fails is tried again, while the others go on.
class publisher_state {
public:
  static inline constexpr auto name = "publisher";

  explicit publisher_state(publisher_self_actor::pointer self) : self_{self} {}

  void open(publisher_parts parts);
  caf::result<answer> declare(const declare_targets& order);
  caf::result<answer> write(const write_target& order);
  void settings(const settings_are& order) { parts_.values = order.values; }
  void ended(const write_ended& message);
  void due(const write_due& message);
  void fail_all(const error& problem);

private:
  using core = aggregate<publisher_self_actor::pointer, events::target_state, events::target_event>;

  /// One target. Never taken out of the map, for its appends may be under way.
  struct channel {
    channel(publisher_self_actor::pointer self, std::uint64_t seed, const std::string& id)
        : fold{self}, luck{seed, "target/" + id} {}

    core fold;
    chance luck;
    std::uint64_t token = 0; ///< Of the attempt under way; 0: none.
    std::uint64_t revision = 0;
    digest text;                            ///< Of that attempt.
    std::optional<events::timestamp> alarm; ///< When `write_due` comes.

    [[nodiscard]] const events::target_state& state() const { return fold.state(); }
    [[nodiscard]] bool writes() const { return state().exists && state().definition.enabled; }
  };

  /// What a target is to have now.
  struct wanted {
    std::uint64_t revision = 0;
    digest text;
    std::string format;
    const events::source_state* shared = nullptr; ///< The source that is led by what is there.
  };

  channel& channel_of(const std::string& id);
  void change(channel& of, core::decision decide, const std::shared_ptr<answer_tally>& sum);
  void look();
  void await_more(events::sequence seen);
  void push(channel& of, const events::views& now);
  [[nodiscard]] std::optional<wanted> wanted_by(const channel& of, const events::views& now) const;
  void write(channel& of, const events::views& now, const wanted& document);
  void end(channel& of, events::write_ending ending);
  void settled(channel& of, const change_result& outcome);
  void wait_until(channel& of, events::timestamp time);

  publisher_self_actor::pointer self_;
  publisher_parts parts_;
  std::map<std::string, std::unique_ptr<channel>, std::less<>> channels_;
  std::uint64_t tokens_ = 0;
  bool waiting_ = false; ///< For the views to grow.
};

/// Starts with the targets of the box's snapshot, each where it was.
publisher_self_actor::behavior_type
publisher_behavior(publisher_self_actor::stateful_pointer<publisher_state> self,
                   publisher_parts parts);

} // namespace apisync::actors
