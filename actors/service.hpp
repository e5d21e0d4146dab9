#pragma once

#include "actors/house.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include <memory>

namespace apisync::actors {

/// How long callers wait for an answer of the actors before they are told that there is none yet.
struct call_limits {
  std::chrono::milliseconds answer{30'000};
  std::chrono::milliseconds sync{120'000};    ///< For callers that wait for a whole sync.
  std::chrono::milliseconds shutdown{10'000}; ///< For running syncs to end.
};

/// The service as those outside the actors see it: calls that block, and snapshots that do not.
/// Thread-safe but for `stop` and destruction.
class service {
public:
  /// Starts the actors on an opened log.
  static result<std::unique_ptr<service>> start(house_options options, call_limits limits = {});

  /// Stops.
  ~service();
  service(const service&) = delete;
  service& operator=(const service&) = delete;

  /// Asks the engine, waits for the answer, and then until the views have reached its sequence. An
  /// order with an `Idempotency-Key` that was carried out before is answered as then; the key with
  /// another content is refused with `conflict`.
  template <class Order>
  result<answer> change(const Order& order) {
    if (auto known = answered_before(order.asked); !known || *known)
      return known ? result<answer>{**known} : tl::unexpected{known.error()};
    if (auto room = log().room(); !room) return tl::unexpected{room.error()};
    auto outcome = ask<answer>(order, limits_.answer);
    if (outcome && outcome->sequence == 0) outcome = remembered(*outcome, order.asked);
    if (!outcome) {
      // Refused, perhaps because the same request has just been carried out.
      if (auto known = answered_before(order.asked); known && *known) return **known;
      return outcome;
    }
    if (auto seen = await(outcome->sequence); !seen) return tl::unexpected{seen.error()};
    return outcome;
  }

  /// Orders a sync: the order is on disk and in the views, and with `wait` the end of the sync too.
  /// With an `Idempotency-Key` as in `change`; the answer is the end of the sync that was ordered
  /// first.
  result<sync_ended> sync(const sync_source& order);

  /// Takes over a configuration; sequence 0 where it is as it was.
  result<answer> configure(const apply_config& order);

  /// What the job of a source waits for now; nothing where it has none.
  result<waits> waits_of(const std::string& source);
  /// How busy a host is now.
  result<host_load> load_of(const std::string& host);

  /// A hint of the watcher; returns at once.
  void file_changed(const std::string& source);

  /// The newest snapshot.
  [[nodiscard]] snapshot now() const { return house_.box->get(); }

  /// Waits until the snapshot has reached a sequence.
  result<void> await(events::sequence at_least);

  [[nodiscard]] const storage::event_log& log() const { return *options_.store.log; }
  [[nodiscard]] const storage::document_store& documents() const {
    return *options_.store.documents;
  }

  /// Ends running syncs as interrupted, records the end, and stops the actors, all within bounded
  /// time. What was answered is on disk; what was not is refused. Idempotent.
  void stop(const std::string& reason);

private:
  struct config : caf::actor_system_config {
    config();
  };

  service(house_options options, call_limits limits);

  template <class Answer, class Order>
  result<Answer> ask(const Order& order, std::chrono::milliseconds deadline) {
    caf::scoped_actor self{system_};
    result<Answer> outcome = fail(errc::internal, "no answer");
    self->request(house_.engine, deadline, order)
        .receive([&](const Answer& value) { outcome = value; },
                 [&](const caf::error& problem) { outcome = tl::unexpected{from_caf(problem)}; });
    return outcome;
  }

  result<std::optional<answer>> answered_before(const asked_by& asked) const;
  result<answer> remembered(const answer& unchanged, const asked_by& asked);
  result<sync_ended> sync_again(const answer& known, bool wait);

  house_options options_;
  call_limits limits_;
  config config_;
  caf::actor_system system_;
  house house_;
  bool stopped_ = false;
};

} // namespace apisync::actors
