#include "actors/schedule.hpp"
#include "events/host_state.hpp"
#include "tests/support/simulation.hpp"

#include <map>
#include <queue>

using namespace apisync;
using namespace std::chrono_literals;
using events::timestamp;

/// The service and the pure schedule beside each other: what a thousand sources of the simulated
/// service do in an hour is what the pure schedule and the pure decisions say, to the microsecond.
namespace {

constexpr std::size_t source_count = 1'000;
constexpr std::size_t host_count = 60;
constexpr auto row_delay = 100ms; // `scheduler_parts::row_delay`
constexpr std::uint64_t seed = 1;

/// From when to when, counted from the first sync, what befalls whom.
constexpr auto changes_at = 20min, breaks_at = 25min, mends_at = 40min;

std::string id_of(std::size_t number) {
  auto digits = std::to_string(number);
  return "s" + std::string(4 - digits.size(), '0') + digits;
}
bool changes(std::size_t number) {
  return number % 10 == 3;
}
bool breaks(std::size_t number) {
  return number % host_count < 3;
}
bool is_gone(std::size_t number) {
  return number % 97 == 5;
}

std::string spec(const std::string& id, int version) {
  return R"({"openapi":"3.0.3","info":{"title":")" + id + R"(","version":")" +
         std::to_string(version) + R"("},"paths":{}})";
}

std::string configuration() {
  std::string text = "sources:\n";
  for (std::size_t i = 0; i < source_count; ++i) {
    static constexpr const char* priorities[] = {"high", "medium", "low"};
    text += "  - {id: " + id_of(i) + ", api: a" + id_of(i) + ", http: 'https://h" +
            std::to_string(i % host_count) + ".example/" + id_of(i) +
            "', interval: " + std::to_string(30 + i * 37 % 570) +
            "s, priority: " + priorities[i % 3];
    if (i % 20 == 19) text += ", after: " + id_of(i - 1);
    if (i % 4 == 0) text += ", headers: {Authorization: 'env:TOKEN_" + std::to_string(i % 8) + "'}";
    text += "}\n";
  }
  return text;
}

using dispatches = std::map<std::string, std::vector<timestamp>>;

// -- the service --------------------------------------------------------------

struct lived {
  dispatches starts;
  std::vector<events::job_state> jobs; ///< As they were added, in that order.
  events::settings values;
  std::vector<events::source_definition> sources;
  std::size_t opened = 0;
};

sources::fetch_failure failure(sources::failure_class type) {
  return {type, {errc::io, "no answer", {}}, {}};
}

lived live() {
  test::simulation sim{seed};
  for (std::size_t i = 0; i < source_count; ++i) {
    sim.network().set(id_of(i), spec(id_of(i), 1));
    if (is_gone(i)) sim.network().break_down(id_of(i), failure(sources::failure_class::gone));
  }
  REQUIRE(sim.change(actors::change_settings{{{"concurrency", {"256"}},
                                              {"hostConcurrency", {"4"}},
                                              {"hostRequests", {"40"}},
                                              {"hostWindow", {"60000"}},
                                              {"adaptive", {"true"}},
                                              {"minInterval", {"20000"}}},
                                             {}}));
  auto config = events::read_config(configuration(), "apisync.yaml");
  REQUIRE(config);
  lived out;
  REQUIRE(sim.change(
      actors::apply_config{std::make_shared<const events::config>(*config), "apisync.yaml"}));
  sim.advance(1s);
  const auto start = sim.views().job(id_of(0))->last_attempt.value(); // of its first sync
  const auto until = [&](auto length) { sim.advance(start + length - sim.now()); };
  until(changes_at);
  for (std::size_t i = 0; i < source_count; ++i)
    if (changes(i) && !is_gone(i)) sim.network().set(id_of(i), spec(id_of(i), 2));
  until(breaks_at);
  for (std::size_t i = 0; i < source_count; ++i)
    if (breaks(i)) sim.network().break_down(id_of(i), failure(sources::failure_class::transient));
  until(mends_at);
  for (std::size_t i = 0; i < source_count; ++i)
    if (breaks(i)) {
      sim.network().set(id_of(i), spec(id_of(i), changes(i) && !is_gone(i) ? 2 : 1));
      if (is_gone(i)) sim.network().break_down(id_of(i), failure(sources::failure_class::gone));
    }
  until(60min);

  std::map<std::uint32_t, std::string> names;
  REQUIRE(sim.store().log->read({}, [&](const events::record_view& record) {
    const auto event = events::decode(record);
    REQUIRE(event);
    const std::string stream{events::split_stream(record.stream).id};
    if (const auto* job = std::get_if<events::job_event>(&*event)) {
      if (const auto* added = std::get_if<events::job_added>(job)) {
        auto& state = out.jobs.emplace_back();
        apply(state, *job, {record.sequence, record.time, "system"});
        names[added->number] = stream;
      }
      if (const auto* began = std::get_if<events::sync_started>(job))
        out.starts[stream].push_back(began->started);
    }
    if (const auto* rows = std::get_if<events::scheduler_event>(&*event)) {
      if (const auto* starts = std::get_if<events::syncs_started>(rows))
        for (const auto& row : starts->rows)
          out.starts[names.at(row.job)].push_back(row.started);
      out.opened += std::holds_alternative<events::host_circuit_opened>(*rows);
    }
    return true;
  }));
  const auto views = sim.views();
  out.values = views.engine().values;
  for (const auto& source : config->sources)
    out.sources.push_back(source);
  // Rows of the last tenth of a second are not on disk yet.
  for (auto& [id, starts] : out.starts)
    std::erase_if(starts, [&](timestamp at) { return at > start + 59min; });
  return out;
}

// -- the pure schedule --------------------------------------------------------

/// The same hour without actors, log and network. What it knows of the service is when rows are
/// written: the start of a sync is on disk with the rows collected in a tenth of a second, an end
/// without news with those after it.
class imagined {
public:
  explicit imagined(const lived& as)
      : values_{as.values}, jobs_{as.jobs}, queue_{seed, actors::schedule_limits{as.values}} {
    now_ = start_ = *jobs_.front().next_attempt;
    for (const auto& source : as.sources)
      queue_.put_source({source.id, source.api, events::host_of(source),
                         events::credential_of(source), source.after},
                        now_);
    for (auto& job : jobs_) {
      chances_.emplace_back(seed, job.definition.id);
      seen_.push_back(0);
      queue_.plan({job.definition.id, job.definition.source, job.definition.priority,
                   job.next_attempt, present_interval(job, values_, now_)},
                  now_);
      take();
    }
  }

  dispatches run() {
    const auto end = start_ + 60min;
    while (now_ < end) {
      auto next = end;
      if (flush_) next = std::min(next, *flush_);
      if (const auto due = queue_.next_due()) next = std::min(next, *due);
      now_ = std::max(now_, next);
      // Timers of one instant go off in the order in which they were set.
      const auto is_due = [&] {
        const auto due = queue_.next_due();
        return due && *due <= now_;
      };
      if (tick_set_ < flush_set_ && is_due()) take();
      if (flush_ && *flush_ <= now_) flush();
      if (is_due()) take();
    }
    for (auto& [id, starts] : starts_)
      std::erase_if(starts, [&](timestamp at) { return at > start_ + 59min; });
    return std::move(starts_);
  }

private:
  struct sync {
    std::uint32_t job = 0;
    timestamp at;
    events::sync_ending ending;
    bool start_on_disk = false;
  };

  void take() {
    std::vector<sync> begun;
    while (const auto job = queue_.take(now_)) {
      starts_[queue_.name(*job)].push_back(now_);
      apply(jobs_[*job], events::start_row{jobs_[*job].number, now_});
      begun.push_back({*job, now_, fetch(*job), false});
    }
    tick_set_ = ++timers_;
    for (auto& one : begun)
      collect(std::move(one));
  }

  void collect(sync one) {
    rows_.push_back(std::move(one));
    if (flush_) return;
    flush_ = now_ + row_delay;
    flush_set_ = ++timers_;
  }

  events::sync_ending fetch(std::uint32_t job) {
    const auto at = now_ - start_;
    if (breaks(job) && at >= breaks_at && at < mends_at)
      return events::ended_failed{events::failure_kind::transient, "no answer", {}, {}};
    if (is_gone(job)) return events::ended_failed{events::failure_kind::gone, "no answer", {}, {}};
    const int version = changes(job) && at >= changes_at ? 2 : 1;
    if (std::exchange(seen_[job], version) != version) return events::ended_changed{};
    return events::ended_unchanged{"same"};
  }

  /// Ends that are rows are known at once; the others are written after them.
  void flush() {
    flush_.reset();
    std::vector<sync> written;
    for (auto& one : std::exchange(rows_, {})) {
      const bool news = !std::holds_alternative<events::ended_unchanged>(one.ending);
      if (one.start_on_disk) {
        finish(one);
      } else if (news) {
        written.push_back(std::move(one));
      } else {
        one.start_on_disk = true;
        collect(std::move(one));
      }
    }
    for (const auto& one : written)
      finish(one);
  }

  void finish(const sync& one) {
    auto& job = jobs_[one.job];
    apply(job, decide_end(job, one.ending, {one.at, one.at, chances_[one.job].next(), values_}),
          {0, now_, "system"});
    const bool fails = job.failure == events::failure_kind::transient;
    queue_.finished(one.job, {now_, job.next_attempt, present_interval(job, values_, one.at),
                              fails ? actors::host_verdict::fails : actors::host_verdict::answers});
    take();
  }

  events::settings values_;
  std::vector<events::job_state> jobs_;
  actors::schedule queue_;
  timestamp start_, now_;
  std::vector<actors::chance> chances_;
  std::vector<int> seen_;
  std::vector<sync> rows_;
  std::optional<timestamp> flush_;
  std::uint64_t timers_ = 0, tick_set_ = 0, flush_set_ = 0; ///< In which order they were set.
  dispatches starts_;
};

} // namespace

TEST_CASE("a thousand sources of the service do in an hour what the pure schedule says",
          "[schedule][long]") {
  const auto service = live();
  REQUIRE(service.jobs.size() == source_count);
  REQUIRE(service.starts.size() == source_count);
  CHECK(service.opened >= 3);
  const auto pure = imagined{service}.run();
  std::size_t syncs = 0, different = 0;
  for (const auto& [id, starts] : service.starts) {
    syncs += starts.size();
    if (pure.at(id) == starts) continue;
    if (++different > 5) continue;
    const auto [there, here] =
        std::mismatch(starts.begin(), starts.end(), pure.at(id).begin(), pure.at(id).end());
    UNSCOPED_INFO(id << " differs from sync " << there - starts.begin() << " on: service "
                     << (there == starts.end() ? "none" : events::to_rfc3339(*there)) << ", pure "
                     << (here == pure.at(id).end() ? "none" : events::to_rfc3339(*here)));
  }
  INFO(syncs << " syncs");
  CHECK(different == 0);
  CHECK(syncs > 10'000);
}
