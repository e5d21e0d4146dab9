// What people decide about an API: rollbacks, conflicts, rules.
#include "actors/api.hpp"
#include "events/json_object.hpp"
#include "events/judging.hpp"

#include <algorithm>

namespace apisync::actors {

caf::result<answer> api_actor_state::rollback(const rollback_api& order) {
  return do_work(
      [this, order]() -> result<integrate_task> {
        const auto& revisions = core_.state().revisions;
        if (order.to == 0 || order.to > revisions.size())
          return fail(errc::not_found,
                      "there is no revision " + std::to_string(order.to) + "; there are 1 to " +
                          std::to_string(revisions.size()),
                      core_.stream());
        return take_rollback{context(), revisions[order.to - 1]->fact, brought_since(order.to),
                             order.reason};
      },
      order.asked);
}

caf::result<answer> api_actor_state::drop(const drop_contributions& order) {
  auto reply = self_->make_response_promise<answer>();
  enqueue(
      {[this, order]() -> result<integrate_task> {
         if (!core_.state().exists)
           return fail(errc::not_found, "the API was removed", core_.stream());
         return take_drop{context(), order.source, order.reason, order.preview};
       },
       [reply, order](const result<integrated_ptr>& outcome, const change_result& change) mutable {
         if (!outcome || !change) {
           reply.deliver(to_caf(!outcome ? outcome.error() : change.error()));
           return;
         }
         events::json_object told;
         told.member("api", order.api)
             .member("source", order.source)
             .member("places", (*outcome)->places);
         reply.deliver(answer{change->last, told.finish().text});
       },
       order.asked});
  return reply;
}

/// The sources whose documents came in after a revision, whatever became of what they brought.
std::vector<std::string> api_actor_state::brought_since(std::uint64_t revision) const {
  std::vector<std::string> sources;
  const auto& then = core_.state().revisions[revision - 1]->time;
  for (const auto& [source, when] : core_.state().moved)
    if (then < when) sources.push_back(source);
  return sources;
}

caf::result<answer> api_actor_state::promote(const promote_api& order) {
  return do_work(
      [this, order]() -> result<integrate_task> {
        const auto& revisions = core_.state().revisions;
        const auto wanted = order.revision == 0 ? revisions.size() : order.revision;
        if (!core_.state().exists)
          return fail(errc::not_found, "the API was removed", core_.stream());
        if (wanted == 0 || wanted > revisions.size())
          return fail(errc::not_found,
                      revisions.empty()
                          ? "the API has no document yet: sync one of its sources"
                          : "there is no revision " + std::to_string(wanted) + "; there are 1 to " +
                                std::to_string(revisions.size()),
                      core_.stream());
        return take_promotion{context(), revisions[wanted - 1]->fact, order.reason};
      },
      order.asked);
}

caf::result<answer> api_actor_state::resolve(const resolve_conflicts& order) {
  return do_work(
      [this, order]() -> result<integrate_task> {
        take_resolution task{context(),   order.ids,    order.choice,
                             order.value, order.reason, order.always};
        for (const auto& id : order.ids) {
          const auto found = core_.state().open.find(id);
          if (found == core_.state().open.end())
            return fail(errc::not_found, "there is no open conflict '" + id + "'", core_.stream());
          if (order.was && order.was->id == id && found->second->detail != *order.was)
            return fail(errc::conflict,
                        "the conflict has moved on since it was read; read it again",
                        core_.stream());
          if (order.choice != "proposal") continue;
          const auto& opinion = found->second->opinion;
          if (!opinion || opinion->verdict.outcome != "proposed")
            return fail(errc::conflict, "no model has proposed anything for conflict '" + id + "'",
                        core_.stream());
          task.proposals.emplace(id, *opinion);
        }
        return task;
      },
      order.asked);
}

caf::result<answer> api_actor_state::undo(const undo_resolutions& order) {
  return do_work(
      [this, order]() -> result<integrate_task> {
        take_undo task{context(), {}, order.reason};
        for (const auto& id : order.ids) {
          auto decided = decided_conflict(id);
          if (!decided) return tl::unexpected{decided.error()};
          task.decided.push_back(std::move(*decided));
        }
        return task;
      },
      order.asked);
}

/// The last decision about a conflict that was open.
result<std::shared_ptr<const events::conflict_state>>
api_actor_state::decided_conflict(const std::string& id) const {
  const auto& state = core_.state();
  if (state.open.contains(id))
    return fail(errc::conflict, "the conflict '" + id + "' is open", core_.stream());
  const auto found = std::find_if(state.ended.rbegin(), state.ended.rend(),
                                  [&](const auto& ended) { return ended->detail.id == id; });
  if (found == state.ended.rend())
    return fail(errc::not_found, "there is no conflict '" + id + "'", core_.stream());
  const auto& detail = (*found)->detail;
  if ((*found)->state != "resolved")
    return fail(errc::conflict, "the conflict closed by itself: " + (*found)->reason,
                core_.stream());
  if (!detail.current_document)
    return fail(errc::conflict,
                "the conflict was never open: the rule " + (*found)->rule +
                    " decided it; change the rule, or edit the specification",
                core_.stream());
  return *found;
}

caf::result<answer> api_actor_state::forget(const forget_rule& order) {
  return change_state(
      [order](const events::api_state& state) -> result<std::vector<events::api_event>> {
        if (order.index >= state.learned.size())
          return fail(errc::not_found, "there is no such learned rule");
        return decide_forget(state, state.learned[order.index]);
      },
      order.asked);
}

/// Overlays are recorded with the document that they make, in turn with other work: a document that
/// is being taken in has none of them. What is declared after them waits for them.
caf::result<answer> api_actor_state::change(const change_api& order) {
  const auto declares = [](const work& one) { return one.declared != nullptr; };
  if (order.definition.overlays != core_.state().definition.overlays ||
      (current_ && declares(*current_)) || std::any_of(queue_.begin(), queue_.end(), declares))
    return do_work(
        [this, order]() -> result<integrate_task> {
          if (auto good = check(order.definition); !good) return tl::unexpected{good.error()};
          auto next = context();
          next.overlays = order.definition.overlays;
          next.judging = events::judging(order.definition, next.today);
          return take_overlays{std::move(next), order.asked.from.by};
        },
        order.asked, std::make_shared<const change_api>(order));
  return change_state(
      [order](const events::api_state& state) {
        return decide_change(state, order.definition, order.who, order.was);
      },
      order.asked);
}

/// Records a change that needs no documents. Where it changed the rules, open conflicts are decided
/// by them at once.
caf::result<answer> api_actor_state::change_state(core::decision decide, asked_by asked) {
  auto reply = self_->make_response_promise<answer>();
  core_.submit(
      std::move(decide),
      [this, reply, rules = core_.state().definition.rules,
       learned = core_.state().learned](const change_result& outcome) mutable {
        if (!outcome) {
          reply.deliver(to_caf(outcome.error()));
          return;
        }
        const auto& now = core_.state();
        const bool ruled = now.definition.rules != rules || now.learned != learned;
        if (ruled && !now.open.empty()) apply_rules();
        reply.deliver(answer{outcome->last, "{}"});
      },
      std::move(asked));
  return reply;
}

void api_actor_state::apply_rules() {
  enqueue({[this]() -> result<integrate_task> {
             if (core_.state().open.empty())
               return fail(errc::not_found, "no conflict is open", core_.stream());
             return take_rules{context()};
           },
           [](const result<integrated_ptr>&, const change_result&) {}, // they stay open
           {{"system", {}, 0}, {}}});
}

/// For an API that was added again: its last document has never had these overlays.
void api_actor_state::lay_overlays() {
  enqueue({[this]() -> result<integrate_task> {
             return take_overlays{context(), "system"};
           },
           [](const result<integrated_ptr>&, const change_result&) {}, // with the next revision
           {{"system", {}, 0}, {}}});
}

} // namespace apisync::actors
