#include "actors/engine.hpp"

namespace apisync::actors {

// -- syncs --------------------------------------------------------------------

/// A source is synced by the job of its own name, or by its first one; empty where it has none.
std::string engine_actor_state::job_for(const std::string& source) const {
  if (parts_.entities->job(source)) return source;
  const auto now = parts_.box->get();
  for (const auto number : now->jobs_of(source))
    if (const auto* job = now->job_by_number(number)) return job->definition.id;
  return {};
}

/// The order is on disk before it is answered or carried out.
caf::result<sync_ended> engine_actor_state::sync(const sync_source& order) {
  if (!parts_.entities->source(order.id)) return to_caf(missing("source", order.id));
  const auto id = job_for(order.id);
  const auto job = parts_.entities->job(id);
  if (!job)
    return to_caf(
        {errc::not_found, "source '" + order.id + "' has no job; add one to sync it", {}});
  const auto mode = core_.state().mode;
  if (order.wait && mode != events::engine_mode::running) return to_caf(not_running(mode));
  auto reply = self_->make_response_promise<sync_ended>();
  self_->request(job, caf::infinite, request_sync{order.asked})
      .then(
          [this, id, order, reply](const answer& requested) mutable {
            if (order.wait) return answer_end({id, true, false}, reply);
            look(id);
            sync_ended accepted;
            accepted.job = id;
            accepted.source = order.id;
            accepted.sequence = requested.sequence;
            reply.deliver(accepted);
          },
          [reply](const caf::error& problem) mutable { reply.deliver(problem); });
  return reply;
}

caf::result<sync_ended> engine_actor_state::wait_for(const await_sync& order) {
  const auto now = parts_.box->get();
  const auto* job = now->job(order.job);
  if (job == nullptr) return to_caf(missing("job", order.job));
  const bool begun = job->request < order.request;
  if (!begun && core_.state().mode != events::engine_mode::running)
    return to_caf(not_running(core_.state().mode));
  auto reply = self_->make_response_promise<sync_ended>();
  answer_end({order.job, true, begun}, reply);
  return reply;
}

caf::result<waits> engine_actor_state::explain(const ask_waits& order) {
  return self_->delegate(parts_.scheduler, ask_waits{job_for(order.job)});
}

void engine_actor_state::answer_end(const trigger_job& order,
                                    caf::typed_response_promise<sync_ended> reply) {
  self_->request(parts_.scheduler, caf::infinite, order)
      .then([reply](const sync_ended& ended) mutable { reply.deliver(ended); },
            [reply](const caf::error& problem) mutable { reply.deliver(problem); });
}

/// Has a job run soon, for nobody.
void engine_actor_state::look(const std::string& job) {
  self_->request(parts_.scheduler, caf::infinite, trigger_job{job, false, false})
      .then([](const sync_ended&) {}, [](const caf::error&) {}); // a poll will notice it too
}

/// What a paused engine is told of waits in the queue; a stopped one watches nothing.
void engine_actor_state::changed(const file_changed& order) {
  if (watching_ && parts_.entities->job(order.source)) look(order.source);
}

/// Gives a source an order, and has it synced once that is on disk.
template <class Order>
caf::result<answer> engine_actor_state::then_look(const Order& order) {
  const auto source = parts_.entities->source(order.id);
  if (!source) return to_caf(missing("source", order.id));
  auto reply = self_->make_response_promise<answer>();
  self_->request(source, caf::infinite, order)
      .then(
          [this, id = order.id, reply](const answer& accepted) mutable {
            look(job_for(id));
            reply.deliver(accepted);
          },
          [reply](const caf::error& problem) mutable { reply.deliver(problem); });
  return reply;
}

/// What a person lets in is taken in at once.
caf::result<answer> engine_actor_state::accept(const accept_quarantine& order) {
  return then_look(order);
}

/// The sync that takes it in is whoever pushes' to order, so that its end can be waited for.
caf::result<answer> engine_actor_state::push(const push_document& order) {
  return hand_over(parts_.entities->source(order.id), order, "source", order.id);
}

// -- watches ------------------------------------------------------------------

bool engine_actor_state::watches_in(events::engine_mode mode) {
  return mode == events::engine_mode::running || mode == events::engine_mode::paused;
}

/// What happened before a watch was opened went unseen, so each watched file is looked at once.
void engine_actor_state::mode_changed() {
  const bool open = watches_in(core_.state().mode);
  if (std::exchange(watching_, open) == open) return;
  spread_folders();
  for (const auto& [address, stream] : children_) {
    const auto part = events::split_stream(stream);
    if (part.kind != "source") continue;
    const std::string id{part.id};
    if (auto source = parts_.entities->source(id)) self_->send(source, watch_files{open});
    if (open && is_watched(id)) look(id);
  }
}

bool engine_actor_state::is_watched(const std::string& source) const {
  const auto now = parts_.box->get();
  const auto* known = now->source(source);
  return known != nullptr && known->definition.kind == events::source_kind::file &&
         known->definition.watch;
}

} // namespace apisync::actors
