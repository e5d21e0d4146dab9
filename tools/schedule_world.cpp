#include "tools/schedule_world.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <memory>
#include <numeric>
#include <queue>
#include <random>

namespace apisync::tools {

using namespace std::chrono_literals;
using events::timestamp;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr timestamp start_of_day{1'795'000'000s};
constexpr auto rush = 1h; ///< After a disturbance, until things are as ever.

/// SplitMix64: fast, and the same everywhere.
class dice {
public:
  explicit dice(std::uint64_t seed) : state_{seed} {}

  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  std::uint64_t below(std::uint64_t limit) { return next() % limit; }
  bool once_in(std::uint64_t times) { return below(times) == 0; }
  /// Of the standard normal distribution (Box and Muller).
  double normal() {
    return std::sqrt(-2 * std::log(1 - unit())) * std::cos(6.283185307179586 * unit());
  }

private:
  std::uint64_t next() {
    auto z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::uint64_t state_;
};

struct simulated_host {
  std::string name;
  timestamp broken_from, broken_until;
  std::vector<timestamp> requests; ///< The last ones, as many as the budget has; a ring.
  std::size_t newest = 0;
  timestamp last_start;
};

struct simulated_source {
  events::job_state job;
  std::uint32_t host = 0;
  std::uint32_t after = UINT32_MAX; ///< Another source.
  timestamp due;                    ///< As was decided.
  timestamp started;
  bool running = false;
  std::uint32_t changes_once_in = 0;
};

class living_world {
public:
  explicit living_world(const schedule_world& world)
      : world_{world}, values_{world.settings()}, dice_{world.seed} {
    make_sources();
    out_.starts.resize(static_cast<std::size_t>(seconds{world.length}.count()) + 1);
  }

  schedule_figures run() {
    const auto began = std::chrono::steady_clock::now();
    const auto cpu_began = std::clock();
    open(start_of_day, 0us);
    live_until(start_of_day + world_.restart_at);
    be_away(world_.restart_length);
    live_until(start_of_day + world_.blink_at);
    be_away(5s);
    live_until(start_of_day + world_.length);
    look_back();
    out_.wall_seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    out_.cpu_seconds = static_cast<double>(std::clock() - cpu_began) / CLOCKS_PER_SEC;
    return std::move(out_);
  }

private:
  // -- making -----------------------------------------------------------------

  void make_sources() {
    sources_.resize(world_.sources);
    std::vector<double> intervals;
    double rate = 0;
    std::uint32_t left_on_host = 0;
    for (std::uint32_t i = 0; i < world_.sources; ++i) {
      auto& source = sources_[i];
      if (left_on_host == 0) {
        left_on_host = next_host_size();
        make_host();
      }
      --left_on_host;
      source.host = static_cast<std::uint32_t>(hosts_.size() - 1);
      const auto drawn =
          static_cast<double>(world_.median.count()) * std::exp(world_.sigma * dice_.normal());
      const auto length = std::clamp(drawn, static_cast<double>(world_.shortest.count()),
                                     static_cast<double>(world_.longest.count()));
      auto& job = source.job;
      job.exists = true;
      job.number = i;
      job.definition.id = "s" + std::to_string(i);
      job.definition.source = job.definition.id;
      job.definition.interval = milliseconds{static_cast<std::int64_t>(length * 1'000)};
      const auto kind = dice_.below(10);
      job.definition.priority = kind < 1   ? events::priority::high
                                : kind < 7 ? events::priority::medium
                                           : events::priority::low;
      // One in fifty comes after the one made before it.
      if (i > 0 && dice_.once_in(50) && sources_[i - 1].after == UINT32_MAX) source.after = i - 1;
      source.changes_once_in = static_cast<std::uint32_t>(20 + dice_.below(2'000));
      // As if it had been running for long: the next sync is anywhere within the interval.
      job.last_attempt = start_of_day - *job.definition.interval;
      job.last_success = job.last_attempt;
      job.next_attempt =
          start_of_day + microseconds{static_cast<std::int64_t>(length * 1e6 * dice_.unit())};
      intervals.push_back(length);
      rate += 1 / length;
    }
    const auto broken = std::min<std::size_t>(world_.broken_hosts, hosts_.size() / 100 + 1);
    for (std::size_t i = 0; i < broken; ++i) {
      auto& host = hosts_[dice_.below(hosts_.size())];
      host.broken_from = start_of_day + 1h + seconds{dice_.below(3'600)};
      host.broken_until = host.broken_from + 3h;
    }
    std::sort(intervals.begin(), intervals.end());
    for (std::size_t decile = 0; decile <= 10; ++decile)
      out_.interval_deciles.push_back(intervals[(intervals.size() - 1) * decile / 10]);
    out_.mean_interval_seconds = world_.sources / rate;
    out_.hosts = static_cast<std::uint32_t>(hosts_.size());
  }

  /// Many small ones, few large ones: 1 / U, cut.
  std::uint32_t next_host_size() {
    const auto size = 1 / (1 - dice_.unit());
    return static_cast<std::uint32_t>(
        std::clamp(size * 3, 1.0, static_cast<double>(world_.sources_per_host_max)));
  }

  void make_host() {
    auto& host = hosts_.emplace_back();
    host.name = "h" + std::to_string(hosts_.size()) + ".example";
    host.requests.resize(values_.host_requests);
  }

  /// A new schedule from what the log would say, as the service makes it.
  void open(timestamp now, microseconds away) {
    queue_ = std::make_unique<actors::schedule>(world_.seed, actors::schedule_limits{values_});
    queue_->begin(now, away);
    for (const auto& source : sources_) {
      const auto& host = hosts_[source.host];
      actors::source_place place;
      place.source = source.job.definition.id;
      place.api = "a" + std::to_string(source.job.number);
      place.host = host.name;
      if (source.host % 4 == 0) place.credential = "env:TOKEN_" + std::to_string(source.host % 64);
      if (source.after != UINT32_MAX) place.after = {sources_[source.after].job.definition.id};
      queue_->put_source(place, now);
    }
    for (auto& source : sources_) {
      const auto& job = source.job;
      queue_->plan({job.definition.id, job.definition.source, job.definition.priority,
                    job.next_attempt, *job.definition.interval, false,
                    job.failure == events::failure_kind::transient, job.last_attempt},
                   now);
      source.due = std::max(job.next_attempt.value_or(now), now);
    }
    for (const auto& change : open_circuits_)
      if (change.opened)
        queue_->restore_circuit(change.host, change.failures, change.openings, now, change.until);
  }

  /// The process ends: what ran is interrupted and due at once when it is back.
  void be_away(microseconds length) {
    while (!ends_.empty())
      ends_.pop();
    now_ += length;
    for (auto& source : sources_)
      if (std::exchange(source.running, false)) finish(source, events::ended_interrupted{"crash"});
    open(now_, length);
  }

  // -- living -----------------------------------------------------------------

  void live_until(timestamp end) {
    for (;;) {
      auto next = end;
      if (!ends_.empty()) next = std::min(next, ends_.top().first);
      if (const auto due = queue_->next_due()) next = std::min(next, *due);
      now_ = std::max(now_, next);
      if (now_ >= end) return;
      while (!ends_.empty() && ends_.top().first <= now_) {
        const auto number = ends_.top().second;
        ends_.pop();
        end_sync(number);
      }
      while (const auto job = queue_->take(now_))
        start_sync(*job);
      if ((++rounds_ & 0xfff) == 0) look_around();
    }
  }

  void start_sync(std::uint32_t number) {
    auto& source = sources_[number];
    auto& host = hosts_[source.host];
    out_.overlapping += source.running;
    if (source.after != UINT32_MAX) {
      const auto& before = sources_[source.after];
      const bool patient = now_ < source.due + *source.job.definition.interval;
      out_.out_of_order += before.running && before.started <= source.due && patient;
    }
    source.running = true;
    source.started = now_;
    ++out_.syncs;
    ++out_.starts[static_cast<std::size_t>((now_ - start_of_day) / 1s)];
    out_.shared_connections += now_ - host.last_start < 1s;
    host.last_start = now_;
    check_budget(host);
    if (is_undisturbed(host)) check_wait(source);
    apply(source.job, events::start_row{number, now_});
    // 20 to 400 ms, most of them short; what fails by a timeout takes a second.
    const auto share = dice_.unit();
    const auto length =
        is_down(host)
            ? microseconds{1s}
            : microseconds{static_cast<std::int64_t>(20'000 + 380'000 * share * share * share)};
    ends_.emplace(now_ + length, number);
  }

  void end_sync(std::uint32_t number) {
    auto& source = sources_[number];
    source.running = false;
    const auto& host = hosts_[source.host];
    actors::run_end end;
    end.now = now_;
    if (is_down(host)) {
      finish(source, events::ended_failed{events::failure_kind::transient, "timeout", {}, {}});
      end.verdict = actors::host_verdict::fails;
    } else if (number % 200 == 7) { // one in two hundred is gone for good
      finish(source, events::ended_failed{events::failure_kind::gone, "404", {}, {}});
      end.verdict = actors::host_verdict::answers;
    } else {
      end.verdict = actors::host_verdict::answers;
      if (dice_.once_in(source.changes_once_in))
        finish(source, events::ended_changed{});
      else
        finish(source, events::ended_unchanged{"same"});
    }
    end.next = source.job.next_attempt;
    end.interval = present_interval(source.job, values_, now_);
    source.due = end.next.value_or(timestamp::max());
    if (auto change = queue_->finished(number, end)) note(std::move(*change));
  }

  void finish(simulated_source& source, const events::sync_ending& ending) {
    auto event = decide_end(source.job, ending, {now_, source.started, dice_.unit(), values_});
    out_.changed += std::holds_alternative<events::sync_changed>(event);
    out_.failed += std::holds_alternative<events::sync_failed>(event);
    apply(source.job, std::move(event), {0, now_, "system"});
  }

  void note(actors::circuit_change change) {
    ++(change.opened ? out_.circuits_opened : out_.circuits_closed);
    std::erase_if(open_circuits_, [&](const auto& one) { return one.host == change.host; });
    if (change.opened) open_circuits_.push_back(std::move(change));
  }

  // -- looking ----------------------------------------------------------------

  [[nodiscard]] bool in_outage() const {
    const auto from = start_of_day + world_.outage_at;
    return now_ >= from && now_ < from + world_.outage_length;
  }
  [[nodiscard]] bool is_down(const simulated_host& host) const {
    return in_outage() || (now_ >= host.broken_from && now_ < host.broken_until);
  }

  /// Neither the service nor the host has just been away.
  [[nodiscard]] bool is_undisturbed(const simulated_host& host) const {
    const auto at = now_ - start_of_day;
    const auto clear = [&](microseconds from, microseconds length) {
      return at < from || at > from + length + rush;
    };
    return at > rush / 4 && clear(world_.outage_at, world_.outage_length + rush) &&
           clear(world_.restart_at, world_.restart_length) && clear(world_.blink_at, 5s) &&
           (now_ < host.broken_from || now_ > host.broken_until + 2 * rush);
  }

  void check_budget(simulated_host& host) {
    if (host.requests.empty()) return;
    const auto before = host.requests[host.newest];
    host.requests[host.newest] = now_;
    host.newest = (host.newest + 1) % host.requests.size();
    if (before == timestamp{}) return;
    out_.over_budget += now_ - before < values_.host_window;
    out_.budget_full += now_ - before < values_.host_window + values_.host_window / 15;
  }

  void check_wait(const simulated_source& source) {
    const auto& of = source.job.definition;
    const auto waited = std::max(now_ - source.due, microseconds{});
    const auto share = static_cast<double>(waited.count()) /
                       static_cast<double>(microseconds{*of.interval}.count());
    auto& longest = source.after == UINT32_MAX
                        ? out_.longest_wait[static_cast<std::size_t>(of.priority)]
                        : out_.longest_wait_behind;
    longest = std::max(longest, share);
    out_.starved += share > values_.ageing_percent / 100.0;
  }

  void look_around() {
    out_.longest_queue = std::max(out_.longest_queue, queue_->waiting_count());
    if ((rounds_ & 0xfffff) == 0) out_.most_bytes = std::max(out_.most_bytes, queue_->bytes());
  }

  void look_back() {
    out_.most_bytes = std::max(out_.most_bytes, queue_->bytes());
    for (const auto& source : sources_) {
      const bool late = source.due + *source.job.definition.interval < now_ && !source.running;
      out_.silent += late && !is_down(hosts_[source.host]);
    }
  }

  const schedule_world& world_;
  events::settings values_;
  dice dice_;
  std::vector<simulated_host> hosts_;
  std::vector<simulated_source> sources_; ///< By the schedule's own numbers.
  std::unique_ptr<actors::schedule> queue_;
  using end_of_sync = std::pair<timestamp, std::uint32_t>;
  std::priority_queue<end_of_sync, std::vector<end_of_sync>, std::greater<>> ends_;
  std::vector<actors::circuit_change> open_circuits_;
  timestamp now_ = start_of_day;
  std::uint64_t rounds_ = 0;
  schedule_figures out_;
};

} // namespace

events::settings schedule_world::settings() const {
  events::settings values;
  values.concurrency = std::clamp(sources / 400, 8U, 256U); // as many as are needed
  values.host_concurrency = 4;
  values.credential_concurrency = 16;
  values.host_requests = 120;
  values.host_window = 60s;
  values.max_retries = 3;
  return values;
}

schedule_figures::rate schedule_figures::between(seconds from, seconds to) const {
  const auto at = [&](seconds time) {
    return starts.begin() +
           std::min<std::ptrdiff_t>(time.count(), static_cast<std::ptrdiff_t>(starts.size()));
  };
  if (at(from) == at(to)) return {};
  const auto sum = std::accumulate(at(from), at(to), std::uint64_t{0});
  return {static_cast<double>(*std::max_element(at(from), at(to))),
          static_cast<double>(sum) / static_cast<double>((to - from).count())};
}

schedule_figures live_through(const schedule_world& world) {
  return living_world{world}.run();
}

} // namespace apisync::tools
