#pragma once

#include "actors/failure.hpp"
#include "actors/journal.hpp"
#include "events/event.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace apisync::actors {

/// Who asked for a change, and how it is remembered.
struct asked_by {
  events::origin from;
  std::optional<storage::command_receipt> command; ///< An `Idempotency-Key`.
  std::string request = {};                        ///< `POST /v1/engine/pause`; may be empty.
};

/// What came of a change: where it lies in the log; all zero when nothing had to change.
using change_result = result<storage::appended>;

/// The event-sourced core of an actor: its state and the queue of what wants to change it. One
/// change at a time is decided, appended, and, once it is on disk, applied and answered; the others
/// wait, up to a limit. Nothing but `apply` changes the state.
///
/// A failed append leaves the truth in doubt, so everything that waits is refused and the actor
/// quits; its supervisor starts it again from the log.
template <class Self, class State, class Event>
class aggregate {
public:
  using decision = std::function<result<std::vector<Event>>(const State&)>;
  using listener = std::function<void(change_result)>;

  explicit aggregate(Self self) : self_{self} {}

  void open(journal_actor journal, std::string stream, State state, std::uint64_t version,
            std::size_t max_pending) {
    journal_ = std::move(journal);
    stream_ = std::move(stream);
    state_ = std::move(state);
    version_ = version;
    max_pending_ = max_pending;
  }

  [[nodiscard]] const State& state() const { return state_; }
  [[nodiscard]] const std::string& stream() const { return stream_; }
  [[nodiscard]] bool busy() const { return in_flight_ || !queue_.empty(); }

  /// Changes the state outside the stream's own records: for rows of other streams that are part of
  /// the fold and are on disk already.
  template <class Fact>
  void apply_row(const Fact& fact) {
    apply(state_, fact);
  }

  /// Decides when its turn has come, appends, applies, and tells `done`, in this order.
  void submit(decision decide, listener done, asked_by who = {},
              std::vector<storage::stored_document> documents = {}) {
    if (queue_.size() >= max_pending_)
      return done(fail(errc::overloaded, "too many changes wait; try again", stream_));
    queue_.push_back({std::move(decide), std::move(done), std::move(who), std::move(documents)});
    take_next();
  }

  /// Refuses everything that waits.
  void fail_all(const error& problem) {
    auto in_flight = std::exchange(in_flight_, std::nullopt);
    auto queue = std::exchange(queue_, {});
    if (in_flight) in_flight->second.done(tl::unexpected{problem});
    for (auto& waiting : queue)
      waiting.done(tl::unexpected{problem});
  }

private:
  struct change {
    decision decide;
    listener done;
    asked_by who;
    std::vector<storage::stored_document> documents;
  };

  void take_next() {
    while (!in_flight_ && !queue_.empty()) {
      auto next = std::move(queue_.front());
      queue_.pop_front();
      auto decided = next.decide(state_);
      if (!decided) {
        next.done(tl::unexpected{decided.error()});
      } else if (decided->empty()) {
        next.done(storage::appended{});
      } else {
        write(std::move(*decided), std::move(next));
      }
    }
  }

  void write(std::vector<Event> decided, change next) {
    auto order = std::make_shared<storage::append>();
    order->expected.push_back({stream_, version_});
    for (const auto& event : decided)
      order->events.push_back(events::encode(stream_, event));
    order->from = next.who.from;
    order->documents = std::move(next.documents);
    order->command = next.who.command;
    in_flight_.emplace(std::move(decided), std::move(next));
    self_->request(journal_, caf::infinite, append_order{std::move(order)})
        .then([this](const storage::appended& where) { written(where); },
              [this](const caf::error& problem) { refused(from_caf(problem)); });
  }

  void written(const storage::appended& where) {
    if (!in_flight_) return;
    auto [facts, waiting] = std::move(*in_flight_);
    in_flight_.reset();
    events::stamp when{where.first, where.time, waiting.who.from.by};
    for (const auto& fact : facts) {
      apply(state_, fact, when);
      ++when.sequence;
    }
    version_ += facts.size();
    waiting.done(where);
    take_next();
  }

  void refused(const error& problem) {
    if (!in_flight_) return;
    if (problem.code == errc::already_exists || problem.code == errc::overloaded) {
      // Refused before anything was written: only this change is affected.
      auto waiting = std::move(in_flight_->second);
      in_flight_.reset();
      waiting.done(tl::unexpected{problem});
      return take_next();
    }
    fail_all(problem);
    self_->quit(to_caf(problem));
  }

  Self self_;
  journal_actor journal_;
  std::string stream_;
  State state_;
  std::uint64_t version_ = 0;
  std::size_t max_pending_ = 0;
  std::deque<change> queue_;
  std::optional<std::pair<std::vector<Event>, change>> in_flight_;
};

} // namespace apisync::actors
