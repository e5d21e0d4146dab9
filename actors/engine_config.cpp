#include "actors/engine.hpp"

#include <algorithm>

namespace apisync::actors {

namespace {

constexpr auto by_file = events::declared_by::file;

bool has(const std::vector<std::string>& streams, const std::string& stream) {
  return std::binary_search(streams.begin(), streams.end(), stream);
}

} // namespace

caf::result<answer> engine_actor_state::configure(const apply_config& order) {
  return enqueue([this, order](const events::views& now, done_handler done) {
    apply_plan(now, order, std::move(done));
  });
}

/// Takes over what the file declares, step by step, in an order in which each step finds what it
/// needs: a source may take the place, or the authority, of one that goes. `config_applied` is
/// last: a process that dies on the way plans and does the rest at its next start.
void engine_actor_state::apply_plan(const events::views& now, const apply_config& order,
                                    done_handler done) {
  const auto declared = now.declared();
  const auto config = events::with_found(declared, *order.config);
  if (auto checked = with_values(core_.state().values, config.settings); !checked)
    return done(tl::unexpected{checked.error()});
  if (auto refused = events::refusals(declared, config); !refused.empty())
    return done(tl::unexpected{events::combined(refused)});
  const auto plan = events::plan(declared, config);
  if (plan.empty() && core_.state().config_hash == config.hash) return done(answer{});

  std::vector<step> steps;
  // Before the sources, whose first syncs are made as these say.
  if (!plan.settings.empty()) steps.push_back(settings_step(plan.settings, config.settings));
  // Before anything else, so that they are told of what the file changes.
  if (!declared.webhooks.empty() || !config.webhooks.empty())
    steps.push_back(webhooks_step(config.webhooks));
  steps.push_back(add_step(plan.added, "api", config.apis));
  plan_removals(plan, "job", steps);
  plan_removals(plan, "source", steps);
  plan_changes(plan, config, steps);
  steps.push_back(add_step(plan.added, "source", config.sources));
  steps.push_back(add_step(plan.added, "job", config.jobs));
  plan_removals(plan, "api", steps);
  // Last, so that what they are to have is there.
  if (!declared.targets.empty() || !config.targets.empty())
    steps.push_back(targets_step(config.targets));
  steps.push_back(applied_step({order.file, config.hash, config.settings, plan.added, plan.changed,
                                plan.removed, config.model, config.folders}));
  run_steps(std::make_shared<std::vector<step>>(std::move(steps)), 0, 0, std::move(done));
}

/// A step on views that have everything before it.
engine_actor_state::step
engine_actor_state::on_fresh_views(std::function<void(const events::views&, done_handler)> run) {
  return [this, run = std::move(run)](done_handler next) {
    self_->request(parts_.views, caf::infinite, await_views{parts_.log->head()})
        .then([this, run, next](const committed&) { run(*parts_.box->get(), next); },
              [next](const caf::error& problem) { next(tl::unexpected{from_caf(problem)}); });
  };
}

/// Adds all of one kind in one append, planned on what the steps before it have left.
template <class Definition>
engine_actor_state::step engine_actor_state::add_step(const std::vector<std::string>& streams,
                                                      std::string_view kind,
                                                      const std::vector<Definition>& all) {
  std::vector<Definition> added;
  for (const auto& one : all)
    if (has(streams, std::string{kind} + "/" + one.id)) added.push_back(one);
  return on_fresh_views(
      [this, added = std::move(added)](const events::views& now, done_handler next) {
        additions what;
        for (const auto& one : added)
          if (auto planned = plan_addition(what, now, one); !planned)
            return next(tl::unexpected{planned.error()});
        append_additions(std::move(what), {}, std::move(next));
      });
}

void engine_actor_state::plan_removals(const events::config_plan& plan, std::string_view kind,
                                       std::vector<step>& steps) {
  for (const auto& stream : plan.removed) {
    const auto part = events::split_stream(stream);
    if (part.kind != kind) continue;
    const std::string id{part.id};
    if (kind == "job")
      steps.emplace_back([this, id](done_handler next) {
        ask(parts_.entities->job(id), remove_job{id, by_file, {}}, "job", id, std::move(next));
      });
    if (kind == "source")
      steps.push_back(on_fresh_views([this, id](const events::views& now, done_handler next) {
        remove_source_steps(now, {id, by_file, {}}, std::move(next));
      }));
    if (kind == "api")
      steps.emplace_back([this, id](done_handler next) {
        self_->send(parts_.scheduler, limit_api{id, false, false});
        ask(parts_.entities->api(id), remove_api{id, by_file, {}}, "API", id, std::move(next));
      });
  }
}

void engine_actor_state::plan_changes(const events::config_plan& plan, const events::config& next,
                                      std::vector<step>& steps) {
  for (const auto& api : next.apis)
    if (has(plan.changed, "api/" + api.id))
      steps.emplace_back([this, api](done_handler then) {
        ask(parts_.entities->api(api.id), change_api{api, by_file, {}}, "API", api.id,
            std::move(then));
      });
  // First those that do not lead, so that the leaders have the last word with their APIs.
  for (const bool leaders : {false, true})
    for (const auto& source : next.sources) {
      const bool leads = source.role == events::source_role::authority;
      if (leads != leaders || !has(plan.changed, "source/" + source.id)) continue;
      steps.push_back(on_fresh_views([this, source](const events::views& now, done_handler then) {
        const auto* before = now.source(source.id);
        if (before == nullptr) return then(tl::unexpected{missing("source", source.id)});
        change_source_steps(*before, {source, by_file, {}}, std::move(then));
      }));
    }
  for (const auto& job : next.jobs)
    if (has(plan.changed, "job/" + job.id))
      steps.emplace_back([this, job](done_handler then) {
        ask(parts_.entities->job(job.id), change_job{job, by_file, {}}, "job", job.id,
            std::move(then));
      });
}

engine_actor_state::step
engine_actor_state::webhooks_step(std::vector<events::webhook_definition> all) {
  const declare_webhooks order{
      std::make_shared<const std::vector<events::webhook_definition>>(std::move(all))};
  return [this, order](done_handler next) {
    ask(parts_.entities->notifier(), order, "part", "notifier", std::move(next));
  };
}

engine_actor_state::step
engine_actor_state::targets_step(std::vector<events::target_definition> all) {
  const declare_targets order{
      std::make_shared<const std::vector<events::target_definition>>(std::move(all))};
  return [this, order](done_handler next) {
    ask(parts_.entities->publisher(), order, "part", "publisher", std::move(next));
  };
}

/// The settings that the file has changed; one that it has dropped keeps its value.
engine_actor_state::step
engine_actor_state::settings_step(const std::vector<std::string>& changed,
                                  const std::map<std::string, events::raw_json>& all) {
  std::map<std::string, events::raw_json> values;
  for (const auto& key : changed)
    if (const auto found = all.find(key); found != all.end()) values.insert(*found);
  return [this, values = std::move(values)](done_handler next) {
    core_.submit([values](const events::engine_state& state) { return decide(state, values); },
                 [this, next](const change_result& outcome) {
                   if (!outcome) return next(tl::unexpected{outcome.error()});
                   spread_settings();
                   next(answer{outcome->last, "{}"});
                 });
  };
}

engine_actor_state::step engine_actor_state::applied_step(events::config_applied fact) {
  return [this, fact = std::move(fact)](done_handler next) {
    core_.submit(
        [fact](const events::engine_state&) -> result<std::vector<events::engine_event>> {
          return std::vector<events::engine_event>{fact};
        },
        [this, next](const change_result& outcome) {
          if (!outcome) return next(tl::unexpected{outcome.error()});
          spread_settings();
          next(answer{outcome->last, "{}"});
        });
  };
}

} // namespace apisync::actors
