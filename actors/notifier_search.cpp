// How webhooks find what they tell: the log is their queue.
#include "actors/notifier.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace apisync::actors {

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

} // namespace apisync::actors
