#include "actors/publisher.hpp"

#include "events/status.hpp"
#include "events/target_place.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace apisync::actors {

namespace {

constexpr std::chrono::seconds pause_when_full{1}; // before an outcome is sought again
constexpr std::chrono::hours longest_pause{24};    // between two looks at the clock

sources::destination to_destination(const events::target_definition& target) {
  sources::destination out;
  switch (target.kind) {
  case events::target_kind::file:
    out.type = sources::destination::kind::file;
    break;
  case events::target_kind::http:
    out.type = sources::destination::kind::http;
    break;
  case events::target_kind::git:
    out.type = sources::destination::kind::git;
    break;
  }
  out.path = target.path;
  out.url = target.url;
  out.branch = target.branch;
  out.method = to_string(target.method);
  out.headers = target.headers;
  out.allow_addresses = target.allow_addresses;
  if (target.format) out.format = to_string(*target.format);
  return out;
}

/// Whether a target has all that there is, seen without a look at who else is there: of documents
/// with overlays, it depends on that what it is to have.
bool has_newest(const events::target_state& state, const events::views& now) {
  if (!state.written || state.definition.document == events::target_document::released)
    return false;
  const auto* api = now.api(state.definition.api);
  return api != nullptr && api->text == api->merged && api->text == state.written->text;
}

/// `Shop 1.4.0 (revision 7 of shop)`
std::string message_of(const events::api_state& api, std::uint64_t revision) {
  const auto& fact = api.revisions[revision - 1]->fact;
  auto text = fact.title.empty() ? api.definition.id : fact.title;
  if (!fact.api_version.empty()) text += ' ' + fact.api_version;
  return text + " (revision " + std::to_string(revision) + " of " + api.definition.id + ")\n";
}

} // namespace

// -- what is declared and ordered ---------------------------------------------

void publisher_state::open(publisher_parts parts) {
  parts_ = std::move(parts);
  parts_.box->get()->each_target(
      [&](const events::target_state& state) { channel_of(state.definition.id); });
  look();
}

/// The channel of a target, as the snapshot has it, or as if it had never been declared.
publisher_state::channel& publisher_state::channel_of(const std::string& id) {
  auto& slot = channels_[id];
  if (slot) return *slot;
  slot = std::make_unique<channel>(self_, parts_.seed, id);
  events::target_state state;
  state.definition.id = id;
  if (const auto* known = parts_.box->get()->target(id)) state = *known;
  const auto stream = "target/" + id;
  slot->fold.open(parts_.journal, stream, std::move(state), parts_.log->version(stream),
                  parts_.limits.commands_pending);
  return *slot;
}

caf::result<answer> publisher_state::declare(const declare_targets& order) {
  auto reply = self_->make_response_promise<answer>();
  auto sum = std::make_shared<answer_tally>(reply);
  std::set<std::string> declared;
  for (const auto& target : *order.targets) {
    declared.insert(target.id);
    change(
        channel_of(target.id),
        [target](const events::target_state& state) {
          return state.exists ? decide_change(state, target) : decide_add(state, target);
        },
        sum);
  }
  for (const auto& [id, of] : channels_)
    if (of->state().exists && !declared.contains(id))
      change(
          *of, [](const events::target_state& state) { return decide_remove(state); }, sum);
  sum->add(storage::appended{});
  return reply;
}

void publisher_state::change(channel& of, core::decision decide,
                             const std::shared_ptr<answer_tally>& sum) {
  sum->expect();
  of.fold.submit(std::move(decide), [this, &of, sum](const change_result& outcome) {
    if (outcome && outcome->last != 0) of.token = 0; // what is under way was for another place
    sum->add(outcome);
    settled(of, outcome);
  });
}

caf::result<answer> publisher_state::write(const write_target& order) {
  const auto found = channels_.find(order.target);
  if (found == channels_.end() || !found->second->state().exists)
    return to_caf({errc::not_found, "there is no target '" + order.target + "'", {}});
  auto& of = *found->second;
  auto reply = self_->make_response_promise<answer>();
  of.fold.submit([](const events::target_state& state) { return decide_order(state); },
                 [this, &of, reply](const change_result& outcome) mutable {
                   if (outcome)
                     reply.deliver(answer{outcome->last, "{}"});
                   else
                     reply.deliver(to_caf(outcome.error()));
                   settled(of, outcome);
                 },
                 order.asked);
  return reply;
}

// -- what is to be written ----------------------------------------------------

void publisher_state::look() {
  const auto now = parts_.box->get();
  for (const auto& [id, of] : channels_)
    push(*of, *now);
  await_more(now->at());
}

void publisher_state::await_more(events::sequence seen) {
  const bool any = std::any_of(channels_.begin(), channels_.end(),
                               [](const auto& entry) { return entry.second->writes(); });
  if (!any || std::exchange(waiting_, true)) return;
  self_->request(parts_.views, caf::infinite, await_views{seen + 1})
      .then(
          [this](const committed&) {
            waiting_ = false;
            look();
          },
          [](const caf::error&) {}); // the views are gone: the whole service starts anew
}

std::optional<publisher_state::wanted> publisher_state::wanted_by(const channel& of,
                                                                  const events::views& now) const {
  const auto& target = of.state().definition;
  const auto* api = now.api(target.api);
  const auto* revision = api != nullptr ? events::wanted_revision(*api, target) : nullptr;
  if (revision == nullptr) return std::nullopt;
  wanted out{revision->fact.number, revision->fact.text, revision->fact.format, nullptr};
  auto merged = revision->fact.merged.value_or(revision->fact.text);
  if (target.document == events::target_document::current) {
    out.text = api->text;
    out.format = api->format;
    merged = api->merged;
  }
  for (const auto& id : now.sources_of(target.api)) {
    const auto* source = now.source(id);
    if (source->definition.role == events::source_role::observer ||
        !same_place(target, source->definition))
      continue;
    out.shared = source;
    // What lies on it is laid again when the source is read.
    out.text = merged;
  }
  return out;
}

void publisher_state::push(channel& of, const events::views& now) {
  if (!of.writes() || of.token != 0 || of.fold.busy()) return;
  const auto& state = of.state();
  if (state.next_attempt && *state.next_attempt > parts_.now())
    return wait_until(of, *state.next_attempt);
  if (has_newest(state, now)) return;
  const auto document = wanted_by(of, now);
  if (!document || (state.written && state.written->text == document->text)) return;
  write(of, now, *document);
}

// -- attempts -----------------------------------------------------------------

void publisher_state::write(channel& of, const events::views& now, const wanted& document) {
  const auto& target = of.state().definition;
  const auto& api = *now.api(target.api);
  sources::publish_order order;
  order.target = target.id;
  order.to = to_destination(target);
  order.text = [documents = parts_.documents, text = document.text] {
    return documents->load(text);
  };
  order.format = document.format;
  order.message = message_of(api, document.revision);
  order.timeout = target.timeout;
  if (const auto& written = of.state().written) {
    order.written = written->bytes;
    order.verbatim = written->verbatim;
  }
  of.revision = document.revision;
  of.text = document.text;
  if (document.shared != nullptr) {
    const auto& source = *document.shared;
    if (auto good = check_shared(target, source.definition, !source.seen.parts.empty()); !good)
      return end(of, {document.revision, {}, good.error().message, good.error().where, {}});
    const auto base = api.bases.find(source.definition.id);
    order.shared = sources::read_there{source.definition.id,
                                       base == api.bases.end() ? digest{} : base->second.text,
                                       // What is in quarantine was seen, and not taken in.
                                       source.quarantined ? std::string{} : source.seen.etag};
  }
  of.token = ++tokens_;
  auto me = caf::actor_cast<caf::actor>(self_);
  parts_.publisher->publish(std::move(order), [me, id = target.id,
                                               token = of.token](sources::publish_outcome how) {
    caf::anon_send(
        me,
        write_ended{id, token, std::make_shared<const sources::publish_outcome>(std::move(how))});
  });
}

void publisher_state::ended(const write_ended& message) {
  const auto found = channels_.find(message.target);
  if (found == channels_.end() || found->second->token != message.token) return;
  auto& of = *found->second;
  of.token = 0;
  const auto& outcome = *message.outcome;
  events::write_ending ending;
  ending.revision = of.revision;
  if (outcome) {
    events::target_written fact;
    fact.revision = of.revision;
    fact.text = of.text;
    fact.bytes = outcome->bytes;
    fact.size = outcome->size;
    fact.verbatim = outcome->verbatim;
    fact.found = outcome->found;
    fact.commit = outcome->commit;
    ending.written = std::move(fact);
  } else {
    const auto& failure = outcome.error();
    if (failure.problem.code == errc::cancelled) return; // the service stops
    ending.reason = failure.problem.message;
    ending.where = failure.problem.where;
    ending.retry_after = failure.retry_after;
  }
  end(of, std::move(ending));
}

void publisher_state::end(channel& of, events::write_ending ending) {
  of.fold.submit(
      [this, ending = std::move(ending), luck = of.luck.next()](
          const events::target_state& state) -> result<std::vector<events::target_event>> {
        const auto now = parts_.now();
        return decide_end(state, ending, {now, now, luck, *parts_.values});
      },
      [this, &of](const change_result& written) { settled(of, written); });
}

/// Something of the target is on disk, or could not be brought there.
void publisher_state::settled(channel& of, const change_result& outcome) {
  if (!outcome) {
    // Too much waits for the disk: an outcome that is lost is sought again.
    if (outcome.error().code == errc::overloaded) wait_until(of, parts_.now() + pause_when_full);
    return;
  }
  push(of, *parts_.box->get());
  await_more(parts_.box->get()->at());
}

void publisher_state::wait_until(channel& of, events::timestamp time) {
  if (of.alarm && *of.alarm <= time) return;
  of.alarm = time;
  const auto pause = std::clamp<std::chrono::microseconds>(
      time - parts_.now(), std::chrono::milliseconds{1}, longest_pause);
  self_->delayed_send(self_, pause, write_due{of.state().definition.id});
}

void publisher_state::due(const write_due& message) {
  const auto found = channels_.find(message.target);
  if (found == channels_.end()) return;
  found->second->alarm.reset();
  push(*found->second, *parts_.box->get());
}

void publisher_state::fail_all(const error& problem) {
  for (const auto& [id, of] : channels_)
    of->fold.fail_all(problem);
}

publisher_self_actor::behavior_type
publisher_behavior(publisher_self_actor::stateful_pointer<publisher_state> self,
                   publisher_parts parts) {
  self->set_exit_handler([self](const caf::exit_msg& message) {
    self->state.fail_all({errc::unavailable, "the service is shutting down", {}});
    self->quit(message.reason);
  });
  self->state.open(std::move(parts));
  return {
      [self](const declare_targets& order) { return self->state.declare(order); },
      [self](const write_target& order) { return self->state.write(order); },
      [self](const settings_are& order) { self->state.settings(order); },
      [self](const write_ended& message) { self->state.ended(message); },
      [self](const write_due& message) { self->state.due(message); },
  };
}

} // namespace apisync::actors
