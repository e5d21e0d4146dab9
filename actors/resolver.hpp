#pragma once

#include "actors/document_cache.hpp"
#include "actors/environment.hpp"
#include "actors/interfaces.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <deque>

namespace apisync::actors {

struct resolver_parts {
  std::vector<worker_actor> workers;
  std::size_t memory_budget = 1U << 30;  ///< Bytes, for the tasks under way and the cache.
  std::shared_ptr<document_cache> cache; ///< Of the workers.
  std::shared_ptr<const storage::document_store> documents;
  queue_limits limits;
};

class resolver_state {
public:
  static inline constexpr auto name = "resolver";

  explicit resolver_state(resolver_actor::pointer self) : self_{self} {}

  void open(resolver_parts parts);
  caf::result<integrated_ptr> resolve(const integrate_order& order);
  void settings(const settings_are& order);
  void fail_all(const error& problem);

private:
  struct waiting {
    integrate_order order;
    std::size_t memory = 0;
    caf::typed_response_promise<integrated_ptr> reply;
  };

  void start_next();
  void done(std::size_t worker, std::size_t memory);
  void share_memory();

  resolver_actor::pointer self_;
  resolver_parts parts_;
  std::deque<waiting> queue_;
  std::vector<std::size_t> idle_; ///< Indexes of workers without a task.
  std::size_t reserved_ = 0;
  std::map<std::uint64_t, caf::typed_response_promise<integrated_ptr>> running_;
  std::uint64_t started_ = 0;
};

/// Hands tasks to workers in order, within the memory budget; a task that alone is over the budget
/// runs alone. What tasks leave of the budget is the cache's, up to a quarter of it.
resolver_actor::behavior_type
resolver_behavior(resolver_actor::stateful_pointer<resolver_state> self, resolver_parts parts);

/// A worker: blocks while it computes, so it is spawned detached, and takes the lowest priority
/// that its thread can have where `background` is set.
worker_actor::behavior_type worker_behavior(worker_actor::pointer self,
                                            std::shared_ptr<const document_reader> documents,
                                            bool background);

} // namespace apisync::actors
