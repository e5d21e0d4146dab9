#include "actors/notifier.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <set>
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

// -- what is declared ---------------------------------------------------------

struct notifier_state::tally {
  caf::typed_response_promise<answer> reply;
  std::size_t left = 1; ///< Appends, and whoever starts them.
  events::sequence last = 0;
  std::optional<error> problem = {};

  void add(const change_result& outcome) {
    if (outcome)
      last = std::max(last, outcome->last);
    else if (!problem)
      problem = outcome.error();
    if (--left > 0) return;
    if (problem)
      reply.deliver(to_caf(*problem));
    else
      reply.deliver(answer{last, "{}"});
  }
};

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
  auto sum = std::make_shared<tally>(tally{self_->make_response_promise<answer>()});
  auto reply = sum->reply;
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

void notifier_state::change(channel& of, core::decision decide, const std::shared_ptr<tally>& sum) {
  ++sum->left;
  of.fold.submit(std::move(decide), [this, &of, sum](const change_result& outcome) {
    if (outcome && outcome->last != 0) {
      of.next = 0; // another filter may want another event
      of.looked = of.state().position;
    }
    sum->add(outcome);
    settled(of, outcome);
  });
}

// -- finding what is to be told -----------------------------------------------

void notifier_state::look() {
  const auto now = parts_.box->get();
  const auto more = find_next(*now);
  if (!more) return self_->quit(to_caf(more.error()));
  for (const auto& [id, of] : channels_) {
    advance(*of);
    push(*of);
  }
  if (!*more) return await_more(now->at());
  if (std::exchange(looking_, true)) return;
  self_->send(self_, look_on{});
}

/// Reads on for all webhooks that know no next event. True where some of them have not come to the
/// end of what there is.
result<bool> notifier_state::find_next(const events::views& now) {
  std::size_t seeking = 0;
  storage::read_filter filter;
  filter.after = now.at();
  filter.up_to = now.at();
  for (const auto& [id, of] : channels_)
    if (of->seeks() && of->looked < now.at()) {
      ++seeking;
      filter.after = std::min(filter.after, of->looked);
    }
  if (seeking == 0) return false;
  result<void> offered;
  auto reached = now.at();
  auto left = parts_.look_records;
  const auto read = parts_.log->read(filter, [&](const events::record_view& record) {
    const auto takers = offer(now, record);
    if (!takers) offered = tl::unexpected{takers.error()};
    seeking -= takers.value_or(0);
    if (offered && seeking > 0 && --left > 0) return true;
    reached = record.sequence;
    return false;
  });
  if (!read) return tl::unexpected{read.error()};
  if (!offered) return tl::unexpected{offered.error()};
  for (const auto& [id, of] : channels_)
    if (of->seeks()) of->looked = std::max(of->looked, reached);
  return seeking > 0 && reached < now.at();
}

/// Gives a record to those who seek and want it; how many they are.
result<std::size_t> notifier_state::offer(const events::views& now,
                                          const events::record_view& record) {
  const auto news = notification_of(record, now);
  if (!news) return tl::unexpected{news.error()};
  std::size_t takers = 0;
  if (!*news) return takers;
  for (const auto& [id, of] : channels_) {
    if (!of->seeks() || record.sequence <= of->looked) continue;
    if (!wants(of->state().definition, **news)) continue;
    of->next = of->looked = record.sequence;
    ++takers;
  }
  return takers;
}

/// A webhook that hardly ever wants anything would have to look at the whole log again at a start.
void notifier_state::advance(channel& of) {
  if (!of.seeks() || of.token != 0 || of.fold.busy()) return;
  if (of.looked < of.state().position + parts_.advance_every) return;
  of.fold.submit(
      [to = of.looked](const events::webhook_state& state)
          -> result<std::vector<events::webhook_event>> { return decide_advance(state, to); },
      [this, &of](const change_result& outcome) { settled(of, outcome); });
}

void notifier_state::await_more(events::sequence seen) {
  const bool any = std::any_of(channels_.begin(), channels_.end(),
                               [](const auto& entry) { return entry.second->sends(); });
  if (!any || std::exchange(waiting_, true)) return;
  self_->request(parts_.views, caf::infinite, await_views{seen + 1})
      .then(
          [this](const committed&) {
            waiting_ = false;
            look();
          },
          [](const caf::error&) {}); // the views are gone: the whole service starts anew
}

// -- telling it ---------------------------------------------------------------

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

result<std::optional<events::notification>>
notifier_state::read_event(events::sequence event) const {
  result<std::optional<events::notification>> out;
  storage::read_filter filter;
  filter.after = event - 1;
  filter.up_to = event;
  const auto now = parts_.box->get();
  const auto read = parts_.log->read(filter, [&](const events::record_view& record) {
    out = notification_of(record, *now);
    return false;
  });
  if (!read) return tl::unexpected{read.error()};
  return out;
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
