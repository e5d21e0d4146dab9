#include "actors/source.hpp"

#include <caf/send.hpp>

#include <algorithm>

namespace apisync::actors {

namespace {

/// The members that an event and the fetcher call the same.
template <class To, class From>
void copy_seen(To& to, const From& from) {
  to.etag = from.etag;
  to.last_modified = from.last_modified;
  to.commit = from.commit;
  to.bytes_hash = from.bytes_hash;
  to.size = from.size;
  to.mtime_ns = from.mtime_ns;
  to.inode = from.inode;
}

} // namespace

events::source_seen to_seen(const sources::validators& seen) {
  events::source_seen out;
  copy_seen(out, seen);
  for (const auto& part : seen.parts) {
    auto& made = out.parts.emplace_back();
    made.address = part.address;
    copy_seen(made, part.seen);
  }
  return out;
}

sources::validators to_validators(const events::source_seen& seen) {
  sources::validators out;
  copy_seen(out, seen);
  for (const auto& part : seen.parts) {
    auto& made = out.parts.emplace_back();
    made.address = part.address;
    copy_seen(made.seen, part);
  }
  return out;
}

sources::location to_location(const events::source_definition& source) {
  sources::location out;
  out.type = source.kind == events::source_kind::git    ? sources::location::kind::git
             : source.kind == events::source_kind::http ? sources::location::kind::http
                                                        : sources::location::kind::file;
  out.path = source.path;
  out.url = source.url;
  out.ref = source.ref;
  out.history = source.history;
  out.headers = source.headers;
  out.allow_addresses = source.allow_addresses;
  if (const auto& to = source.connection) out.tls = {to->ca, to->certificate, to->key};
  out.several_files = source.references != events::outside_references::keep;
  out.last_name_counts = source.duplicates == events::duplicate_names::last;
  return out;
}

sources::fetch_limits to_limits(const events::source_definition& source,
                                const events::settings& values) {
  sources::fetch_limits out;
  out.bytes = values.document_bytes;
  if (!source.connection) return out;
  const auto& to = *source.connection;
  out.total_timeout = to.timeout.value_or(out.total_timeout);
  out.connect_timeout = to.connect_timeout.value_or(out.connect_timeout);
  if (to.stall_timeout)
    out.stall_timeout = std::chrono::duration_cast<std::chrono::seconds>(*to.stall_timeout);
  return out;
}

void source_actor_state::open(source_parts parts, events::source_state state,
                              std::uint64_t version) {
  parts_ = std::move(parts);
  const auto stream = "source/" + state.definition.id;
  core_.open(parts_.journal, stream, std::move(state), version, parts_.limits.commands_pending);
  watch_file();
}

void source_actor_state::watch(const watch_files& order) {
  parts_.watching = order.open;
  watch_file();
}

void source_actor_state::watch_file() {
  const auto& source = core_.state().definition;
  if (!parts_.watcher) return;
  parts_.watcher->unwatch(source.id);
  const bool wanted = source.kind == events::source_kind::file && source.watch;
  if (!wanted || !parts_.watching) return;
  // Where the system cannot watch, polls notice changes all the same.
  std::vector<std::string> paths{source.path};
  for (const auto& part : core_.state().seen.parts)
    paths.push_back(part.address);
  static_cast<void>(parts_.watcher->watch(source.id, paths));
}

caf::result<fetch_result> source_actor_state::fetch() {
  const auto& state = core_.state();
  const auto at_hand = [&](sources::fetch_outcome outcome, std::string accepted) {
    return fetch_result{std::make_shared<const sources::fetch_outcome>(std::move(outcome)),
                        std::make_shared<events::source_definition>(state.definition),
                        std::move(accepted)};
  };
  if (state.definition.kind == events::source_kind::manual) return at_hand(sources::fetched{}, {});
  if (state.definition.kind == events::source_kind::push)
    return at_hand(pushed(), state.accepted_hash);
  sources::fetch_request request;
  request.source = state.definition.id;
  request.from = to_location(state.definition);
  request.last = to_validators(state.seen);
  request.limits = to_limits(state.definition, *parts_.values);
  auto reply = self_->make_response_promise<fetch_result>();
  fetching_.emplace(++token_, reply);
  auto me = caf::actor_cast<caf::actor>(self_);
  parts_.fetcher->fetch(std::move(request), [me, token = token_](sources::fetch_outcome outcome) {
    caf::anon_send(
        me, fetch_ended{token, std::make_shared<const sources::fetch_outcome>(std::move(outcome))});
  });
  return reply;
}

/// What was brought since the last sync. It is in the store, as is everything that its event says.
sources::fetch_outcome source_actor_state::pushed() const {
  const auto& state = core_.state();
  sources::fetched out;
  out.seen.bytes_hash = state.seen.bytes_hash;
  if (!state.pushed) return out;
  const auto& fact = state.pushed->fact;
  if (fact.text.hex() == state.seen.bytes_hash) return out;
  auto bytes = parts_.documents->load(fact.text);
  if (!bytes)
    return tl::unexpected{
        sources::fetch_failure{sources::failure_class::transient, bytes.error(), std::nullopt}};
  out.seen.bytes_hash = fact.text.hex();
  sources::version brought;
  brought.bytes = std::make_shared<const std::string>(std::move(*bytes));
  brought.commit = fact.commit;
  brought.author = state.pushed->by;
  brought.message = fact.message;
  out.versions.push_back(std::move(brought));
  return out;
}

void source_actor_state::fetched(const fetch_ended& ended) {
  const auto found = fetching_.find(ended.token);
  if (found == fetching_.end()) return;
  auto reply = std::move(found->second);
  fetching_.erase(found);
  const auto& state = core_.state();
  reply.deliver(fetch_result{ended.outcome,
                             std::make_shared<events::source_definition>(state.definition),
                             state.accepted_hash});
}

caf::result<answer> source_actor_state::submit(core::decision decide, asked_by who,
                                               std::function<void()> afterwards,
                                               std::vector<storage::stored_document> documents) {
  auto reply = self_->make_response_promise<answer>();
  core_.submit(
      std::move(decide),
      [reply, afterwards = std::move(afterwards)](change_result outcome) mutable {
        if (!outcome) {
          reply.deliver(to_caf(outcome.error()));
          return;
        }
        reply.deliver(answer{outcome->last, "{}"});
        if (afterwards) afterwards();
      },
      std::move(who), std::move(documents));
  return reply;
}

/// What is to be done once this is what was seen: other files, other watches.
std::function<void()> source_actor_state::watch_anew(const events::source_seen& seen) {
  const auto& before = core_.state().seen.parts;
  const bool same =
      std::equal(before.begin(), before.end(), seen.parts.begin(), seen.parts.end(),
                 [](const auto& one, const auto& other) { return one.address == other.address; });
  if (same) return {};
  return [this] { watch_file(); };
}

caf::result<answer> source_actor_state::seen(const record_seen& order) {
  return submit(
      [seen = order.seen](const events::source_state& state)
          -> result<std::vector<events::source_event>> { return decide_seen(state, seen); },
      {{"system", order.correlation, 0}, {}}, watch_anew(order.seen));
}

caf::result<answer> source_actor_state::refused(const record_refused& order) {
  return submit(
      [order](const events::source_state& state) -> result<std::vector<events::source_event>> {
        return decide_quarantine(state, order.refused, order.seen);
      },
      {{"system", order.correlation, 0}, {}}, watch_anew(order.seen));
}

caf::result<answer> source_actor_state::change(const change_source& order) {
  return submit(
      [order](const events::source_state& state) {
        return decide_change(state, order.definition, order.who, order.was);
      },
      order.asked, [this] { watch_file(); });
}

caf::result<answer> source_actor_state::remove(const remove_source& order) {
  return submit(
      [who = order.who](const events::source_state& state) { return decide_remove(state, who); },
      order.asked,
      [this] {
        if (parts_.watcher) parts_.watcher->unwatch(core_.state().definition.id);
        fail_all({errc::cancelled, "the source was removed", core_.stream()});
        self_->quit();
      });
}

caf::result<answer> source_actor_state::pause(const pause_source& order) {
  return submit([paused = order.paused](
                    const events::source_state& state) { return decide_pause(state, paused); },
                order.asked);
}

caf::result<answer> source_actor_state::accept(const accept_quarantine& order) {
  return submit([](const events::source_state& state) { return decide_accept(state); },
                order.asked);
}

caf::result<answer> source_actor_state::push(const push_document& order) {
  return submit([brought = order.brought](
                    const events::source_state& state) { return decide_push(state, brought); },
                order.asked, nullptr, order.documents);
}

void source_actor_state::fail_all(const error& problem) {
  core_.fail_all(problem);
  for (auto& [token, reply] : fetching_)
    reply.deliver(to_caf(problem));
  fetching_.clear();
}

source_self_actor::behavior_type
source_behavior(source_self_actor::stateful_pointer<source_actor_state> self, source_parts parts,
                events::source_state state, std::uint64_t version) {
  self->set_exit_handler([self](const caf::exit_msg& message) {
    self->state.fail_all({errc::unavailable, "the service is shutting down", {}});
    self->quit(message.reason);
  });
  self->state.open(std::move(parts), std::move(state), version);
  return {
      [self](const fetch_now&) { return self->state.fetch(); },
      [self](const record_seen& order) { return self->state.seen(order); },
      [self](const record_refused& order) { return self->state.refused(order); },
      [self](const change_source& order) { return self->state.change(order); },
      [self](const remove_source& order) { return self->state.remove(order); },
      [self](const pause_source& order) { return self->state.pause(order); },
      [self](const accept_quarantine& order) { return self->state.accept(order); },
      [self](const push_document& order) { return self->state.push(order); },
      [self](const watch_files& order) { self->state.watch(order); },
      [self](const settings_are& order) { self->state.settings(order); },
      [self](const fetch_ended& ended) { self->state.fetched(ended); },
  };
}

} // namespace apisync::actors
