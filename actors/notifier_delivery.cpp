// How webhooks are told: one delivery at a time, again after a pause.
#include "actors/notifier.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace apisync::actors {

namespace {

constexpr std::chrono::seconds pause_when_full{1}; // before an outcome is sought again
constexpr std::chrono::hours longest_pause{24};    // between two looks at the clock

events::delivery_ending to_ending(const sources::delivery_outcome& outcome) {
  if (outcome) return {true, false, static_cast<std::uint32_t>(outcome->status), {}, {}, {}};
  const auto& failure = outcome.error();
  return {false,
          failure.refused,
          0,
          failure.problem.message,
          failure.problem.where,
          failure.retry_after};
}

} // namespace

/// Sends what comes next, if it is time: what is new first, then what was ordered again.
void notifier_state::push(channel& of) {
  if (!of.sends() || of.token != 0 || of.fold.busy()) return;
  const auto& state = of.state();
  const auto event = of.next != 0 ? of.next : state.again.empty() ? 0 : state.again.front();
  if (event == 0) return;
  if (state.next_attempt && *state.next_attempt > parts_.now())
    return wait_until(of, *state.next_attempt);
  send(of, event);
}

void notifier_state::send(channel& of, events::sequence event) {
  const auto news = read_event(event);
  if (!news || !*news) {
    self_->quit(to_caf(news ? error{errc::corrupt, "an event that was to be told is gone",
                                    "record " + std::to_string(event)}
                            : news.error()));
    return;
  }
  const auto& webhook = of.state().definition;
  of.attempt = {event, (*news)->type, (*news)->api};
  of.token = ++tokens_;
  sources::delivery_request request;
  request.receiver = webhook.id;
  request.url = webhook.url;
  request.secrets = webhook.secrets;
  request.allow_addresses = webhook.allow_addresses;
  request.id = delivery_id(webhook, **news);
  request.body = std::make_shared<const std::string>(delivery_body(webhook, **news));
  request.timeout = webhook.timeout;
  auto me = caf::actor_cast<caf::actor>(self_);
  parts_.sender->send(
      std::move(request), [me, id = webhook.id, token = of.token](sources::delivery_outcome how) {
        caf::anon_send(
            me, delivery_ended{id, token,
                               std::make_shared<const sources::delivery_outcome>(std::move(how))});
      });
}

void notifier_state::ended(const delivery_ended& message) {
  const auto found = channels_.find(message.webhook);
  if (found == channels_.end() || found->second->token != message.token) return;
  auto& of = *found->second;
  of.token = 0;
  const auto& outcome = *message.outcome;
  if (!outcome && outcome.error().problem.code == errc::cancelled) return; // the service stops
  of.fold.submit(
      [this, attempt = of.attempt, ending = to_ending(outcome), luck = of.luck.next()](
          const events::webhook_state& state) -> result<std::vector<events::webhook_event>> {
        const auto now = parts_.now();
        return decide_end(state, attempt, ending, {now, now, luck, *parts_.values});
      },
      [this, &of](const change_result& written) { settled(of, written); });
}

/// Something of the webhook is on disk, or could not be brought there.
void notifier_state::settled(channel& of, const change_result& outcome) {
  if (!outcome) {
    // Too much waits for the disk: an outcome that is lost is sought again.
    if (outcome.error().code == errc::overloaded) wait_until(of, parts_.now() + pause_when_full);
    return;
  }
  if (of.next != 0 && of.next <= of.state().position) of.next = 0;
  look();
}

void notifier_state::wait_until(channel& of, events::timestamp time) {
  if (of.alarm && *of.alarm <= time) return;
  of.alarm = time;
  const auto now = parts_.now();
  const auto pause = std::clamp<std::chrono::microseconds>(time - now, std::chrono::milliseconds{1},
                                                           longest_pause);
  self_->delayed_send(self_, pause, delivery_due{of.state().definition.id});
}

void notifier_state::due(const delivery_due& message) {
  const auto found = channels_.find(message.webhook);
  if (found == channels_.end()) return;
  found->second->alarm.reset();
  push(*found->second);
}

} // namespace apisync::actors
