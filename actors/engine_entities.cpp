#include "actors/engine.hpp"

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

} // namespace

template <class Handle, class Order>
void engine_actor_state::ask(const Handle& handle, const Order& order, std::string_view what,
                             const std::string& id, done_handler done) {
  if (!handle) return done(tl::unexpected{missing(what, id)});
  self_->request(handle, caf::infinite, order)
      .then([done](const answer& outcome) { done(outcome); },
            [done](const caf::error& problem) { done(tl::unexpected{from_caf(problem)}); });
}

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

/// Changes a source, then its default job, and tells whom it concerns.
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
    const bool paused = before->paused;
    ask(parts_.entities->source(after.id), order, "source", after.id,
        [this, order, paused, authority, done](result<answer> changed) {
          if (!changed) return done(std::move(changed));
          const auto& source = order.definition;
          limit(source, paused);
          const bool is_authority = source.role == events::source_role::authority;
          if (is_authority || authority == source.id)
            if (auto api = parts_.entities->api(source.api))
              self_->send(api,
                          authority_is{is_authority ? std::optional{source.id} : std::nullopt});
          auto job = parts_.entities->job(source.id);
          if (!job) return done(std::move(changed));
          const change_job follow{default_job(source, core_.state().values),
                                  events::declared_by::file,
                                  {order.asked.from, std::nullopt}};
          ask(job, follow, "job", source.id, done);
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

/// Runs steps one after the other; the first that fails ends them.
void engine_actor_state::run_steps(
    std::shared_ptr<std::vector<std::function<void(done_handler)>>> steps, std::size_t index,
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
  auto steps = std::make_shared<std::vector<std::function<void(done_handler)>>>();
  for (const auto number : now.jobs_of(order.id)) {
    const auto* job = now.job_by_number(number);
    if (job == nullptr) continue;
    remove_job step{job->definition.id, events::declared_by::file, {order.asked.from, {}}};
    steps->push_back([this, step](done_handler next) {
      ask(parts_.entities->job(step.id), step, "job", step.id, std::move(next));
    });
  }
  steps->push_back([this, order](done_handler next) {
    ask(parts_.entities->source(order.id), order, "source", order.id, std::move(next));
  });
  const auto api = source->definition.api;
  const bool authority = source->definition.role == events::source_role::authority;
  run_steps(steps, 0, 0, [this, id = order.id, api, authority, done](result<answer> outcome) {
    if (auto handle = parts_.entities->api(api); handle && outcome) {
      self_->send(handle, source_gone{id});
      if (authority) self_->send(handle, authority_is{});
    }
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
    ask(parts_.entities->api(order.id), order, "API", order.id, std::move(done));
  });
}

// -- configuration ------------------------------------------------------------

caf::result<answer> engine_actor_state::configure(const apply_config& order) {
  return enqueue([this, order](const events::views& now, done_handler done) {
    apply_plan(now, order, std::move(done));
  });
}

namespace {

template <class Definition>
const Definition* find_id(const std::vector<Definition>& all, std::string_view id) {
  for (const auto& one : all)
    if (one.id == id) return &one;
  return nullptr;
}

} // namespace

void engine_actor_state::apply_plan(const events::views& now, const apply_config& order,
                                    done_handler done) {
  const auto& config = *order.config;
  auto checked = with_values(core_.state().values, config.settings);
  if (!checked) return done(tl::unexpected{checked.error()});
  const auto plan = events::plan(now.declared(), config);
  if (plan.empty() && core_.state().config_hash == config.hash) return done(answer{});

  additions what;
  std::vector<std::function<void(done_handler)>> steps;
  const auto who = events::declared_by::file;
  // Removals first: a source may take the place of one that goes.
  for (const auto& stream : plan.removed) {
    const auto part = events::split_stream(stream);
    const std::string id{part.id};
    if (part.kind == "source")
      steps.emplace_back([this, id, who](done_handler next) {
        remove_source_steps(*parts_.box->get(), {id, who, {}}, std::move(next));
      });
    if (part.kind == "job" && now.job(id) != nullptr)
      steps.emplace_back([this, id, who](done_handler next) {
        auto job = parts_.entities->job(id);
        if (!job) return next(answer{}); // went with its source
        ask(job, remove_job{id, who, {}}, "job", id, std::move(next));
      });
    if (part.kind == "api")
      steps.emplace_back([this, id, who](done_handler next) {
        ask(parts_.entities->api(id), remove_api{id, who, {}}, "API", id, std::move(next));
      });
  }
  const auto is = [&](const std::string& stream, const std::vector<std::string>& list) {
    return std::find(list.begin(), list.end(), stream) != list.end();
  };
  result<void> planned;
  for (const auto& api : config.apis) {
    if (is("api/" + api.id, plan.added) && planned) planned = plan_addition(what, now, api);
    if (is("api/" + api.id, plan.changed))
      steps.emplace_back([this, api, who](done_handler next) {
        ask(parts_.entities->api(api.id), change_api{api, who, {}}, "API", api.id, std::move(next));
      });
  }
  for (const auto& source : config.sources) {
    if (is("source/" + source.id, plan.added) && planned)
      planned = plan_addition(what, now, source);
    if (!is("source/" + source.id, plan.changed)) continue;
    const bool paused = now.source(source.id) != nullptr && now.source(source.id)->paused;
    steps.emplace_back([this, source, who, paused](done_handler next) {
      limit(source, paused);
      ask(parts_.entities->source(source.id), change_source{source, who, {}}, "source", source.id,
          std::move(next));
    });
    steps.emplace_back([this, source, who](done_handler next) {
      auto job = parts_.entities->job(source.id);
      if (!job) return next(answer{});
      ask(job, change_job{default_job(source, core_.state().values), who, {}}, "job", source.id,
          std::move(next));
    });
  }
  for (const auto& job : config.jobs) {
    if (is("job/" + job.id, plan.added) && planned) planned = plan_addition(what, now, job);
    if (is("job/" + job.id, plan.changed))
      steps.emplace_back([this, job, who](done_handler next) {
        ask(parts_.entities->job(job.id), change_job{job, who, {}}, "job", job.id, std::move(next));
      });
  }
  if (!planned) return done(tl::unexpected{planned.error()});

  const events::config_applied fact{order.file, config.hash,  config.settings,
                                    plan.added, plan.changed, plan.removed};
  steps.emplace_back([this, fact](done_handler next) {
    core_.submit(
        [fact](const events::engine_state&) -> result<std::vector<events::engine_event>> {
          return std::vector<events::engine_event>{fact};
        },
        [this, next](const change_result& outcome) {
          if (!outcome) return next(tl::unexpected{outcome.error()});
          spread_settings();
          next(answer{outcome->last, "{}"});
        });
  });
  auto shared = std::make_shared<std::vector<std::function<void(done_handler)>>>(std::move(steps));
  append_additions(std::move(what), {}, [this, shared, done](result<answer> added) {
    if (!added) return done(std::move(added));
    run_steps(shared, 0, added->sequence, done);
  });
}

} // namespace apisync::actors
