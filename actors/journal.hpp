#pragma once

#include "actors/environment.hpp"
#include "actors/failure.hpp"
#include "storage/event_log.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <deque>
#include <memory>
#include <vector>

namespace apisync::actors {

/// An append on its way to the journal, which takes its contents.
struct append_order {
  std::shared_ptr<storage::append> what;
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

} // namespace apisync::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::append_order)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::committed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::subscribe_commits)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::flush_appends)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::storage::appended)

namespace apisync::actors {

/// Told once, on the journal's thread, when a commit has failed and the log must be opened anew.
using log_failure_handler = std::function<void(const error&)>;

class journal_state {
public:
  static inline constexpr auto name = "journal";

  explicit journal_state(journal_self_actor::pointer self) : self_{self} {}

  void open(std::shared_ptr<storage::event_log> log, wall_clock now, queue_limits limits,
            log_failure_handler on_failure);
  caf::result<storage::appended> append(const append_order& order);
  void subscribe(const subscribe_commits& order) { listeners_.push_back(order.who); }

  /// Commits what waits, as soon as the disk has room. Everything that reached the mailbox while
  /// the last commit was under way is in front of this message, so batching regulates itself
  /// without a delay.
  void flush();

  /// Answers everyone still waiting; CAF 0.17 reports no broken promises.
  void fail_all(const error& problem);

private:
  struct waiting {
    std::shared_ptr<storage::append> what;
    caf::typed_response_promise<storage::appended> reply;
  };

  journal_self_actor::pointer self_;
  std::shared_ptr<storage::event_log> log_;
  wall_clock now_;
  queue_limits limits_;
  log_failure_handler on_failure_;
  std::deque<waiting> pending_;
  std::vector<storage::append> batch_; ///< Reused between commits.
  std::vector<commit_listener> listeners_;
  bool flushing_ = false; ///< A `flush_appends` is in the mailbox.
  std::optional<error> failed_;
};

/// Owns the log's writing side. Spawned detached, for a commit waits for the disk.
journal_self_actor::behavior_type
journal_behavior(journal_self_actor::stateful_pointer<journal_state> self,
                 std::shared_ptr<storage::event_log> log, wall_clock now, queue_limits limits,
                 log_failure_handler on_failure);

} // namespace apisync::actors
