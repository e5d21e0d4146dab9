#include "actors/api.hpp"
#include "actors/engine.hpp"
#include "actors/finder.hpp"
#include "actors/job.hpp"
#include "actors/model.hpp"
#include "actors/notifier.hpp"
#include "actors/publisher.hpp"
#include "actors/source.hpp"

namespace apisync::actors {

namespace {

constexpr std::size_t max_failures = 5; // within `window`, then the actor is parked
constexpr std::chrono::minutes window{1};
constexpr std::chrono::milliseconds first_pause{100};

} // namespace

void engine_actor_state::limit(const events::source_definition& source, bool paused) {
  self_->send(parts_.scheduler, limit_source{source.id, source.api, events::host_of(source),
                                             events::credential_of(source), source.after,
                                             source.role != events::source_role::observer, paused});
}

std::optional<std::string> engine_actor_state::authority_of(const events::views& now,
                                                            const std::string& api) const {
  for (const auto& id : now.sources_of(api))
    if (const auto* source = now.source(id))
      if (source->definition.role == events::source_role::authority) return id;
  return std::nullopt;
}

std::map<std::string, compared_source>
engine_actor_state::compared_of(const events::views& now, const std::string& api) const {
  std::map<std::string, compared_source> out;
  for (const auto& id : now.sources_of(api))
    if (const auto* source = now.source(id))
      out[id] = {source->definition.role, source->definition.select};
  return out;
}

void engine_actor_state::spawn(const events::source_state& state) {
  const auto& source = state.definition;
  source_parts parts{parts_.journal, parts_.fetcher, parts_.documents, parts_.watcher,
                     values_,        parts_.limits,  watching_};
  const auto stream = "source/" + source.id;
  auto handle = self_->spawn<caf::monitored>(source_behavior, std::move(parts), state,
                                             parts_.log->version(stream));
  children_[handle.address()] = stream;
  parts_.entities->put(source.id, source_actor{handle});
  limit(source, state.paused);
  if (auto api = parts_.entities->api(source.api))
    self_->send(api, source_is{source.id, {source.role, source.select}});
}

void engine_actor_state::spawn(const events::job_state& state) {
  const auto& id = state.definition.id;
  job_parts parts{parts_.journal, parts_.scheduler, parts_.entities, values_,
                  parts_.now,     parts_.seed,      parts_.limits};
  const auto stream = "job/" + id;
  auto handle = self_->spawn<caf::monitored>(job_behavior, std::move(parts), state,
                                             parts_.log->version(stream));
  children_[handle.address()] = stream;
  parts_.entities->put(id, job_actor{handle});
  const auto& source = state.definition.source;
  self_->send(handle, begin_planning{watching_ && id == source && is_watched(source)});
}

void engine_actor_state::spawn(const events::api_state& state) {
  const auto& id = state.definition.id;
  api_parts parts{parts_.journal, parts_.resolver, parts_.entities,
                  values_,        model_,          compared_of(*parts_.box->get(), id),
                  parts_.now,     parts_.limits};
  const auto stream = "api/" + id;
  auto handle = self_->spawn<caf::monitored>(api_behavior, std::move(parts), state,
                                             parts_.log->version(stream));
  children_[handle.address()] = stream;
  parts_.entities->put(id, api_actor{handle});
  self_->send(parts_.scheduler, limit_api{id, state.paused, state.orphaned.has_value()});
}

void engine_actor_state::spawn_notifier() {
  auto handle = self_->spawn<caf::monitored>(
      notifier_behavior,
      notifier_parts{parts_.log, parts_.box, parts_.journal, parts_.views, parts_.sender, values_,
                     parts_.now, parts_.seed, parts_.limits});
  children_[handle.address()] = "notifier";
  parts_.entities->put(notifier_actor{handle});
}

void engine_actor_state::spawn_publisher() {
  auto handle = self_->spawn<caf::monitored>(
      publisher_behavior,
      publisher_parts{parts_.log, parts_.box, parts_.documents, parts_.journal, parts_.views,
                      parts_.publisher, values_, parts_.now, parts_.seed, parts_.limits});
  children_[handle.address()] = "publisher";
  parts_.entities->put(publisher_actor{handle});
}

void engine_actor_state::spawn_model() {
  auto handle = self_->spawn<caf::monitored>(
      model_behavior, model_parts{parts_.model, parts_.box, parts_.now, parts_.limits});
  children_[handle.address()] = "model";
  parts_.entities->put(model_actor{handle});
}

void engine_actor_state::spawn_finder() {
  auto handle = self_->spawn<caf::monitored>(
      finder_behavior,
      finder_parts{parts_.finder, parts_.box, caf::actor_cast<found_taker>(self_)});
  children_[handle.address()] = "finder";
  parts_.entities->put(finder_actor{handle});
  spread_folders();
}

/// An actor ended. Removed entities end without an error; the others are started again from the
/// log, after a pause that doubles, until they fail too often.
void engine_actor_state::down(const caf::down_msg& message) {
  const auto found = children_.find(message.source);
  if (found == children_.end()) {
    if (stopping_ || !parts_.on_fatal) return;
    auto tell = std::exchange(parts_.on_fatal, nullptr);
    return tell(from_caf(message.reason));
  }
  const auto stream = found->second;
  children_.erase(found);
  const auto part = events::split_stream(stream);
  const std::string id{part.id};
  if (part.kind == "source") parts_.entities->forget_source(id);
  if (part.kind == "job") parts_.entities->forget_job(id);
  if (part.kind == "api") parts_.entities->forget_api(id);
  if (part.kind == "notifier") parts_.entities->put(notifier_actor{});
  if (part.kind == "publisher") parts_.entities->put(publisher_actor{});
  if (part.kind == "model") parts_.entities->put(model_actor{});
  if (part.kind == "finder") parts_.entities->put(finder_actor{});
  if (stopping_) {
    if (children_.empty()) self_->quit(stopping_);
    return;
  }
  if (!message.reason || message.reason == caf::exit_reason::normal) return;
  const auto problem = from_caf(message.reason);
  if (problem.code == errc::unknown_outcome) return; // the whole service starts anew

  const auto now = parts_.now();
  auto& failures = failures_[stream];
  while (!failures.empty() && failures.front() + window < now)
    failures.pop_front();
  failures.push_back(now);
  const bool park = failures.size() >= max_failures;
  events::actor_failed fact{stream, problem.message, static_cast<std::uint32_t>(failures.size()),
                            park};
  core_.submit(
      [fact](const events::engine_state&) -> result<std::vector<events::engine_event>> {
        return std::vector<events::engine_event>{fact};
      },
      [](const change_result&) {}); // the log is gone with everything else then
  if (park) {
    parked_.insert(stream);
    return;
  }
  restarting_.insert(stream);
  const auto pause = first_pause * (1U << (failures.size() - 1));
  self_->delayed_send(self_, pause, restart_entity{stream});
}

void engine_actor_state::restart(const restart_entity& order) {
  if (stopping_) return;
  self_->request(parts_.views, caf::infinite, await_views{parts_.log->head()})
      .then([this, stream = order.stream](const committed&) { spawn_from_views(stream); },
            [](const caf::error&) {}); // views are gone: the whole service starts anew
}

void engine_actor_state::spawn_from_views(const std::string& stream) {
  restarting_.erase(stream);
  const auto now = parts_.box->get();
  const auto part = events::split_stream(stream);
  const std::string id{part.id};
  if (part.kind == "source" && !parts_.entities->source(id)) {
    if (const auto* state = now->source(id)) spawn(*state);
  } else if (part.kind == "job" && !parts_.entities->job(id)) {
    if (const auto* state = now->job(id)) spawn(*state);
  } else if (part.kind == "api" && !parts_.entities->api(id)) {
    if (const auto* state = now->api(id)) spawn(*state);
  } else if (part.kind == "notifier" && !parts_.entities->notifier()) {
    spawn_notifier();
  } else if (part.kind == "publisher" && !parts_.entities->publisher()) {
    spawn_publisher();
  } else if (part.kind == "finder" && !parts_.entities->finder()) {
    spawn_finder();
  } else if (part.kind == "model" && !parts_.entities->model()) {
    spawn_model();
  }
}

} // namespace apisync::actors
