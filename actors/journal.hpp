#pragma once

#include "actors/environment.hpp"
#include "actors/failure.hpp"
#include "storage/commit_planner.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <deque>
#include <memory>
#include <vector>

namespace apisync::actors {

/// An append on its way to the journal.
struct append_order {
  std::shared_ptr<const storage::append> what;
};

/// The log has grown to this sequence.
struct committed {
  events::sequence head = 0;
};

/// A reader that wants to know when the log has grown.
using commit_listener = caf::typed_actor<caf::reacts_to<committed>>;

struct subscribe_commits {
  commit_listener who;
};

/// The JOURNAL: the only writer of the log.
using journal_actor = caf::typed_actor<
    // Answers when the append is on disk; `conflict` and `already_exists` refuse it alone;
    // `unknown_outcome` when nobody knows, and from then on for everything.
    caf::replies_to<append_order>::with<storage::appended>,
    // Tells a reader of every commit from now on.
    caf::reacts_to<subscribe_commits>>;

struct flush_appends {};

using journal_self_actor = journal_actor::extend<caf::reacts_to<flush_appends>>;

/// A planned commit, to be put on disk.
struct store_order {
  std::shared_ptr<const storage::planned_commit> commit;
};

/// Stored commits, to be acknowledged together.
struct acknowledge_order {
  std::vector<std::shared_ptr<const storage::planned_commit>> commits;
};

/// The DISK: waits for it, so that the journal need not. Every error leaves the log in doubt.
using log_disk_actor = caf::typed_actor<
    // Answers when the commit is stored.
    caf::replies_to<store_order>::with<committed>,
    // Answers when the commits are acknowledged.
    caf::replies_to<acknowledge_order>::with<committed>>;

} // namespace apisync::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::append_order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::committed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::subscribe_commits)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::flush_appends)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::store_order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::acknowledge_order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::storage::appended)

namespace apisync::actors {

/// Told once, on the journal's thread, when a commit has failed and the log must be opened anew.
using log_failure_handler = std::function<void(const error&)>;

/// Three commits at most are under way: one is acknowledged (with all that were stored meanwhile),
/// the next is stored, and the one after that is formed: appends are decided and hashed as they
/// come in. What has come when the disk is free is the next commit, so batching regulates itself
/// without a delay.
class journal_state {
public:
  static inline constexpr auto name = "journal";

  explicit journal_state(journal_self_actor::pointer self) : self_{self} {}

  void open(std::shared_ptr<storage::event_log> log, log_disk_actor store,
            log_disk_actor acknowledge, wall_clock now, queue_limits limits,
            log_failure_handler on_failure);
  caf::result<storage::appended> append(const append_order& order);
  void subscribe(const subscribe_commits& order) { listeners_.push_back(order.who); }

  /// Hands over what was formed, if nothing is being stored and the disk has room.
  void flush();

  /// Accepts nothing more, and quits when everything accepted is answered.
  void leave(const caf::error& reason);

private:
  using promise = caf::typed_response_promise<storage::appended>;

  struct waiting {
    std::shared_ptr<const storage::append> what;
    promise reply;
  };
  struct decided {
    promise reply;
    result<storage::appended> outcome; ///< To be told when the commit is acknowledged.
  };
  struct step {
    std::shared_ptr<const storage::planned_commit> commit; ///< Null where all were refused.
    std::vector<decided> answers;
  };

  void decide(std::shared_ptr<const storage::append> what, promise reply);
  [[nodiscard]] bool fits(const storage::append& what) const;
  void store(std::shared_ptr<const storage::planned_commit> commit);
  void stored();
  void acknowledge();
  void acknowledged();
  void failed(const error& problem);
  void fail_all(const error& problem);
  void refuse_waiting(const error& problem);
  void answer(const std::vector<decided>& answers, const error* problem = nullptr);
  void quit_if_done();

  journal_self_actor::pointer self_;
  std::shared_ptr<storage::event_log> log_;
  log_disk_actor store_, acknowledge_;
  std::unique_ptr<storage::commit_planner> planner_;
  wall_clock now_;
  queue_limits limits_;
  log_failure_handler on_failure_;
  std::vector<step> acknowledging_;
  std::vector<step> stored_; ///< To be acknowledged next.
  std::optional<step> storing_;
  std::vector<decided> forming_; ///< Of the commit after these.
  std::deque<waiting> pending_;  ///< For which that one has no place.
  std::size_t unanswered_ = 0;
  std::vector<commit_listener> listeners_;
  bool flushing_ = false; ///< A `flush_appends` is under way.
  std::optional<error> failed_;
  std::optional<caf::error> leaving_;
};

/// Owns the log's writing side. `detached`: it and the disk get threads of their own, as in the
/// service, where they wait for the disk while the journal works.
journal_self_actor::behavior_type
journal_behavior(journal_self_actor::stateful_pointer<journal_state> self,
                 std::shared_ptr<storage::event_log> log, wall_clock now, queue_limits limits,
                 log_failure_handler on_failure, bool detached);

} // namespace apisync::actors
