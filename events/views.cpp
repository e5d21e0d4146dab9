#include "events/views.hpp"

#include "events/overload.hpp"

#include <algorithm>

namespace apisync::events {

namespace {

constexpr std::uint32_t job_number_max = 1U << 26; ///< Numbers are given in turn; more is damage.

/// How a sync ended badly, if the event says so; the source is the caller's to add.
std::optional<last_failure> failure_of(const job_event& event, timestamp time) {
  if (const auto* fact = std::get_if<sync_failed>(&event))
    return last_failure{{},           {},          std::string{to_string(fact->kind)},
                        fact->reason, fact->where, time};
  if (const auto* fact = std::get_if<sync_quarantined>(&event))
    return last_failure{{}, {}, "quarantined", fact->reason, fact->where, time};
  return std::nullopt;
}

bool valid_number(const any_event& event) {
  const auto* job = std::get_if<job_event>(&event);
  const auto* added = job ? std::get_if<job_added>(job) : nullptr;
  return !added || added->number <= job_number_max;
}

} // namespace

// -- fold ---------------------------------------------------------------------

result<decoded_record> decode_record(const record_view& record) {
  auto event = decode(record);
  if (!event) return tl::unexpected{event.error()};
  if (!valid_number(*event))
    return fail(errc::corrupt, "the job's number is out of range",
                "record " + std::to_string(record.sequence));
  return decoded_record{std::move(*event),
                        std::string{record.stream},
                        {record.sequence, record.time, std::string{record.by}}};
}

result<void> views::apply(const record_view& record) {
  auto decoded = decode_record(record);
  if (!decoded) return tl::unexpected{decoded.error()};
  return apply(std::move(*decoded));
}

result<void> views::apply(decoded_record&& record) {
  const auto number = record.when.sequence;
  if (number <= at_)
    return fail(errc::corrupt,
                "record " + std::to_string(number) + " comes after record " + std::to_string(at_),
                "record " + std::to_string(number));
  fold(record.event, record.stream, record.when);
  return {};
}

void views::apply(any_event event, std::string_view stream, const stamp& when) {
  fold(event, stream, when);
}

void views::fold(any_event& event, std::string_view stream, const stamp& when) {
  at_ = when.sequence;
  time_ = when.time;
  std::visit([&](auto& group) { fold(group, stream, when); }, event);
}

void views::fold(const engine_event& event, std::string_view, const stamp& when) {
  events::apply(engine_, event, when);
  if (const auto* fact = std::get_if<actor_failed>(&event))
    last_error_ = {fact->actor, {}, "actor_failed", fact->reason, {}, when.time};
  if (const auto* fact = std::get_if<config_applied>(&event)) config_file_ = fact->file;
}

template <class Fact>
void views::fold_host(const Fact& fact, timestamp when) {
  auto& state = hosts_.touch(fact.host);
  events::apply(state, fact, when);
  if (state.plain()) hosts_.erase(fact.host);
}

void views::fold(const scheduler_event& event, std::string_view, const stamp& when) {
  std::visit(overload{
                 [&](const syncs_started& fact) {
                   for (const auto& row : fact.rows)
                     if (auto* job = jobs_.edit(row.job)) events::apply(*job, row);
                 },
                 [&](const syncs_unchanged& fact) {
                   for (const auto& row : fact.rows) {
                     count(metrics_, row);
                     if (auto* job = jobs_.edit(row.job)) events::apply(*job, row);
                   }
                 },
                 [&](const auto& fact) { fold_host(fact, when.time); },
             },
             event);
}

void views::fold(source_event& event, std::string_view stream, const stamp& when) {
  const auto id = split_stream(stream).id;
  count(metrics_, event);
  auto& state = sources_.touch(id);
  const auto moves = std::holds_alternative<source_added>(event) ||
                     std::holds_alternative<source_changed>(event) ||
                     std::holds_alternative<source_removed>(event);
  if (!moves && state.exists) return events::apply(state, std::move(event), when);
  const auto api_before = state.definition.api;
  events::apply(state, std::move(event), when);
  const auto api_after = state.exists ? state.definition.api : std::string{};
  if (!state.exists) sources_.erase(id);
  move_source(id, api_before, api_after);
}

void views::move_source(std::string_view id, const std::string& api_before,
                        const std::string& api_after) {
  if (api_before == api_after) return;
  if (auto* ids = sources_of_.edit(api_before)) {
    ids->erase(std::string{id});
    if (ids->empty()) sources_of_.erase(api_before);
  }
  if (!api_after.empty()) sources_of_.touch(api_after).emplace(id);
}

void views::fold(job_event& event, std::string_view stream, const stamp& when) {
  const auto id = split_stream(stream).id;
  count(metrics_, event);
  if (const auto* added = std::get_if<job_added>(&event)) {
    if (const auto* number = job_numbers_.find(id)) forget_job(*number);
    job_numbers_.touch(id) = added->number;
    jobs_of_.touch(added->definition.source).insert(added->number);
    return events::apply(jobs_.touch(added->number), std::move(event), when);
  }
  const auto* number = job_numbers_.find(id);
  if (!number) return;
  if (std::holds_alternative<job_removed>(event)) {
    forget_job(*number);
    job_numbers_.erase(id);
  } else if (const auto* changed = std::get_if<job_changed>(&event)) {
    move_job(*number, changed->definition.source);
    events::apply(*jobs_.edit(*number), std::move(event), when);
  } else {
    auto& job = *jobs_.edit(*number);
    auto failure = failure_of(event, when.time);
    events::apply(job, std::move(event), when);
    if (failure) {
      failure->source = job.definition.source;
      last_error_ = std::move(failure);
    }
  }
}

void views::move_job(std::uint32_t number, const std::string& source_after) {
  const auto source_before = jobs_.find(number)->definition.source;
  if (source_before == source_after) return;
  if (auto* numbers = jobs_of_.edit(source_before)) {
    numbers->erase(number);
    if (numbers->empty()) jobs_of_.erase(source_before);
  }
  if (!source_after.empty()) jobs_of_.touch(source_after).insert(number);
}

void views::forget_job(std::uint32_t number) {
  move_job(number, {});
  jobs_.erase(number);
}

void views::fold(api_event& event, std::string_view stream, const stamp& when) {
  count(metrics_, event);
  auto& state = apis_.touch(split_stream(stream).id);
  const auto* revision = std::get_if<revision_added>(&event);
  const auto changed = revision && !revision->changes.empty();
  events::apply(state, std::move(event), when);
  if (changed) remember_change(state);
}

void views::fold(const webhook_event& event, std::string_view stream, const stamp& when) {
  const auto id = split_stream(stream).id;
  count(metrics_, event);
  auto& state = webhooks_.touch(id);
  events::apply(state, event, when);
  if (!state.exists) webhooks_.erase(id);
  if (const auto* fact = std::get_if<delivery_abandoned>(&event))
    last_error_ = {std::string{stream}, {},          "delivery_abandoned",
                   fact->reason,        fact->where, when.time};
}

void views::fold(const target_event& event, std::string_view stream, const stamp& when) {
  const auto id = split_stream(stream).id;
  count(metrics_, event);
  auto& state = targets_.touch(id);
  events::apply(state, event, when);
  if (!state.exists) targets_.erase(id);
  if (const auto* fact = std::get_if<target_failed>(&event))
    last_error_ = {std::string{stream}, {}, "target_failed", fact->reason, fact->where, when.time};
}

void views::remember_change(const api_state& api) {
  auto& slot = changes_.touch(change_count_++ % max_changes);
  slot = {api.definition.id, api.revisions.back()};
}

// -- read ---------------------------------------------------------------------

const source_state* views::source(std::string_view id) const {
  return sources_.find(id);
}

const job_state* views::job(std::string_view id) const {
  const auto* number = job_numbers_.find(id);
  return number ? jobs_.find(*number) : nullptr;
}

const job_state* views::job_by_number(std::uint32_t number) const {
  return jobs_.find(number);
}

const api_state* views::api(std::string_view id) const {
  const auto* found = apis_.find(id);
  return found && found->exists ? found : nullptr;
}

namespace {

/// Pages through a map until `limit` of its values have passed. `state_of` makes the state of an
/// entry, or null.
template <class State, class Map, class StateOf>
std::vector<const State*> collect(const Map& map, std::string_view after, std::size_t limit,
                                  StateOf state_of, const views::filter<State>& keep) {
  std::vector<const State*> out;
  for (std::string from{after}; out.size() < limit;) {
    const auto wanted = std::max<std::size_t>(limit - out.size(), 64);
    const auto page = map.page(from, wanted);
    for (const auto& [id, value] : page) {
      const State* state = state_of(*value);
      if (out.size() < limit && state && (!keep || keep(*state))) out.push_back(state);
    }
    if (page.size() < wanted) break;
    from = page.back().first;
  }
  return out;
}

} // namespace

std::vector<const source_state*> views::sources(std::string_view after, std::size_t limit,
                                                const filter<source_state>& keep) const {
  return collect<source_state>(
      sources_, after, limit, [](const source_state& state) { return &state; }, keep);
}

std::vector<const job_state*> views::jobs(std::string_view after, std::size_t limit,
                                          const filter<job_state>& keep) const {
  return collect<job_state>(
      job_numbers_, after, limit, [&](std::uint32_t number) { return jobs_.find(number); }, keep);
}

std::vector<const api_state*> views::apis(std::string_view after, std::size_t limit,
                                          const filter<api_state>& keep) const {
  return collect<api_state>(
      apis_, after, limit, [](const api_state& state) { return state.exists ? &state : nullptr; },
      keep);
}

std::vector<const webhook_state*> views::webhooks(std::string_view after, std::size_t limit) const {
  return collect<webhook_state>(webhooks_, after, limit,
                                [](const webhook_state& state) { return &state; }, {});
}

std::vector<const target_state*> views::targets(std::string_view after, std::size_t limit) const {
  return collect<target_state>(targets_, after, limit,
                               [](const target_state& state) { return &state; }, {});
}

const std::set<std::string, std::less<>>& views::sources_of(std::string_view api) const {
  static const std::set<std::string, std::less<>> none;
  const auto* found = sources_of_.find(api);
  return found ? *found : none;
}

const std::set<std::uint32_t>& views::jobs_of(std::string_view source) const {
  static const std::set<std::uint32_t> none;
  const auto* found = jobs_of_.find(source);
  return found ? *found : none;
}

std::uint32_t views::next_job_number() const {
  return std::max<std::uint32_t>(static_cast<std::uint32_t>(jobs_.size()), 1);
}

std::optional<timestamp> views::confirmed(const api_state& api) const {
  if (api.revisions.empty()) return std::nullopt;
  auto newest = api.updated;
  for (const auto& id : sources_of(api.definition.id)) {
    if (source(id)->definition.role == source_role::observer) continue;
    for (const auto number : jobs_of(id))
      if (const auto* job = jobs_.find(number))
        if (job->last_success && (!newest || *newest < *job->last_success))
          newest = job->last_success;
  }
  return newest;
}

declarations views::declared() const {
  declarations out;
  sources_.for_each([&](auto id, const auto& state) { out.sources.emplace(id, state.definition); });
  jobs_.for_each([&](auto, const auto& state) {
    if (!source(state.definition.id)) out.jobs.emplace(state.definition.id, state.definition);
  });
  apis_.for_each([&](auto id, const auto& state) {
    if (state.exists) out.apis.emplace(id, state.definition);
  });
  webhooks_.for_each(
      [&](auto id, const auto& state) { out.webhooks.emplace(id, state.definition); });
  targets_.for_each([&](auto id, const auto& state) { out.targets.emplace(id, state.definition); });
  for (const auto& folder : engine_.folders)
    out.folders.emplace(folder.id, folder);
  out.file_values = engine_.file_values;
  out.values = engine_.values;
  return out;
}

} // namespace apisync::events
