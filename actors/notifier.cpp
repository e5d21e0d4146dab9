#include "actors/notifier.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace apisync::actors {

// -- what is declared ---------------------------------------------------------

void notifier_state::open(notifier_parts parts) {
  parts_ = std::move(parts);
  const auto now = parts_.box->get();
  now->each_webhook([&](const events::webhook_state& state) { channel_of(state.definition.id); });
  look();
}

/// The channel of a webhook, as the snapshot has it, or as if it had never been declared.
notifier_state::channel& notifier_state::channel_of(const std::string& id) {
  auto& slot = channels_[id];
  if (slot) return *slot;
  slot = std::make_unique<channel>(self_, parts_.seed, id);
  events::webhook_state state;
  state.definition.id = id;
  const auto now = parts_.box->get();
  if (const auto* known = now->webhook(id)) state = *known;
  slot->looked = state.position;
  const auto stream = "webhook/" + id;
  slot->fold.open(parts_.journal, stream, std::move(state), parts_.log->version(stream),
                  parts_.limits.commands_pending);
  return *slot;
}

caf::result<answer> notifier_state::declare(const declare_webhooks& order) {
  auto reply = self_->make_response_promise<answer>();
  auto sum = std::make_shared<answer_tally>(reply);
  std::set<std::string> wanted;
  for (const auto& webhook : *order.webhooks) {
    wanted.insert(webhook.id);
    change(
        channel_of(webhook.id),
        [webhook](const events::webhook_state& state) {
          return state.exists ? decide_change(state, webhook) : decide_add(state, webhook);
        },
        sum);
  }
  for (const auto& [id, of] : channels_)
    if (of->state().exists && !wanted.contains(id))
      change(
          *of, [](const events::webhook_state& state) { return decide_remove(state); }, sum);
  sum->add(storage::appended{});
  return reply;
}

void notifier_state::change(channel& of, core::decision decide,
                            const std::shared_ptr<answer_tally>& sum) {
  sum->expect();
  of.fold.submit(std::move(decide), [this, &of, sum](const change_result& outcome) {
    if (outcome && outcome->last != 0) {
      of.next = 0; // another filter may want another event
      of.looked = of.state().position;
    }
    sum->add(outcome);
    settled(of, outcome);
  });
}

// -- orders -------------------------------------------------------------------

result<void> notifier_state::can_be_told(const std::vector<events::sequence>& wanted) const {
  if (wanted.size() > events::webhook_state::max_again)
    return fail(errc::limit_exceeded, "at most " +
                                          std::to_string(events::webhook_state::max_again) +
                                          " events can be ordered at once");
  for (const auto event : wanted) {
    if (event == 0) return fail(errc::invalid_argument, "events are numbered from 1", "events");
    const auto news = read_event(event);
    if (!news) return tl::unexpected{news.error()};
    if (!*news)
      return fail(errc::invalid_argument,
                  "event " + std::to_string(event) + " is none that webhooks tell of", "events");
  }
  return {};
}

caf::result<answer> notifier_state::resend(const resend_deliveries& order) {
  const auto found = channels_.find(order.webhook);
  if (found == channels_.end() || !found->second->state().exists)
    return to_caf({errc::not_found, "there is no webhook '" + order.webhook + "'", {}});
  if (auto good = can_be_told(order.events); !good) return to_caf(good.error());
  auto& of = *found->second;
  auto reply = self_->make_response_promise<answer>();
  const auto ordered = std::make_shared<std::size_t>(0);
  of.fold.submit(
      [wanted = order.events, ordered](const events::webhook_state& state) {
        auto decided = decide_again(state, wanted);
        if (decided && !decided->empty())
          *ordered = std::get<events::redelivery_ordered>(decided->front()).events.size();
        return decided;
      },
      [this, &of, reply, ordered](const change_result& outcome) mutable {
        if (outcome)
          reply.deliver(answer{outcome->last, "{\"ordered\":" + std::to_string(*ordered) + "}"});
        else
          reply.deliver(to_caf(outcome.error()));
        settled(of, outcome);
      },
      order.asked);
  return reply;
}

void notifier_state::fail_all(const error& problem) {
  for (const auto& [id, of] : channels_)
    of->fold.fail_all(problem);
}

notifier_self_actor::behavior_type
notifier_behavior(notifier_self_actor::stateful_pointer<notifier_state> self,
                  notifier_parts parts) {
  self->set_exit_handler([self](const caf::exit_msg& message) {
    self->state.fail_all({errc::unavailable, "the service is shutting down", {}});
    self->quit(message.reason);
  });
  self->state.open(std::move(parts));
  return {
      [self](const declare_webhooks& order) { return self->state.declare(order); },
      [self](const resend_deliveries& order) { return self->state.resend(order); },
      [self](const settings_are& order) { self->state.settings(order); },
      [self](const delivery_ended& message) { self->state.ended(message); },
      [self](const delivery_due& message) { self->state.due(message); },
      [self](const look_on&) { self->state.look_further(); },
  };
}

} // namespace apisync::actors
