#pragma once

#include "events/api_state.hpp"
#include "events/config_plan.hpp"
#include "events/cow_map.hpp"
#include "events/cow_vector.hpp"
#include "events/engine_state.hpp"
#include "events/host_state.hpp"
#include "events/job_state.hpp"
#include "events/metrics.hpp"
#include "events/source_state.hpp"
#include "events/target_state.hpp"
#include "events/webhook_state.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::events {

/// The last thing that went wrong anywhere.
struct last_failure {
  std::string actor;  ///< That died, or that has given up a delivery (`webhook/ID`); or empty.
  std::string source; ///< Of a sync that ended badly; otherwise empty.
  std::string code;   ///< `actor_failed`, `delivery_abandoned`, `quarantined`, or a `failure_kind`.
  std::string message, where;
  timestamp time;
};

/// A revision that changed something, and whose it is.
struct changed_revision {
  std::string api;
  std::shared_ptr<const events::revision> revision;
};

/// What a fold needs of a record, independent of the block that it was read from.
struct decoded_record {
  any_event event;
  std::string stream;
  stamp when;
};

/// Fails with `corrupt` for a record whose event is not known or not as described.
result<decoded_record> decode_record(const record_view& record);

/// The read side: everything that people look at, folded from the log and from nothing else, so
/// that the same records give the same answers in the service, in a replay and in the past. Ages,
/// uptime and due times are as of the last record's time, for there is no other clock in it.
///
/// A value: one thread folds records into it and copies it now and then; a copy is a snapshot,
/// cheap to make (it shares what neither side touches) and safe to read from any thread.
class views {
public:
  static constexpr std::size_t max_changes = 4'096; ///< Revisions in `visit_changes`.

  /// Folds one record. Fails with `corrupt`, and stays as it was, for a record that cannot be
  /// decoded or does not come after the last one.
  result<void> apply(const record_view& record);
  result<void> apply(decoded_record&& record);

  /// Folds one event that was decoded already. @pre when.sequence > at()
  void apply(any_event event, std::string_view stream, const stamp& when);

  /// The last record's sequence, and its time; 0 and the epoch before the first.
  [[nodiscard]] sequence at() const { return at_; }
  [[nodiscard]] timestamp time() const { return time_; }

  [[nodiscard]] const engine_state& engine() const { return engine_; }
  [[nodiscard]] const events::metrics& metrics() const { return metrics_; }
  /// The configuration file that was last applied, as it was named; empty before the first.
  [[nodiscard]] const std::string& config_file() const { return config_file_; }
  [[nodiscard]] const std::optional<last_failure>& last_error() const { return last_error_; }

  // One entity by its id; null where there is none, or no more. Valid as long as this value is
  // neither written nor destroyed.
  [[nodiscard]] const source_state* source(std::string_view id) const;
  [[nodiscard]] const job_state* job(std::string_view id) const;
  [[nodiscard]] const job_state* job_by_number(std::uint32_t number) const;
  [[nodiscard]] const api_state* api(std::string_view id) const;
  /// An API that was removed too, whose line of revisions goes on when it is added again.
  [[nodiscard]] const api_state* api_ever(std::string_view id) const { return apis_.find(id); }
  [[nodiscard]] const webhook_state* webhook(std::string_view id) const {
    return webhooks_.find(id);
  }

  /// What there is to say of a host; null: nothing.
  [[nodiscard]] const host_state* host(std::string_view name) const { return hosts_.find(name); }

  /// Which entities a page is for; null: all.
  template <class State>
  using filter = std::function<bool(const State&)>;

  // The first `limit` whose ids come after `after` and that pass the filter, in the order of ids.
  [[nodiscard]] std::vector<const source_state*>
  sources(std::string_view after, std::size_t limit, const filter<source_state>& keep = {}) const;
  [[nodiscard]] std::vector<const job_state*> jobs(std::string_view after, std::size_t limit,
                                                   const filter<job_state>& keep = {}) const;
  [[nodiscard]] std::vector<const api_state*> apis(std::string_view after, std::size_t limit,
                                                   const filter<api_state>& keep = {}) const;
  [[nodiscard]] const target_state* target(std::string_view id) const { return targets_.find(id); }
  [[nodiscard]] std::vector<const target_state*> targets(std::string_view after,
                                                         std::size_t limit) const;
  [[nodiscard]] std::vector<const webhook_state*> webhooks(std::string_view after,
                                                           std::size_t limit) const;

  /// Visits every one, in no order that means anything.
  template <class Visit>
  void each_source(Visit visit) const {
    sources_.for_each([&](auto, const source_state& state) { visit(state); });
  }
  template <class Visit>
  void each_job(Visit visit) const {
    jobs_.for_each([&](auto, const job_state& state) { visit(state); });
  }
  template <class Visit>
  void each_api(Visit visit) const {
    apis_.for_each([&](auto, const api_state& state) {
      if (state.exists) visit(state);
    });
  }

  template <class Visit>
  void each_target(Visit visit) const {
    targets_.for_each([&](auto, const target_state& state) { visit(state); });
  }
  template <class Visit>
  void each_webhook(Visit visit) const {
    webhooks_.for_each([&](auto, const webhook_state& state) { visit(state); });
  }

  template <class Visit>
  void each_host(Visit visit) const {
    hosts_.for_each(visit);
  }

  /// Ids of the sources of an API, and numbers of the jobs of a source, in order.
  [[nodiscard]] const std::set<std::string, std::less<>>& sources_of(std::string_view api) const;
  [[nodiscard]] const std::set<std::uint32_t>& jobs_of(std::string_view source) const;

  /// A number that no job has had.
  [[nodiscard]] std::uint32_t next_job_number() const;

  /// The newest time at which the API's document is known to have been right: the last good sync
  /// of a source that is not an observer, or the last revision.
  [[nodiscard]] std::optional<timestamp> confirmed(const api_state& api) const;

  /// What is declared now, to plan a configuration against.
  [[nodiscard]] declarations declared() const;

  /// Visits revisions that changed something, of all APIs that exist, newest first, at most
  /// `max_changes`; false ends the visit.
  template <class Visit>
  void visit_changes(Visit visit) const {
    for (auto left = std::min<std::uint64_t>(change_count_, max_changes), n = change_count_; left;
         --left) {
      const auto* entry = changes_.find(--n % max_changes);
      if (api(entry->api) && !visit(*entry)) return;
    }
  }

private:
  void fold(any_event& event, std::string_view stream, const stamp& when);
  void fold(const engine_event& event, std::string_view stream, const stamp& when);
  void fold(const scheduler_event& event, std::string_view stream, const stamp& when);
  void fold(source_event& event, std::string_view stream, const stamp& when);
  void fold(job_event& event, std::string_view stream, const stamp& when);
  void fold(api_event& event, std::string_view stream, const stamp& when);
  void fold(const webhook_event& event, std::string_view stream, const stamp& when);
  void fold(const target_event& event, std::string_view stream, const stamp& when);
  template <class Fact>
  void fold_host(const Fact& fact, timestamp when);
  void move_source(std::string_view id, const std::string& api_before,
                   const std::string& api_after);
  void move_job(std::uint32_t number, const std::string& source_after);
  void forget_job(std::uint32_t number);
  void remember_change(const api_state& api);

  sequence at_ = 0;
  timestamp time_;
  engine_state engine_;
  events::metrics metrics_;
  std::string config_file_;
  std::optional<last_failure> last_error_;
  cow_map<source_state> sources_;
  cow_map<api_state> apis_; ///< Removed ones too.
  cow_map<webhook_state> webhooks_;
  cow_map<target_state> targets_;
  cow_map<host_state> hosts_;          ///< Only those of which something is to be said.
  cow_vector<job_state> jobs_;         ///< By number.
  cow_map<std::uint32_t> job_numbers_; ///< By id.
  cow_map<std::set<std::string, std::less<>>> sources_of_; ///< By API.
  cow_map<std::set<std::uint32_t>> jobs_of_;               ///< By source.
  cow_vector<changed_revision> changes_;                   ///< A ring of `max_changes`.
  std::uint64_t change_count_ = 0;                         ///< Ever put into the ring.
};

} // namespace apisync::events
