#include "actors/resolver.hpp"

#include "actors/integrate.hpp"

#include <sys/resource.h>
#include <unistd.h>

namespace apisync::actors {

void resolver_state::open(resolver_parts parts) {
  parts_ = std::move(parts);
  for (std::size_t i = parts_.workers.size(); i-- > 0;)
    idle_.push_back(i);
  share_memory();
}

caf::result<integrated_ptr> resolver_state::resolve(const integrate_order& order) {
  if (queue_.size() >= parts_.limits.tasks_pending)
    return to_caf({errc::overloaded, "too many documents wait to be compared; try again", {}});
  auto reply = self_->make_response_promise<integrated_ptr>();
  queue_.push_back({order, estimated_memory(*order.task, *parts_.documents), reply});
  start_next();
  return reply;
}

void resolver_state::start_next() {
  while (!idle_.empty() && !queue_.empty()) {
    const auto memory = queue_.front().memory;
    if (reserved_ > 0 && reserved_ + memory > parts_.memory_budget) return;
    auto next = std::move(queue_.front());
    queue_.pop_front();
    const auto worker = idle_.back();
    idle_.pop_back();
    reserved_ += memory;
    share_memory();
    const auto number = ++started_;
    running_.emplace(number, next.reply);
    auto settle = [this, worker, memory, number](auto value) {
      auto found = running_.extract(number);
      if (!found.empty()) found.mapped().deliver(std::move(value));
      done(worker, memory);
    };
    self_->request(parts_.workers[worker], caf::infinite, next.order)
        .then([settle](const integrated_ptr& outcome) mutable { settle(outcome); },
              [settle](const caf::error& problem) mutable { settle(problem); });
  }
}

void resolver_state::done(std::size_t worker, std::size_t memory) {
  idle_.push_back(worker);
  reserved_ -= memory;
  share_memory();
  start_next();
}

void resolver_state::share_memory() {
  const auto budget = parts_.memory_budget;
  parts_.cache->set_budget(std::min(budget / 4, budget - std::min(budget, reserved_)));
}

void resolver_state::settings(const settings_are& order) {
  parts_.memory_budget = order.values->memory_budget;
  share_memory();
  start_next();
}

void resolver_state::fail_all(const error& problem) {
  for (auto& task : queue_)
    task.reply.deliver(to_caf(problem));
  queue_.clear();
  for (auto& [number, reply] : running_)
    reply.deliver(to_caf(problem));
  running_.clear();
}

resolver_actor::behavior_type
resolver_behavior(resolver_actor::stateful_pointer<resolver_state> self, resolver_parts parts) {
  self->set_exit_handler([self](const caf::exit_msg& message) {
    self->state.fail_all({errc::unavailable, "the service is shutting down", {}});
    self->quit(message.reason);
  });
  self->state.open(std::move(parts));
  return {
      [self](const integrate_order& order) { return self->state.resolve(order); },
      [self](const settings_are& order) { self->state.settings(order); },
  };
}

worker_actor::behavior_type worker_behavior(worker_actor::pointer,
                                            std::shared_ptr<const document_reader> documents,
                                            bool background) {
  // The priority of this thread alone; a refusal leaves it as it is, which harms nothing.
  if (background) static_cast<void>(setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 10));
  return {
      [documents](const integrate_order& order) -> caf::result<integrated_ptr> {
        auto outcome = integrate(*order.task, *documents);
        if (!outcome) return to_caf(outcome.error());
        return std::make_shared<integrated>(std::move(*outcome));
      },
  };
}

} // namespace apisync::actors
