#include "actors/api.hpp"

#include "events/judging.hpp"

#include <algorithm>
#include <iterator>

namespace apisync::actors {

void api_actor_state::open(api_parts parts, events::api_state state, std::uint64_t version) {
  parts_ = std::move(parts);
  const auto stream = "api/" + state.definition.id;
  core_.open(parts_.journal, stream, std::move(state), version, parts_.limits.commands_pending);
  if (core_.state().overlays_due) lay_overlays();
  for (const auto& [id, source] : parts_.sources)
    merge_selection(id);
  compare(uncompared());
  consider_model(); // what was being asked when the process ended
}

void api_actor_state::settings(const settings_are& order) {
  parts_.values = order.values;
  parts_.model = order.model;
  passed_over_.clear();
  consider_model();
}

api_context api_actor_state::context() const {
  const auto& state = core_.state();
  api_context out;
  out.api = state.definition.id;
  out.rules = state.definition.rules;
  out.learned = state.learned;
  out.decisions = state.decisions;
  out.refused = state.refused;
  out.guard = state.definition.guard;
  if (const auto* head = state.head()) out.head = head->fact;
  if (out.head) out.head->changes.clear();
  if (state.released) out.released = state.revisions[state.released->revision - 1]->fact;
  if (out.released) out.released->changes.clear();
  out.overlays = state.definition.overlays;
  out.text = state.merged;
  out.served = state.text;
  out.format = state.format;
  out.bases = state.bases;
  for (const auto& [id, conflict] : state.open)
    out.open.push_back(conflict->detail);
  out.sources = parts_.sources;
  for (const auto& [id, source] : parts_.sources)
    if (source.role == events::source_role::authority) out.authority = id;
  out.today = events::to_rfc3339(parts_.now()).substr(0, 10);
  out.judging = events::judging(state.definition, out.today);
  return out;
}

// -- one piece of work after the other ----------------------------------------

void api_actor_state::enqueue(work next) {
  if (queue_.size() >= parts_.limits.commands_pending)
    return next.done(
        fail(errc::overloaded, "too much waits for this API; try again", core_.stream()), {});
  queue_.push_back(std::move(next));
  take_next();
}

void api_actor_state::take_next() {
  if (current_ || queue_.empty()) return;
  current_ = std::move(queue_.front());
  queue_.pop_front();
  const auto number = current_->number = ++works_;
  auto task = current_->begin();
  if (!task) return finish(tl::unexpected{task.error()}, {});
  auto shared = std::make_shared<const integrate_task>(std::move(*task));
  self_->request(parts_.resolver, caf::infinite, integrate_order{std::move(shared)})
      .then([this, number](const integrated_ptr& outcome) { integrated_is(number, outcome); },
            [this, number](const caf::error& problem) {
              if (current_ && current_->number == number)
                finish(tl::unexpected{from_caf(problem)}, {});
            });
}

void api_actor_state::integrated_is(std::uint64_t number, const integrated_ptr& outcome) {
  if (!current_ || current_->number != number) return;
  current_->submitted = true;
  core_.submit(
      [this, outcome, declared = current_->declared](
          const events::api_state& state) -> result<std::vector<events::api_event>> {
        // A source may have been removed while it was compared.
        std::erase_if(outcome->taken.compared, [this](const events::comparison& one) {
          return one.drift && !parts_.sources.contains(one.source);
        });
        auto facts = decide(state, outcome->taken);
        if (!declared) return facts;
        auto change = decide_change(state, declared->definition, declared->who, declared->was);
        if (!change) return change;
        std::move(facts.begin(), facts.end(), std::back_inserter(*change));
        return change;
      },
      [this, outcome](const change_result& change) { finish(outcome, change); }, current_->asked,
      outcome->documents);
}

void api_actor_state::finish(result<integrated_ptr> outcome, const change_result& change) {
  if (!current_) return;
  auto done = std::move(current_->done);
  current_.reset();
  done(std::move(outcome), change);
  take_next();
  consider_model();
}

// -- what a sync brings -------------------------------------------------------

caf::result<taken_in> api_actor_state::take(const take_in& order) {
  auto reply = self_->make_response_promise<taken_in>();
  taken_in so_far;
  const auto first = accounted_for(order);
  if (first != 0) so_far.unchanged = "accounted";
  take_versions(std::make_shared<const take_in>(order), first, so_far, reply);
  return reply;
}

/// How many of the versions were taken in by a sync that did not get to its end: all up to the
/// commit that the source's last revision came from.
std::size_t api_actor_state::accounted_for(const take_in& order) const {
  if (order.source->kind != events::source_kind::git) return 0; // a commit says which version it is
  const auto& revisions = core_.state().revisions;
  const auto last = std::find_if(revisions.rbegin(), revisions.rend(), [&](const auto& one) {
    return one->fact.cause.kind == "sync" && one->fact.cause.source == order.source->id;
  });
  if (last == revisions.rend() || (*last)->fact.cause.commit.empty()) return 0;
  const auto known =
      std::find_if(order.versions.rbegin(), order.versions.rend(), [&](const auto& version) {
        return version.commit == (*last)->fact.cause.commit;
      });
  return static_cast<std::size_t>(order.versions.rend() - known);
}

/// What waits or is being worked on is dropped; what is on its way into the log is answered soon.
void api_actor_state::cancel(const cancel_take& order) {
  const auto meant = [&](const work& one) {
    return one.asked.from.correlation == order.correlation;
  };
  const auto problem = tl::unexpected{error{errc::cancelled, order.reason, core_.stream()}};
  for (auto found = std::find_if(queue_.begin(), queue_.end(), meant); found != queue_.end();
       found = std::find_if(queue_.begin(), queue_.end(), meant)) {
    auto dropped = std::move(*found);
    queue_.erase(found);
    dropped.done(problem, {});
  }
  if (current_ && !current_->submitted && meant(*current_)) finish(problem, {});
}

/// Takes in one version after the other, oldest first, each in an append of its own. The last one
/// decides whether the source is in quarantine; a broken commit in the middle of a history is
/// passed over.
void api_actor_state::take_versions(std::shared_ptr<const take_in> order, std::size_t index,
                                    taken_in so_far, caf::typed_response_promise<taken_in> reply) {
  if (index == order->versions.size()) {
    reply.deliver(so_far);
    return;
  }
  auto begin = [this, order, index]() -> result<integrate_task> {
    if (!core_.state().exists) return fail(errc::not_found, "the API was removed", core_.stream());
    auto source = *order->source;
    // It may have been declared anew while it was fetched.
    if (const auto known = parts_.sources.find(source.id); known != parts_.sources.end()) {
      source.role = known->second.role;
      source.select = known->second.select;
    }
    return take_version{context(),
                        std::move(source),
                        order->versions[index],
                        order->accepted_hash,
                        parts_.values->loss_percent,
                        parts_.values->document_bytes};
  };
  auto done = [this, order, index, so_far, reply](const result<integrated_ptr>& outcome,
                                                  const change_result& change) mutable {
    if (!outcome || !change) {
      reply.deliver(to_caf(!outcome ? outcome.error() : change.error()));
      return;
    }
    const auto& taken = **outcome;
    so_far.refused = taken.refused;
    so_far.conflicts += static_cast<std::uint32_t>(taken.taken.conflicts.size());
    if (taken.taken.revision) so_far.revision = core_.state().revisions.size();
    if (taken.unchanged.empty() && !taken.refused)
      so_far.changed = so_far.changed || change->last != 0;
    else if (!taken.unchanged.empty())
      so_far.unchanged = taken.unchanged;
    take_versions(order, index + 1, so_far, reply);
  };
  enqueue({std::move(begin), std::move(done), {{"system", order->correlation, 0}, {}}});
}

// -- comparing -----------------------------------------------------------------

/// Observers that may differ though no comparison is recorded: what was compared and found alike
/// leaves no event, and a declaration may have changed just before the process ended, or a source
/// may have been removed.
std::vector<std::string> api_actor_state::uncompared() const {
  std::vector<std::string> out;
  const auto& state = core_.state();
  for (const auto& [id, drift] : state.drifts)
    if (!parts_.sources.contains(id)) out.push_back(id);
  if (state.head() == nullptr) return out;
  const bool overlaid = state.merged != state.text;
  for (const auto& [id, source] : parts_.sources) {
    const auto base = state.bases.find(id);
    if (source.role == events::source_role::observer && base != state.bases.end() &&
        !state.drifts.contains(id) &&
        (overlaid || base->second.canonical != state.head()->fact.canonical))
      out.push_back(id);
  }
  return out;
}

/// Compares because a declaration is new; changes of documents are compared as they are taken in.
void api_actor_state::compare(std::vector<std::string> sources) {
  if (sources.empty()) return;
  enqueue({[this, sources = std::move(sources)]() -> result<integrate_task> {
             if (!core_.state().exists)
               return fail(errc::not_found, "the API was removed", core_.stream());
             return take_comparison{context(), sources};
           },
           // Where there was no room, the next change of either side compares.
           [](const result<integrated_ptr>&, const change_result&) {},
           {{"system", {}, 0}, {}}});
}

void api_actor_state::source(const source_is& order) {
  const auto known = parts_.sources.find(order.id);
  if (known != parts_.sources.end() && known->second == order.source) return;
  parts_.sources[order.id] = order.source;
  merge_selection(order.id);
  const auto& state = core_.state();
  if (state.bases.contains(order.id) || state.drifts.contains(order.id)) compare({order.id});
}

/// Merges what a source brought last again, where it selects another part of it now, or was
/// compared only until now.
void api_actor_state::merge_selection(const std::string& id) {
  const auto outdated = [this, id]() -> const compared_source* {
    const auto source = parts_.sources.find(id);
    const auto base = core_.state().bases.find(id);
    if (source == parts_.sources.end() || base == core_.state().bases.end()) return nullptr;
    const bool is = source->second.role != events::source_role::observer &&
                    (base->second.select != source->second.select || base->second.observed);
    return is ? &source->second : nullptr;
  };
  if (outdated() == nullptr) return;
  enqueue({[this, id, outdated]() -> result<integrate_task> {
             const auto* source = outdated();
             if (source == nullptr || !core_.state().exists)
               return fail(errc::not_found, "it was merged meanwhile", core_.stream());
             return take_selection{context(), id, source->select};
           },
           // Where there was no room, its next document is merged so, or the next start does it.
           [](const result<integrated_ptr>&, const change_result&) {},
           {{"system", {}, 0}, {}}});
}

// -- what people do -----------------------------------------------------------

namespace {

std::string revision_json(const events::api_state& state, bool made) {
  return std::string{"{\"revision\":"} + std::to_string(state.revisions.size()) +
         ",\"changed\":" + (made ? "true" : "false") + '}';
}

} // namespace

caf::result<answer> api_actor_state::do_work(std::function<result<integrate_task>()> begin,
                                             asked_by asked,
                                             std::shared_ptr<const change_api> declared) {
  auto reply = self_->make_response_promise<answer>();
  auto done = [this, reply, rules = core_.state().definition.rules](
                  const result<integrated_ptr>& outcome, const change_result& change) mutable {
    if (!outcome || !change) {
      reply.deliver(to_caf(!outcome ? outcome.error() : change.error()));
      return;
    }
    const bool made = (*outcome)->taken.revision.has_value();
    const bool ruled =
        !(*outcome)->taken.learned.empty() || core_.state().definition.rules != rules;
    if (ruled && !core_.state().open.empty()) apply_rules();
    reply.deliver(answer{change->last, revision_json(core_.state(), made)});
  };
  enqueue({std::move(begin), std::move(done), std::move(asked), std::move(declared)});
  return reply;
}

result<void> api_actor_state::check_head(const std::optional<std::string>& if_match) const {
  const auto& state = core_.state();
  if (!state.exists) return fail(errc::not_found, "the API was removed", core_.stream());
  if (!if_match || (state.head() != nullptr && *if_match == state.text.hex())) return {};
  return fail(errc::conflict,
              "the document has changed since it was read; read it again and repeat the edit",
              core_.stream());
}

caf::result<answer> api_actor_state::edit(const edit_spec& order) {
  return do_work(
      [this, order]() -> result<integrate_task> {
        if (auto fresh = check_head(order.if_match); !fresh) return tl::unexpected{fresh.error()};
        events::revision_cause cause;
        cause.kind = "edit";
        cause.author = order.asked.from.by;
        cause.message = order.message;
        return take_edit{context(), order.text, std::move(cause), parts_.values->document_bytes};
      },
      order.asked);
}

caf::result<answer> api_actor_state::remove(const remove_api& order) {
  auto reply = self_->make_response_promise<answer>();
  core_.submit(
      [who = order.who](const events::api_state& state) { return decide_remove(state, who); },
      [this, reply](const change_result& outcome) mutable {
        if (!outcome) {
          reply.deliver(to_caf(outcome.error()));
          return;
        }
        reply.deliver(answer{outcome->last, "{}"});
        fail_all({errc::not_found, "the API was removed", core_.stream()});
        self_->quit();
      },
      order.asked);
  return reply;
}

void api_actor_state::source_removed(const source_gone& order) {
  parts_.sources.erase(order.source);
  core_.submit(
      [source =
           order.source](const events::api_state& state) -> result<std::vector<events::api_event>> {
        return decide_source_removed(state, source);
      },
      [](const change_result&) {}); // a failed append ends the actor, which then starts again
}

caf::result<answer> api_actor_state::pause(const pause_api& order) {
  return change_state([paused = order.paused](
                          const events::api_state& state) { return decide_pause(state, paused); },
                      order.asked);
}

void api_actor_state::presence(const presence_is& news) {
  core_.submit(
      [news](const events::api_state& state) -> result<std::vector<events::api_event>> {
        return decide_presence(state, news.gone_since, news.source);
      },
      [](const change_result&) {}); // a failed append ends the actor, which then starts again
}

void api_actor_state::fail_all(const error& problem) {
  core_.fail_all(problem);
  auto current = std::exchange(current_, std::nullopt);
  auto queue = std::exchange(queue_, {});
  if (current) current->done(tl::unexpected{problem}, {});
  for (auto& waiting : queue)
    waiting.done(tl::unexpected{problem}, {});
}

api_actor::behavior_type api_behavior(api_actor::stateful_pointer<api_actor_state> self,
                                      api_parts parts, events::api_state state,
                                      std::uint64_t version) {
  self->set_exit_handler([self](const caf::exit_msg& message) {
    self->state.fail_all({errc::unavailable, "the service is shutting down", {}});
    self->quit(message.reason);
  });
  self->state.open(std::move(parts), std::move(state), version);
  return {
      [self](const take_in& order) { return self->state.take(order); },
      [self](const cancel_take& order) { self->state.cancel(order); },
      [self](const edit_spec& order) { return self->state.edit(order); },
      [self](const drop_contributions& order) { return self->state.drop(order); },
      [self](const rollback_api& order) { return self->state.rollback(order); },
      [self](const promote_api& order) { return self->state.promote(order); },
      [self](const resolve_conflicts& order) { return self->state.resolve(order); },
      [self](const undo_resolutions& order) { return self->state.undo(order); },
      [self](const forget_rule& order) { return self->state.forget(order); },
      [self](const change_api& order) { return self->state.change(order); },
      [self](const remove_api& order) { return self->state.remove(order); },
      [self](const source_is& order) { self->state.source(order); },
      [self](const source_gone& order) { self->state.source_removed(order); },
      [self](const settings_are& order) { self->state.settings(order); },
      [self](const pause_api& order) { return self->state.pause(order); },
      [self](const presence_is& news) { self->state.presence(news); },
  };
}

} // namespace apisync::actors
