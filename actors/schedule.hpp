#pragma once

#include "actors/environment.hpp"
#include "actors/host_circuit.hpp"
#include "actors/indexed_heap.hpp"
#include "actors/request_budget.hpp"
#include "events/definition.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace apisync::actors {

/// What the schedule keeps to; from the settings of the same names.
struct schedule_limits {
  schedule_limits() = default;
  explicit schedule_limits(const events::settings& values);

  std::size_t running = 8;         ///< Syncs at once.
  std::size_t per_host = 2;        ///< Syncs at once per host.
  std::size_t per_credential = 8;  ///< Syncs at once per credential.
  std::uint64_t host_requests = 0; ///< Per host in any `host_window`; 0: no limit.
  std::chrono::milliseconds host_window{60'000};
  std::uint32_t ageing_percent = 100; ///< Of its interval: the most that a low job is put back.
  host_circuit::rules circuit;
  std::chrono::milliseconds spread{600'000}; ///< The longest that overdue jobs are spread over.
};

/// Where a source's syncs go and what they wait for.
struct source_place {
  std::string source, api;
  std::string host, credential;   ///< Empty: no such limit.
  std::vector<std::string> after; ///< Ids of sources and APIs that go before it.
  bool paused = false;
};

/// A job as the schedule knows it.
struct job_plan {
  std::string job, source;
  events::priority priority = events::priority::medium;
  std::optional<events::timestamp> due; ///< None: only by trigger.
  std::chrono::milliseconds interval{}; ///< Between two syncs; 0: none.
  bool ordered = false;                 ///< Somebody waits: nothing is put before it or spread.
  bool failing = false;                 ///< Its last sync failed by its host's fault.
  std::optional<events::timestamp> asked = {}; ///< When its host was last asked, for the budget.
};

/// What the end of a sync says of its host: it answered, it is out of order, or nothing.
enum class host_verdict : std::uint8_t { answers, fails, unknown };

struct run_end {
  events::timestamp now;
  std::optional<events::timestamp> next = {}; ///< When the job is due again, if ever.
  std::chrono::milliseconds interval{};
  host_verdict verdict = host_verdict::unknown;
  std::uint32_t requests = 1; ///< What the host was really asked; one was counted at the start.
};

/// A host's circuit has opened, again or for the first time, or closed.
struct circuit_change {
  std::string host;
  bool opened = false;
  std::uint32_t failures = 0, openings = 0;
  events::timestamp until = {};
};

/// One thing that keeps a job from running.
struct wait_fact {
  enum class kind : std::uint8_t {
    running,       ///< It runs.
    time,          ///< It is not due before `until`.
    trigger,       ///< Nothing but a trigger makes it due.
    source_paused, ///<
    api_paused,    ///< `name`
    host_paused,   ///< `name`
    source_busy,   ///< Another job syncs the same source.
    dependency,    ///< What goes before it (`name`) is due or runs; at most `until`.
    circuit,       ///< The host (`name`) is out of order; tried at `until`.
    probe,         ///< The host (`name`) is being tried by another sync.
    host_busy,     ///< As many syncs as may ask the host (`name`) at once do.
    budget,        ///< The host (`name`) has had its requests until `until`.
    credential,    ///< As many syncs as may carry the credential (`name`) at once do.
    all_busy,      ///< As many syncs as may run at once do.
    turn           ///< Nothing: its turn comes next.
  };
  kind what = kind::turn;
  std::string name;
  std::optional<events::timestamp> until = {};
};

/// Which job runs next. Pure: it knows no clock (times are given and never go back), no log and no
/// actor; the same calls with the same seed give the same answers.
///
/// A job that is due waits in the order of its deadline: the due time for `high` and for what was
/// ordered, a quarter of its allowance later for `medium`, all of it for `low`; the allowance is
/// `ageing_percent` of its interval. So a job is overtaken only by what becomes due within its
/// allowance, which is how it ages: once it has waited for that long, it is before everything new.
///
/// Jobs of one host and credential wait in a lane of their own. A lane whose host or credential has
/// no room waits there, not in the queue of open lanes, and comes back when there is room; so no
/// operation looks at jobs that cannot run. Every operation is O(log n) in jobs, but those that say
/// so. Memory is that of the jobs, sources, hosts and credentials that there are.
class schedule {
public:
  using job_ref = std::uint32_t;
  static constexpr job_ref no_job = UINT32_MAX;

  explicit schedule(std::uint64_t seed = 0, const schedule_limits& limits = {});

  /// O(hosts).
  void set_limits(const schedule_limits& limits, events::timestamp now);

  // -- sources, APIs, hosts ---------------------------------------------------

  /// Adds a source or changes where it goes. O(its jobs).
  void put_source(const source_place& place, events::timestamp now);
  /// Forgets it as soon as it has no jobs.
  void forget_source(std::string_view source);
  /// O(sources of the API).
  void pause_api(std::string_view api, bool paused, events::timestamp now);
  /// What became due meanwhile comes back spread. O(jobs of the host).
  void pause_host(std::string_view host, bool paused, events::timestamp now);
  /// A circuit that was open before a restart.
  void restore_circuit(std::string_view host, std::uint32_t failures, std::uint32_t openings,
                       events::timestamp since, events::timestamp until);

  // -- jobs -------------------------------------------------------------------

  /// Nothing ran for the time `away` before `now`, when this schedule began: jobs that are planned
  /// from now on and were due by then come back spread, but for those that may run at once.
  void begin(events::timestamp now, std::chrono::microseconds away);

  /// Adds a job, or changes when it is due. A running job takes the new time when it has finished.
  job_ref plan(const job_plan& job, events::timestamp now);
  /// A running job goes when it has finished.
  void remove(job_ref job, events::timestamp now);
  /// Makes a job due now, before what is due by time. Triggers that wait become one run; while it
  /// runs, it is due again when it has finished.
  void trigger(job_ref job, events::timestamp now);

  /// Takes the next job that may run, and counts it as running until `finished`. Jobs of the host
  /// that was asked last go first while nobody waits much longer, so that they share connections.
  std::optional<job_ref> take(events::timestamp now);
  std::optional<circuit_change> finished(job_ref job, const run_end& end);

  /// Nothing ran for the time `away`: where more is overdue than may run at once, what nobody
  /// ordered comes back at a random time within its interval, `limits.spread`, and twice that time,
  /// whichever is shortest: so it comes about as fast as ever. O(jobs).
  void spread(events::timestamp now, std::chrono::microseconds away);

  // -- looking ----------------------------------------------------------------

  /// When to call `take` again if it gave nothing; none where only a trigger or an end brings news.
  [[nodiscard]] std::optional<events::timestamp> next_due() const;
  [[nodiscard]] job_ref find(std::string_view job) const;
  [[nodiscard]] bool knows_host(std::string_view host) const { return host_names_.contains(host); }
  [[nodiscard]] const std::string& name(job_ref job) const { return names_[job]; }
  [[nodiscard]] bool is_running(job_ref job) const { return jobs_[job].state == phase::running; }
  /// Every running job. O(jobs).
  [[nodiscard]] std::vector<job_ref> running() const;
  [[nodiscard]] std::size_t running_count() const { return running_; }
  [[nodiscard]] std::size_t waiting_count() const { return waiting_; } ///< Due and not running.
  [[nodiscard]] std::size_t job_count() const { return job_names_.size(); }
  /// What keeps a job from running, the gravest first.
  [[nodiscard]] std::vector<wait_fact> why(job_ref job, events::timestamp now);
  struct host_figures {
    std::size_t running = 0, waiting = 0;
    std::uint64_t requests = 0; ///< In the window that ends now.
  };
  [[nodiscard]] host_figures look_at_host(std::string_view host, events::timestamp now);
  /// What it has allocated, names left out, to show that it is bounded. O(sources + hosts).
  [[nodiscard]] std::size_t bytes() const;

private:
  using source_ref = std::uint32_t;
  using lane_ref = std::uint32_t;
  using host_ref = std::uint32_t;
  using credential_ref = std::uint32_t;
  using group_ref = std::uint32_t;
  static constexpr std::uint32_t none = UINT32_MAX;
  using heap = indexed_heap<events::timestamp>;

  enum class phase : std::uint8_t {
    idle,    ///< Only a trigger makes it due.
    planned, ///< Due at `at`.
    due,     ///< Due just now; where it waits is decided next.
    held,    ///< Due; its source or API is paused, or its source busy.
    behind,  ///< Due; waits for what goes before it, at most until `at`.
    ready,   ///< Due; waits in its lane.
    running
  };
  /// What each step looks at, kept small; names and lists lie apart.
  struct entry {
    events::timestamp due;
    events::timestamp at; ///< When it is looked at next, or began to run.
    std::uint32_t interval_ms = 0;
    source_ref source = none;
    phase state = phase::idle;
    events::priority priority = events::priority::medium;
    bool ordered = false, failing = false;
    bool again = false;    ///< Triggered while it ran.
    bool removed = false;  ///< Goes when it has finished.
    bool active = false;   ///< Counts for those who come after its source.
    bool has_next = false; ///< Planned anew while it ran: `due` is when.

    [[nodiscard]] std::chrono::microseconds interval() const {
      return std::chrono::milliseconds{interval_ms};
    }
  };
  struct source_entry {
    lane_ref lane = none;
    group_ref own = none, of_api = none; ///< The same where both ids are.
    std::uint32_t place_in_host = none;
    bool paused = false, busy = false, forgotten = false;
    bool comes_after = false; ///< `after` is not empty.
    bool holds = false;       ///< `held` is not empty.
  };
  struct source_lists {
    std::string name, api;
    std::vector<group_ref> after;
    std::vector<job_ref> jobs, held;
  };
  /// What an id stands for in `after`: the source of that id and the sources of that API.
  struct group {
    std::uint32_t active = 0; ///< Jobs of its sources that are due or run.
    bool paused = false;      ///< As an API.
    bool waited_for = false;  ///< `behind` is not empty.
  };
  struct group_lists {
    std::string name;
    std::size_t users = 0;
    events::timestamp paused_since;
    std::vector<source_ref> members_by_api;
    std::set<job_ref> behind; ///< Jobs that wait for it.
  };
  struct lane {
    enum class where : std::uint8_t { nowhere, open, at_host, at_credential };
    host_ref host = none;
    credential_ref credential = none;
    heap jobs; ///< By deadline.
    std::uint32_t place = none;
    std::uint32_t sources = 0;
    where at = where::nowhere;
  };
  struct host_entry {
    std::string name; ///< Empty: without limits.
    std::size_t running = 0;
    bool paused = false;
    events::timestamp paused_since;
    host_circuit circuit;
    request_budget budget;
    heap parked; ///< Lanes, by the deadline of their front.
    std::uint32_t wake_place = none;
    std::vector<source_ref> sources;
  };
  struct credential_entry {
    std::string name; ///< Empty: without limits.
    std::size_t running = 0;
    heap parked; ///< Lanes, by the deadline of their front.
  };
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  using name_table = std::unordered_map<std::string, std::uint32_t, text_hash, std::equal_to<>>;

  // schedule.cpp: jobs in time
  void set_due(job_ref job, std::optional<events::timestamp> due, events::timestamp now);
  void take_out(job_ref job, events::timestamp now);
  void wake(events::timestamp now);
  void become_due(job_ref job, events::timestamp now);
  void hold(job_ref job);
  void unhold(job_ref job);
  void wait_behind(job_ref job);
  void leave_behind(job_ref job);
  void admit(job_ref job, events::timestamp now);
  void make_ready(job_ref job, events::timestamp now);
  void start(job_ref job, events::timestamp now);
  void plan_next(job_ref job, const run_end& end);
  std::optional<circuit_change> note_end(host_ref host, events::timestamp started,
                                         const run_end& end);
  void erase(job_ref job);
  [[nodiscard]] events::timestamp deadline_of(const entry& job) const;
  [[nodiscard]] bool is_overdue(job_ref job, events::timestamp now) const;
  /// Uniform in [0, 1): of the seed, the name and the time alone, not of what else has happened.
  [[nodiscard]] double chance_of(const std::string& name, events::timestamp now) const;
  void delay(job_ref job, events::timestamp now, std::chrono::microseconds away);
  void queue_planned(job_ref job, events::timestamp at);
  void unqueue_planned(job_ref job);
  [[nodiscard]] bool is_due(const entry& job) const {
    return job.state == phase::due || job.state == phase::held || job.state == phase::behind ||
           job.state == phase::ready;
  }

  // schedule_sources.cpp: sources, APIs and what goes before what
  source_ref source_of(const std::string& name);
  group_ref group_of(const std::string& name);
  void release_group(group_ref group);
  void set_active(job_ref job, bool active, events::timestamp now);
  void count_active(group_ref group, bool active, events::timestamp now);
  void release_held(source_ref source, events::timestamp now);
  void release_behind(group_ref group, events::timestamp now);
  [[nodiscard]] group_ref blocking_group(source_ref source) const;
  [[nodiscard]] bool is_paused(const source_entry& source) const;
  void drop_source(source_ref source);

  // schedule_lanes.cpp: lanes, hosts, credentials
  lane_ref lane_of(const std::string& host, const std::string& credential);
  void enter_lane(source_ref source, lane_ref lane, events::timestamp now);
  void leave_lane(source_ref source, events::timestamp now);
  void requeue(lane_ref lane, events::timestamp now);
  void remove_from_queue(lane_ref lane);
  void park(lane_ref lane, lane::where at);
  void reopen(lane_ref lane);
  std::optional<lane_ref> choose_lane();
  void offer_host(host_ref host, events::timestamp now);
  void offer_credential(credential_ref credential);
  void set_host_wake(host_ref host, events::timestamp now);
  void recover(host_ref host, events::timestamp now, std::chrono::microseconds away);
  [[nodiscard]] bool host_lets(host_entry& host, events::timestamp now);
  [[nodiscard]] bool credential_lets(const credential_entry& credential) const;
  [[nodiscard]] bool has_budget() const { return limits_.host_requests > 0; }
  host_ref host_of(const std::string& name);
  credential_ref credential_of(const std::string& name);
  heap& queue_of(lane& of);

  // Places for the heaps.
  auto planned_place() {
    return [this](job_ref job) -> std::uint32_t& { return planned_places_[job]; };
  }
  auto lane_place() {
    return [this](job_ref job) -> std::uint32_t& { return lane_places_[job]; };
  }
  auto place_of_lane() {
    return [this](lane_ref of) -> std::uint32_t& { return lanes_[of].place; };
  }
  auto wake_place() {
    return [this](host_ref host) -> std::uint32_t& { return hosts_[host].wake_place; };
  }

  template <class T>
  static std::uint32_t add_to(std::vector<T>& all, std::vector<std::uint32_t>& free) {
    if (free.empty()) {
      all.emplace_back();
      return static_cast<std::uint32_t>(all.size() - 1);
    }
    const auto ref = free.back();
    free.pop_back();
    all[ref] = T{};
    return ref;
  }

  schedule_limits limits_;
  std::uint64_t seed_;
  std::vector<entry> jobs_;
  std::vector<std::string> names_; ///< Of jobs.
  std::vector<source_entry> sources_;
  std::vector<source_lists> source_lists_;
  std::vector<group> groups_;
  std::vector<group_lists> group_lists_;
  std::vector<lane> lanes_;
  std::vector<host_entry> hosts_;
  std::vector<credential_entry> credentials_;
  std::vector<std::uint32_t> free_jobs_, free_sources_, free_groups_, free_lanes_, free_hosts_,
      free_credentials_;
  name_table job_names_, source_names_, group_names_, host_names_, credential_names_;
  std::unordered_map<std::uint64_t, lane_ref> lane_numbers_; ///< By host and credential.

  heap planned_; ///< Jobs that are planned, or wait behind others, by when to look at them.
  heap open_;    ///< Lanes that may run, by the deadline of their front.
  heap wakes_;   ///< Hosts that have room again at a known time, by it.
  std::vector<std::uint32_t> planned_places_, lane_places_; ///< Of jobs; apart, to be near.
  std::vector<job_ref> woken_;                              ///< In `wake`; kept for its memory.
  std::size_t running_ = 0, waiting_ = 0;
  events::timestamp began_;
  std::chrono::microseconds away_{};
  std::size_t returned_ = 0; ///< Jobs that were due when it began, so far.
  lane_ref warm_ = none;     ///< Taken from last, and how often in a row.
  std::uint32_t warm_runs_ = 0;
};

} // namespace apisync::actors
