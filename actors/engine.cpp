#include "actors/engine.hpp"

namespace apisync::actors {

error engine_actor_state::missing(std::string_view what, const std::string& id) const {
  const auto named = std::string{what} + " '" + id + "'";
  const auto stream = what == "part" ? id : (what == "API" ? "api" : std::string{what}) + "/" + id;
  if (parked_.contains(stream))
    return {errc::unavailable,
            "the " + named +
                " has failed too often and was parked (see actor_failed in the log); it starts "
                "again with the service",
            {}};
  if (restarting_.contains(stream))
    return {errc::unavailable, "the " + named + " has failed and starts again; try again", {}};
  return {errc::not_found, "there is no " + named, {}};
}

// -- start --------------------------------------------------------------------

void engine_actor_state::open(engine_parts parts) {
  parts_ = std::move(parts);
  const auto now = parts_.box->get();
  core_.open(parts_.journal, "engine", now->engine(), parts_.log->version("engine"),
             parts_.limits.commands_pending);
  read_settings();
  self_->monitor(parts_.journal);
  self_->monitor(parts_.scheduler);
  self_->monitor(parts_.resolver);
  self_->monitor(parts_.views);
  watching_ = watches_in(core_.state().mode);
  start(); // the first append of this life: whatever the others append comes after it
  spawn_model();
  constexpr auto all = std::numeric_limits<std::size_t>::max();
  for (const auto* api : now->apis("", all))
    spawn(*api);
  for (const auto* source : now->sources("", all))
    spawn(*source);
  for (const auto* job : now->jobs("", all))
    spawn(*job);
  spawn_notifier();
  spawn_publisher();
  spawn_finder();
}

/// Records the start, in the mode that survives.
void engine_actor_state::start() {
  core_.submit(
      [version = parts_.version](
          const events::engine_state& state) -> result<std::vector<events::engine_event>> {
        return std::vector<events::engine_event>{decide_process_start(state, version)};
      },
      [](const change_result&) {}); // a journal that fails ends everything
}

// -- verbs and settings -------------------------------------------------------

namespace {

/// The mode that a verb leads to.
events::engine_mode goal_of(events::engine_verb verb) {
  using events::engine_mode;
  using events::engine_verb;
  return verb == engine_verb::stop    ? engine_mode::stopped
         : verb == engine_verb::pause ? engine_mode::paused
                                      : engine_mode::running;
}

std::string state_json(events::engine_mode mode) {
  return "{\"state\":\"" + std::string{to_string(mode)} + "\"}";
}

} // namespace

caf::result<answer> engine_actor_state::command(const engine_command& order) {
  auto reply = self_->make_response_promise<answer>();
  auto asked = order.asked;
  if (asked.command) asked.command->answer = state_json(goal_of(order.verb));
  core_.submit(
      [this, verb = order.verb](const events::engine_state& state) {
        return decide(state, verb, parts_.version);
      },
      [this, reply](const change_result& outcome) mutable {
        if (!outcome) {
          reply.deliver(to_caf(outcome.error()));
          return;
        }
        const auto mode = core_.state().mode;
        self_->send(parts_.scheduler, set_mode{mode});
        mode_changed();
        const answer done{outcome->last, {}};
        if (mode == events::engine_mode::stopping)
          finish_stop(done, reply);
        else
          reply.deliver(answer{done.sequence, state_json(mode)});
      },
      std::move(asked));
  return reply;
}

void engine_actor_state::finish_stop(const answer& stopping,
                                     caf::typed_response_promise<answer> reply) {
  const auto stopped = [this, reply](const change_result& outcome) mutable {
    if (outcome)
      reply.deliver(answer{outcome->last, state_json(events::engine_mode::stopped)});
    else
      reply.deliver(to_caf(outcome.error()));
  };
  self_->request(parts_.scheduler, caf::infinite, drain_syncs{"stop"})
      .then(
          [this, stopping, stopped](const answer&) {
            core_.submit(
                [stopping](const events::engine_state& state)
                    -> result<std::vector<events::engine_event>> {
                  if (state.mode != events::engine_mode::stopping)
                    return std::vector<events::engine_event>{};
                  return std::vector<events::engine_event>{events::engine_stopped{}};
                },
                stopped, {{"system", {}, stopping.sequence}, {}});
          },
          [reply](const caf::error& problem) mutable { reply.deliver(problem); });
}

caf::result<answer> engine_actor_state::settings(const change_settings& order) {
  auto reply = self_->make_response_promise<answer>();
  core_.submit(
      [order](const events::engine_state& state) -> result<std::vector<events::engine_event>> {
        if (order.was && *order.was != state.values)
          return fail(errc::conflict, "the settings were changed meanwhile");
        return decide(state, order.values);
      },
      [this, reply](const change_result& outcome) mutable {
        if (!outcome) {
          reply.deliver(to_caf(outcome.error()));
          return;
        }
        spread_settings();
        reply.deliver(answer{outcome->last, to_json(core_.state().values)});
      },
      order.asked);
  return reply;
}

void engine_actor_state::read_settings() {
  const auto& state = core_.state();
  values_ = std::make_shared<const events::settings>(state.values);
  model_ = state.model ? std::make_shared<const events::model_definition>(*state.model) : nullptr;
}

void engine_actor_state::spread_settings() {
  read_settings();
  const settings_are news{values_, model_};
  spread_folders();
  self_->send(parts_.scheduler, news);
  self_->send(parts_.resolver, news);
  for (const auto& [address, stream] : children_) {
    const auto part = events::split_stream(stream);
    const std::string id{part.id};
    if (part.kind == "job")
      if (auto job = parts_.entities->job(id)) self_->send(job, news);
    if (part.kind == "source")
      if (auto source = parts_.entities->source(id)) self_->send(source, news);
    if (part.kind == "api")
      if (auto api = parts_.entities->api(id)) self_->send(api, news);
    if (part.kind == "notifier")
      if (auto notifier = parts_.entities->notifier()) self_->send(notifier, news);
    if (part.kind == "publisher")
      if (auto publisher = parts_.entities->publisher()) self_->send(publisher, news);
  }
}

/// What changes nothing leaves no record, so that the answer needs one of its own.
caf::result<answer> engine_actor_state::note(const note_answered& order) {
  auto reply = self_->make_response_promise<answer>();
  core_.submit(
      [request = order.asked.request](
          const events::engine_state&) -> result<std::vector<events::engine_event>> {
        return std::vector<events::engine_event>{events::request_answered{request}};
      },
      [reply](const change_result& outcome) mutable {
        if (outcome)
          reply.deliver(answer{outcome->last, "{}"});
        else
          reply.deliver(to_caf(outcome.error()));
      },
      order.asked);
  return reply;
}

// -- mutations ----------------------------------------------------------------

caf::result<answer>
engine_actor_state::enqueue(std::function<void(const events::views&, done_handler)> run) {
  if (stopping_) return stopping_;
  if (mutations_.size() >= parts_.limits.commands_pending)
    return to_caf({errc::overloaded, "too many changes wait; try again", "engine"});
  auto reply = self_->make_response_promise<answer>();
  mutations_.push_back({std::move(run), reply});
  next_mutation();
  return reply;
}

void engine_actor_state::next_mutation() {
  if (mutating_ || mutations_.empty()) return;
  mutating_ = true;
  self_->request(parts_.views, caf::infinite, await_views{parts_.log->head()})
      .then(
          [this](const committed&) {
            if (mutations_.empty()) return;
            const auto now = parts_.box->get();
            mutations_.front().run(*now,
                                   [this](result<answer> outcome) { mutated(std::move(outcome)); });
          },
          [this](const caf::error& problem) { mutated(tl::unexpected{from_caf(problem)}); });
}

void engine_actor_state::mutated(result<answer> outcome) {
  if (mutations_.empty()) return;
  auto reply = std::move(mutations_.front().reply);
  mutations_.pop_front();
  mutating_ = false;
  if (outcome)
    reply.deliver(*outcome);
  else
    reply.deliver(to_caf(outcome.error()));
  next_mutation();
}

// -- end ----------------------------------------------------------------------

caf::result<answer> engine_actor_state::close(const close_engine& order) {
  auto reply = self_->make_response_promise<answer>();
  self_->send(parts_.scheduler, set_mode{events::engine_mode::stopped});
  const auto closed = [reply](const change_result& outcome) mutable {
    if (outcome)
      reply.deliver(answer{outcome->last, "{}"});
    else
      reply.deliver(to_caf(outcome.error()));
  };
  self_->request(parts_.scheduler, caf::infinite, drain_syncs{"shutdown"})
      .then(
          [this, reason = order.reason, closed](const answer&) {
            core_.submit(
                [reason](const events::engine_state&) -> result<std::vector<events::engine_event>> {
                  return std::vector<events::engine_event>{events::engine_closed{reason}};
                },
                closed);
          },
          [reply](const caf::error& problem) mutable { reply.deliver(problem); });
  return reply;
}

void engine_actor_state::shut_down(const caf::error& reason) {
  stopping_ = reason ? reason : caf::error{caf::exit_reason::user_shutdown};
  const error problem{errc::unavailable, "the service is shutting down", {}};
  core_.fail_all(problem);
  for (auto& waiting : std::exchange(mutations_, {}))
    waiting.reply.deliver(to_caf(problem));
  if (children_.empty()) return self_->quit(stopping_);
  for (const auto& [address, stream] : children_)
    if (auto child = caf::actor_cast<caf::actor>(address)) self_->send_exit(child, stopping_);
}

engine_self_actor::behavior_type
engine_behavior(engine_self_actor::stateful_pointer<engine_actor_state> self, engine_parts parts) {
  self->set_down_handler([self](const caf::down_msg& message) { self->state.down(message); });
  self->set_exit_handler(
      [self](const caf::exit_msg& message) { self->state.shut_down(message.reason); });
  self->state.open(std::move(parts));
  return {
      [self](const engine_command& order) { return self->state.command(order); },
      [self](const change_settings& order) { return self->state.settings(order); },
      [self](const add_source& order) { return self->state.add(order); },
      [self](const change_source& order) { return self->state.change(order); },
      [self](const remove_source& order) { return self->state.remove(order); },
      [self](const pause_source& order) { return self->state.pause(order); },
      [self](const accept_quarantine& order) { return self->state.accept(order); },
      [self](const push_document& order) { return self->state.push(order); },
      [self](const pause_api& order) { return self->state.pause(order); },
      [self](const pause_host& order) {
        return caf::result<answer>{self->delegate(self->state.scheduler(), order)};
      },
      [self](const ask_waits& order) { return self->state.explain(order); },
      [self](const ask_host& order) {
        return caf::result<host_load>{self->delegate(self->state.scheduler(), order)};
      },
      [self](const sync_source& order) { return self->state.sync(order); },
      [self](const await_sync& order) { return self->state.wait_for(order); },
      [self](const note_answered& order) { return self->state.note(order); },
      [self](const add_job& order) { return self->state.add(order); },
      [self](const change_job& order) {
        const auto& id = order.definition.id;
        return self->state.hand_over(self->state.entities().job(id), order, "job", id);
      },
      [self](const remove_job& order) {
        return self->state.hand_over(self->state.entities().job(order.id), order, "job", order.id);
      },
      [self](const add_api& order) { return self->state.add(order); },
      [self](const change_api& order) {
        const auto& id = order.definition.id;
        return self->state.hand_over(self->state.entities().api(id), order, "API", id);
      },
      [self](const remove_api& order) { return self->state.remove(order); },
      [self](const edit_spec& order) {
        return self->state.hand_over(self->state.entities().api(order.api), order, "API",
                                     order.api);
      },
      [self](const drop_contributions& order) {
        return self->state.hand_over(self->state.entities().api(order.api), order, "API",
                                     order.api);
      },
      [self](const rollback_api& order) {
        return self->state.hand_over(self->state.entities().api(order.api), order, "API",
                                     order.api);
      },
      [self](const promote_api& order) {
        return self->state.hand_over(self->state.entities().api(order.api), order, "API",
                                     order.api);
      },
      [self](const resolve_conflicts& order) {
        return self->state.hand_over(self->state.entities().api(order.api), order, "API",
                                     order.api);
      },
      [self](const undo_resolutions& order) {
        return self->state.hand_over(self->state.entities().api(order.api), order, "API",
                                     order.api);
      },
      [self](const forget_rule& order) {
        return self->state.hand_over(self->state.entities().api(order.api), order, "API",
                                     order.api);
      },
      [self](const apply_config& order) { return self->state.configure(order); },
      [self](const resend_deliveries& order) {
        return self->state.hand_over(self->state.entities().notifier(), order, "part", "notifier");
      },
      [self](const write_target& order) {
        return self->state.hand_over(self->state.entities().publisher(), order, "part",
                                     "publisher");
      },
      [self](const file_changed& order) { self->state.changed(order); },
      [self](const take_found& order) { return self->state.take(order); },
      [self](const close_engine& order) { return self->state.close(order); },
      [self](const restart_entity& order) { self->state.restart(order); },
  };
}

} // namespace apisync::actors
