#include "actors/service.hpp"

#include "actors/ordered_sync.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <thread>

namespace apisync::actors {

/// Sharing and a bounded throughput: with CAF 0.17's defaults, a busy pair of actors can keep every
/// other message waiting for ever.
service::config::config() {
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-throughput", 100);
  set("scheduler.max-threads", std::max(2U, std::thread::hardware_concurrency()));
}

service::service(house_options options, call_limits limits)
    : options_{std::move(options)}, limits_{limits}, system_{config_} {}

result<std::unique_ptr<service>> service::start(house_options options, call_limits limits) {
  std::unique_ptr<service> out{new service{std::move(options), limits}};
  auto house = open_house(out->system_, out->options_);
  if (!house) {
    out->stopped_ = true; // nothing runs
    return tl::unexpected{house.error()};
  }
  out->house_ = std::move(*house);
  return out;
}

service::~service() {
  stop("stopped");
}

result<void> service::await(events::sequence at_least) {
  if (now()->at() >= at_least) return {};
  caf::scoped_actor self{system_};
  result<void> outcome;
  self->request(house_.views, limits_.answer, await_views{at_least})
      .receive([](const committed&) {},
               [&](const caf::error& problem) { outcome = tl::unexpected{from_caf(problem)}; });
  return outcome;
}

result<sync_ended> service::sync(const sync_source& order) {
  if (auto known = answered_before(order.asked); !known || *known)
    return known ? sync_again(**known, order.wait) : tl::unexpected{known.error()};
  if (auto room = log().room(); !room) return tl::unexpected{room.error()};
  auto outcome = ask<sync_ended>(order, order.wait ? limits_.sync : limits_.answer);
  if (!outcome) {
    if (auto known = answered_before(order.asked); known && *known)
      if (outcome.error().code == errc::already_exists) return sync_again(**known, order.wait);
    return outcome;
  }
  if (auto seen = await(outcome->sequence); !seen) return tl::unexpected{seen.error()};
  return outcome;
}

/// A sync that was ordered before: it is looked up, or its end waited for.
result<sync_ended> service::sync_again(const answer& known, bool wait) {
  if (auto seen = await(known.sequence); !seen) return tl::unexpected{seen.error()};
  auto ordered = find_ordered_sync(log(), known.sequence);
  if (!ordered || !wait || ordered->outcome != events::sync_outcome::none) return ordered;
  auto outcome = ask<sync_ended>(await_sync{ordered->job, known.sequence}, limits_.sync);
  if (!outcome) return outcome;
  ordered = find_ordered_sync(log(), known.sequence);
  if (ordered)
    if (auto seen = await(ordered->sequence); !seen) return tl::unexpected{seen.error()};
  return ordered;
}

result<answer> service::configure(const apply_config& order) {
  auto outcome = ask<answer>(order, limits_.sync);
  if (outcome)
    if (auto seen = await(outcome->sequence); !seen) return tl::unexpected{seen.error()};
  return outcome;
}

result<waits> service::waits_of(const std::string& source) {
  return ask<waits>(ask_waits{source}, limits_.answer);
}

result<host_load> service::load_of(const std::string& host) {
  return ask<host_load>(ask_host{host}, limits_.answer);
}

void service::file_changed(const std::string& source) {
  caf::anon_send(house_.engine, actors::file_changed{source});
}

result<std::optional<answer>> service::answered_before(const asked_by& asked) const {
  if (!asked.command) return std::nullopt;
  auto known = options_.store.log->find_command(asked.command->id);
  if (!known) return tl::unexpected{known.error()};
  if (!*known) return std::nullopt;
  if ((*known)->fingerprint != asked.command->fingerprint)
    return fail(errc::conflict, "this Idempotency-Key was used for another request",
                "Idempotency-Key");
  return answer{(*known)->sequence, (*known)->answer, true};
}

result<answer> service::remembered(const answer& unchanged, const asked_by& asked) {
  if (!asked.command) return unchanged;
  note_answered note{asked};
  note.asked.command->answer = unchanged.json;
  auto noted = ask<answer>(note, limits_.answer);
  if (noted) noted->json = unchanged.json;
  return noted;
}

namespace {

/// Tells an actor to exit and waits until it has, or for the deadline.
template <class Handle>
void end_actor(caf::scoped_actor& self, Handle& handle, std::chrono::milliseconds deadline) {
  if (!handle) return;
  self->monitor(handle);
  self->send_exit(handle, caf::exit_reason::user_shutdown);
  bool waiting = true;
  self->receive_while([&] { return waiting; })(
      [&](const caf::down_msg& message) { waiting = !(handle == message.source); },
      caf::after(deadline) >> [&] { waiting = false; });
  handle = Handle{};
}

} // namespace

void service::stop(const std::string& reason) {
  if (std::exchange(stopped_, true)) return;
  {
    caf::scoped_actor self{system_};
    self->request(house_.engine, limits_.shutdown, close_engine{reason})
        .receive([](const answer&) {}, [](const caf::error&) {}); // cut short: interrupted at start
    using std::chrono::seconds;
    end_actor(self, house_.engine, seconds{5});
    end_actor(self, house_.scheduler, seconds{1});
    end_actor(self, house_.resolver, seconds{1});
    for (auto& worker : house_.workers)
      end_actor(self, worker, seconds{5});
    end_actor(self, house_.views, seconds{1});
    end_actor(self, house_.journal, seconds{10});
  }
  house_ = {};
  system_.await_actors_before_shutdown(false);
}

} // namespace apisync::actors
