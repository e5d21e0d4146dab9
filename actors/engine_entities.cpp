#include "actors/engine.hpp"
#include "events/sync_order.hpp"

#include <algorithm>

namespace apisync::actors {

namespace {

/// Applies decided events to a state and puts them into an append.
template <class State, class Event>
void add_to(storage::append& order, const storage::event_log& log, const std::string& stream,
            State& state, const std::vector<Event>& decided, events::timestamp now) {
  order.expected.push_back({stream, log.version(stream)});
  for (const auto& event : decided) {
    order.events.push_back(events::encode(stream, event));
    apply(state, event, {0, now, "system"});
  }
}

std::string in_api(const std::string& authority, const std::string& api) {
  return "API '" + api + "' has the authority '" + authority +
         "' already; give this source the role contributor or observer";
}

/// Whether a source that is added or changed may come after what it says.
result<void> check_order(const events::views& now, const events::source_definition& source) {
  if (source.after.empty()) return {};
  std::vector<events::ordered_source> all{{source.id, source.api, &source.after}};
  now.each_source([&](const events::source_state& other) {
    const auto& of = other.definition;
    if (of.id != source.id) all.push_back({of.id, of.api, &of.after});
  });
  return events::check_order(all, source.id);
}

} // namespace

// -- adding -------------------------------------------------------------------

result<void> engine_actor_state::plan_addition(additions& to, const events::views& now,
                                               const events::api_definition& api) {
  events::api_state state;
  if (const auto* ever = now.api_ever(api.id)) state = *ever;
  state.definition.id = api.id;
  auto decided = decide_add(state, api);
  if (!decided) return tl::unexpected{decided.error()};
  add_to(*to.order, *parts_.log, "api/" + api.id, state, *decided, parts_.now());
  to.apis.push_back(std::move(state));
  return {};
}

result<void> engine_actor_state::plan_addition(additions& to, const events::views& now,
                                               const events::job_definition& job) {
  events::job_state state;
  if (const auto* known = now.job(job.id)) state = *known;
  const bool source_known =
      now.source(job.source) != nullptr ||
      std::any_of(to.sources.begin(), to.sources.end(),
                  [&](const auto& source) { return source.definition.id == job.source; });
  if (!source_known) return tl::unexpected{missing("source", job.source)};
  to.next_number = std::max(to.next_number, now.next_job_number());
  auto decided = decide_add(state, job, to.next_number, parts_.now());
  if (!decided) return tl::unexpected{decided.error()};
  ++to.next_number;
  add_to(*to.order, *parts_.log, "job/" + job.id, state, *decided, parts_.now());
  to.jobs.push_back(std::move(state));
  return {};
}

/// A source comes with its default job, and with its API where that is not known yet.
result<void> engine_actor_state::plan_addition(additions& to, const events::views& now,
                                               const events::source_definition& source) {
  events::source_state state;
  if (const auto* known = now.source(source.id)) state = *known;
  for (const auto& other : to.sources)
    if (other.definition.id == source.id) state = other;
  if (source.role == events::source_role::authority) {
    auto authority = authority_of(now, source.api);
    for (const auto& other : to.sources)
      if (other.definition.api == source.api &&
          other.definition.role == events::source_role::authority)
        authority = other.definition.id;
    if (authority && *authority != source.id)
      return fail(errc::invalid_argument, in_api(*authority, source.api), "source/" + source.id);
  }
  auto decided = decide_add(state, source);
  if (!decided) return tl::unexpected{decided.error()};
  const bool api_known = now.api(source.api) != nullptr ||
                         std::any_of(to.apis.begin(), to.apis.end(), [&](const auto& api) {
                           return api.definition.id == source.api;
                         });
  if (!api_known) {
    events::api_definition api;
    api.id = source.api;
    api.declared = source.declared;
    if (const auto* folder = events::find_folder(core_.state().folders, source.folder))
      api = found_api(*folder, source.api);
    if (auto planned = plan_addition(to, now, api); !planned) return planned;
  }
  add_to(*to.order, *parts_.log, "source/" + source.id, state, *decided, parts_.now());
  to.sources.push_back(std::move(state));
  return plan_addition(to, now, default_job(source, core_.state().values));
}

/// Appends, and starts the actors once it is on disk.
void engine_actor_state::append_additions(additions what, asked_by asked, done_handler done) {
  if (what.order->events.empty()) return done(answer{});
  what.order->from = asked.from;
  what.order->command = asked.command;
  auto added = std::make_shared<additions>(std::move(what));
  self_->request(parts_.journal, caf::infinite, append_order{added->order})
      .then(
          [this, added, done](const storage::appended& where) {
            for (const auto& api : added->apis)
              spawn(api);
            for (const auto& source : added->sources)
              spawn(source);
            for (const auto& job : added->jobs)
              spawn(job);
            done(answer{where.last, "{}"});
          },
          [done](const caf::error& problem) { done(tl::unexpected{from_caf(problem)}); });
}

caf::result<answer> engine_actor_state::add(const add_source& order) {
  return enqueue([this, order](const events::views& now, done_handler done) {
    additions what;
    if (auto allowed = check_order(now, order.definition); !allowed)
      return done(tl::unexpected{allowed.error()});
    if (auto planned = plan_addition(what, now, order.definition); !planned)
      return done(tl::unexpected{planned.error()});
    append_additions(std::move(what), order.asked, std::move(done));
  });
}

caf::result<answer> engine_actor_state::add(const add_job& order) {
  return enqueue([this, order](const events::views& now, done_handler done) {
    additions what;
    if (auto planned = plan_addition(what, now, order.definition); !planned)
      return done(tl::unexpected{planned.error()});
    append_additions(std::move(what), order.asked, std::move(done));
  });
}

caf::result<answer> engine_actor_state::add(const add_api& order) {
  return enqueue([this, order](const events::views& now, done_handler done) {
    additions what;
    if (auto planned = plan_addition(what, now, order.definition); !planned)
      return done(tl::unexpected{planned.error()});
    append_additions(std::move(what), order.asked, std::move(done));
  });
}

// -- changing and removing ----------------------------------------------------

/// Changes a source, then its default job, tells whom it concerns, and has the source looked at.
caf::result<answer> engine_actor_state::change(const change_source& order) {
  return enqueue([this, order](const events::views& now, done_handler done) {
    const auto& after = order.definition;
    const auto* before = now.source(after.id);
    if (before == nullptr) return done(tl::unexpected{missing("source", after.id)});
    if (before->definition.api != after.api)
      return done(fail(errc::invalid_argument,
                       "a source stays with its API; remove it and add it to the other one",
                       "source/" + after.id));
    const auto authority = authority_of(now, after.api);
    if (after.role == events::source_role::authority && authority && *authority != after.id)
      return done(
          fail(errc::invalid_argument, in_api(*authority, after.api), "source/" + after.id));
    if (auto allowed = check_order(now, after); !allowed)
      return done(tl::unexpected{allowed.error()});
    change_source_steps(*before, order, std::move(done));
  });
}

void engine_actor_state::change_source_steps(const events::source_state& before,
                                             const change_source& order, done_handler done) {
  ask(parts_.entities->source(order.definition.id), order, "source", order.definition.id,
      [this, order, paused = before.paused, done](result<answer> changed) {
        if (!changed || changed->sequence == 0) return done(std::move(changed));
        const auto& source = order.definition;
        limit(source, paused);
        if (auto api = parts_.entities->api(source.api))
          self_->send(api, source_is{source.id, {source.role, source.select}});
        auto job = parts_.entities->job(source.id);
        if (!job) return done(std::move(changed));
        const change_job follow{default_job(source, core_.state().values),
                                events::declared_by::file,
                                {order.asked.from, std::nullopt}};
        ask(job, follow, "job", source.id,
            [this, id = source.id, at = changed->sequence, done](result<answer> followed) {
              if (!followed) return done(std::move(followed));
              look(id);
              done(answer{std::max(at, followed->sequence), "{}"});
            });
      });
}

caf::result<answer> engine_actor_state::pause(const pause_source& order) {
  return enqueue([this, order](const events::views& now, done_handler done) {
    const auto* source = now.source(order.id);
    if (source == nullptr) return done(tl::unexpected{missing("source", order.id)});
    ask(parts_.entities->source(order.id), order, "source", order.id,
        [this, definition = source->definition, paused = order.paused,
         done](result<answer> outcome) {
          if (outcome) limit(definition, paused);
          done(std::move(outcome));
        });
  });
}

caf::result<answer> engine_actor_state::pause(const pause_api& order) {
  return enqueue([this, order](const events::views& now, done_handler done) {
    const auto* api = now.api(order.id);
    if (api == nullptr) return done(tl::unexpected{missing("API", order.id)});
    ask(parts_.entities->api(order.id), order, "API", order.id,
        [this, order, orphaned = api->orphaned.has_value(), done](result<answer> outcome) {
          if (outcome) self_->send(parts_.scheduler, limit_api{order.id, order.paused, orphaned});
          done(std::move(outcome));
        });
  });
}

/// Runs steps one after the other; the first that fails ends them.
void engine_actor_state::run_steps(std::shared_ptr<std::vector<step>> steps, std::size_t index,
                                   events::sequence last, done_handler done) {
  if (index == steps->size()) return done(answer{last, "{}"});
  (*steps)[index]([this, steps, index, last, done](result<answer> outcome) {
    if (!outcome) return done(std::move(outcome));
    run_steps(steps, index + 1, std::max(last, outcome->sequence), done);
  });
}

/// Its jobs end first, each after its running sync; then the source; its API's conflicts with it
/// close.
void engine_actor_state::remove_source_steps(const events::views& now, const remove_source& order,
                                             done_handler done) {
  const auto* source = now.source(order.id);
  if (source == nullptr) return done(tl::unexpected{missing("source", order.id)});
  if (auto allowed = decide_remove(*source, order.who); !allowed)
    return done(tl::unexpected{allowed.error()});
  auto steps = std::make_shared<std::vector<step>>();
  for (const auto number : now.jobs_of(order.id)) {
    const auto* job = now.job_by_number(number);
    if (job == nullptr) continue;
    remove_job going{job->definition.id, events::declared_by::file, {order.asked.from, {}}};
    steps->push_back([this, going](done_handler next) {
      ask(parts_.entities->job(going.id), going, "job", going.id, std::move(next));
    });
  }
  steps->push_back([this, order](done_handler next) {
    ask(parts_.entities->source(order.id), order, "source", order.id, std::move(next));
  });
  const auto api = source->definition.api;
  run_steps(steps, 0, 0, [this, id = order.id, api, done](result<answer> outcome) {
    if (outcome) self_->send(parts_.scheduler, forget_source{id});
    if (auto handle = parts_.entities->api(api); handle && outcome)
      self_->send(handle, source_gone{id});
    done(std::move(outcome));
  });
}

caf::result<answer> engine_actor_state::remove(const remove_source& order) {
  return enqueue([this, order](const events::views& now, done_handler done) {
    remove_source_steps(now, order, std::move(done));
  });
}

caf::result<answer> engine_actor_state::remove(const remove_api& order) {
  return enqueue([this, order](const events::views& now, done_handler done) {
    if (const auto& sources = now.sources_of(order.id); !sources.empty())
      return done(fail(errc::conflict,
                       "API '" + order.id + "' has sources still, '" + *sources.begin() +
                           "' among them; remove them first",
                       "api/" + order.id));
    ask(parts_.entities->api(order.id), order, "API", order.id,
        [this, id = order.id, done = std::move(done)](result<answer> outcome) {
          if (outcome) self_->send(parts_.scheduler, limit_api{id, false, false});
          done(std::move(outcome));
        });
  });
}

} // namespace apisync::actors
