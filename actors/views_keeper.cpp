#include "actors/views_keeper.hpp"

namespace apisync::actors {

namespace {

/// Folds what the log has beyond `views`.
result<void> fold(const storage::event_log& log, const storage::read_filter& filter,
                  events::views& views) {
  result<void> folded;
  auto read = log.read(filter, [&](const events::record_view& record) {
    folded = views.apply(record);
    return folded.has_value();
  });
  return read ? folded : read;
}

} // namespace

void views_state::open(views_parts parts) {
  parts_ = std::move(parts);
  views_ = *parts_.box->get();
  published_ = views_.at();
}

void views_state::catch_up(const committed& news) {
  if (news.head <= views_.at()) return;
  storage::read_filter filter;
  filter.after = views_.at();
  if (auto folded = fold(*parts_.log, filter, views_); !folded) {
    fail_all(folded.error());
    self_->quit(to_caf(folded.error()));
    return;
  }
  if (timer_) return;
  timer_ = true;
  self_->delayed_send(self_, parts_.delay, publish_views{});
}

caf::result<committed> views_state::wait(const await_views& order) {
  if (published_ >= order.at_least) return committed{published_};
  auto reply = self_->make_response_promise<committed>();
  waiting_.push_back({order.at_least, reply});
  return reply;
}

void views_state::publish() {
  timer_ = false;
  parts_.box->put(std::make_shared<const events::views>(views_));
  published_ = views_.at();
  std::erase_if(waiting_, [this](waiting& entry) {
    if (entry.at_least > published_) return false;
    entry.reply.deliver(committed{published_});
    return true;
  });
}

void views_state::fail_all(const error& problem) {
  for (auto& entry : waiting_)
    entry.reply.deliver(to_caf(problem));
  waiting_.clear();
}

views_self_actor::behavior_type views_behavior(views_self_actor::stateful_pointer<views_state> self,
                                               views_parts parts) {
  self->set_exit_handler([self](const caf::exit_msg& message) {
    self->state.fail_all({errc::unavailable, "the service is shutting down", {}});
    self->quit(message.reason);
  });
  self->state.open(std::move(parts));
  return {
      [self](const committed& news) { self->state.catch_up(news); },
      [self](const await_views& order) { return self->state.wait(order); },
      [self](const publish_views&) { self->state.publish(); },
  };
}

} // namespace apisync::actors
