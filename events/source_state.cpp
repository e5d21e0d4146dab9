#include "events/source_state.hpp"

#include "events/overload.hpp"

namespace apisync::events {

namespace {

using events = std::vector<source_event>;

error no_source(const source_state& state) {
  return {errc::not_found, "there is no source '" + state.definition.id + "'", {}};
}

result<void> changeable(const source_state& state, declared_by who) {
  if (!state.exists) return tl::unexpected{no_source(state)};
  if (who == declared_by::api && state.definition.declared == declared_by::folder)
    return fail(errc::forbidden, "source '" + state.definition.id + "' was found in folder '" +
                                     state.definition.folder +
                                     "' of the configuration file; change that");
  if (who == declared_by::api && state.definition.declared == declared_by::file)
    return fail(errc::forbidden, "source '" + state.definition.id +
                                     "' is declared by the configuration file; change it there");
  return {};
}

} // namespace

void apply(source_state& state, source_event event, const stamp& when) {
  std::visit(overload{
                 [&](source_added& fact) {
                   state = source_state{};
                   state.definition = std::move(fact.definition);
                   state.exists = true;
                   state.added = when.time;
                 },
                 [&](source_changed& fact) {
                   const auto& before = state.definition;
                   auto& after = fact.definition;
                   // Another place has other validators, and another way of reading makes another
                   // document of the same files: asking with the old ones would lie.
                   if (before.kind != after.kind || before.path != after.path ||
                       before.url != after.url || before.ref != after.ref ||
                       before.references != after.references ||
                       before.duplicates != after.duplicates)
                     state.seen = {};
                   state.definition = std::move(after);
                 },
                 [&](const source_removed&) { state.exists = false; },
                 [&](const source_paused&) { state.paused = true; },
                 [&](const source_resumed&) { state.paused = false; },
                 [&](source_seen& fact) {
                   if (fact.bytes_hash != state.seen.bytes_hash) state.changed = when.time;
                   state.seen = std::move(fact);
                 },
                 [&](source_quarantined& fact) {
                   state.quarantined = {std::move(fact.bytes_hash), std::move(fact.reason),
                                        std::move(fact.where), when.time};
                 },
                 [&](const source_released&) {
                   state.quarantined.reset();
                   state.accepted_hash.clear();
                 },
                 [&](quarantine_accepted& fact) {
                   state.accepted_hash = std::move(fact.bytes_hash);
                   state.seen = {}; // so that the next sync reads the document again
                 },
                 [&](document_pushed& fact) {
                   state.pushed = {std::move(fact), when.time, when.by};
                 },
             },
             event);
}

result<events> decide_add(const source_state& state, const source_definition& definition) {
  if (state.exists)
    return fail(errc::already_exists, "there is a source '" + definition.id + "' already");
  if (auto valid = check(definition); !valid) return tl::unexpected{valid.error()};
  return events{source_added{definition}};
}

result<events> decide_change(const source_state& state, const source_definition& definition,
                             declared_by who, const std::optional<source_definition>& was) {
  if (auto allowed = changeable(state, who); !allowed) return tl::unexpected{allowed.error()};
  if (was && *was != state.definition)
    return fail(errc::conflict, "source '" + definition.id + "' was changed meanwhile");
  if (auto valid = check(definition); !valid) return tl::unexpected{valid.error()};
  if (definition == state.definition) return events{};
  return events{source_changed{definition}};
}

result<events> decide_remove(const source_state& state, declared_by who) {
  if (auto allowed = changeable(state, who); !allowed) return tl::unexpected{allowed.error()};
  return events{source_removed{}};
}

result<events> decide_pause(const source_state& state, bool paused) {
  if (!state.exists) return tl::unexpected{no_source(state)};
  if (state.paused == paused) return events{};
  if (paused) return events{source_paused{}};
  return events{source_resumed{}};
}

events decide_seen(const source_state& state, const source_seen& seen) {
  events facts;
  const bool good = !state.quarantined || seen.bytes_hash != state.quarantined->bytes_hash ||
                    state.accepted_hash == seen.bytes_hash;
  if (state.seen != seen) facts.emplace_back(seen);
  if (state.quarantined && good) facts.emplace_back(source_released{});
  return facts;
}

events decide_quarantine(const source_state& state, const source_quarantined& refused,
                         const source_seen& seen) {
  events facts;
  if (state.seen != seen) facts.emplace_back(seen);
  if (!state.quarantined || state.quarantined->bytes_hash != refused.bytes_hash ||
      state.quarantined->reason != refused.reason)
    facts.emplace_back(refused);
  return facts;
}

result<events> decide_push(const source_state& state, const document_pushed& brought) {
  const auto& id = state.definition.id;
  if (!state.exists) return tl::unexpected{no_source(state)};
  if (state.definition.kind != source_kind::push)
    return fail(errc::conflict, "source '" + id + "' is of kind '" +
                                    std::string{to_string(state.definition.kind)} +
                                    "': its document is fetched, not pushed");
  if (state.pushed && state.pushed->fact.text == brought.text &&
      state.pushed->fact.commit == brought.commit)
    return events{};
  return events{brought};
}

result<events> decide_accept(const source_state& state) {
  if (!state.exists) return tl::unexpected{no_source(state)};
  if (!state.quarantined)
    return fail(errc::conflict, "nothing of source '" + state.definition.id + "' is in quarantine");
  return events{quarantine_accepted{state.quarantined->bytes_hash}};
}

} // namespace apisync::events
