#include "actors/schedule.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <random>
#include <set>

using namespace apisync;
using namespace apisync::actors;
using namespace std::chrono_literals;
using events::priority;

namespace {

const events::timestamp now{1'700'000'000s};

schedule_limits wide() {
  schedule_limits limits;
  limits.running = 100;
  limits.per_host = 100;
  limits.per_credential = 100;
  return limits;
}

/// A schedule that is spoken to by names.
struct desk {
  explicit desk(const schedule_limits& limits = wide()) : of{7, limits} {}

  void add(const std::string& id, std::optional<events::timestamp> due,
           std::chrono::milliseconds interval = 1min, priority urgency = priority::medium) {
    of.plan({id, id, urgency, due, interval}, now);
  }
  void put(const std::string& id, const std::string& host, std::vector<std::string> after = {},
           const std::string& credential = {}) {
    of.put_source({id, "api-of-" + id, host, credential, std::move(after)}, now);
  }
  std::string take(events::timestamp at = now) {
    const auto job = of.take(at);
    return job ? of.name(*job) : "";
  }
  std::optional<circuit_change> end(const std::string& id, events::timestamp at = now,
                                    std::optional<events::timestamp> next = {},
                                    host_verdict verdict = host_verdict::answers) {
    return of.finished(of.find(id), {at, next, 0ms, verdict});
  }
  std::vector<wait_fact::kind> why(const std::string& id, events::timestamp at = now) {
    std::vector<wait_fact::kind> out;
    for (const auto& fact : of.why(of.find(id), at))
      out.push_back(fact.what);
    return out;
  }
  void trigger(const std::string& id, events::timestamp at = now) { of.trigger(of.find(id), at); }

  schedule of;
};

using kind = wait_fact::kind;
using kinds = std::vector<kind>;

} // namespace

// -- triggers and single flight -----------------------------------------------

TEST_CASE("triggers that wait become one run", "[schedule]") {
  desk d;
  d.add("a", now + 24h);
  for (int i = 0; i < 100; ++i)
    d.trigger("a");
  CHECK(d.take() == "a");
  CHECK(d.take().empty());
  d.end("a", now, now + 24h);
  CHECK(d.take().empty());
}

TEST_CASE("triggers of a running job become one more run", "[schedule]") {
  desk d;
  d.add("a", now);
  REQUIRE(d.take() == "a");
  for (int i = 0; i < 100; ++i)
    d.trigger("a");
  d.end("a", now, now + 24h);
  CHECK(d.take() == "a");
  d.end("a", now, now + 24h);
  CHECK(d.take().empty());
}

TEST_CASE("two jobs of one source never run at once", "[schedule]") {
  desk d;
  d.add("a", now);
  d.of.plan({"b", "a", priority::medium, now, 1min}, now);
  const auto first = d.take();
  REQUIRE_FALSE(first.empty());
  CHECK(d.take().empty());
  const auto other = first == "a" ? "b" : "a";
  CHECK(d.why(other) == kinds{kind::source_busy});
  d.end(first);
  CHECK(d.take() == other);
}

TEST_CASE("a job that is removed while it runs is forgotten at its end", "[schedule]") {
  desk d;
  d.add("a", now);
  REQUIRE(d.take() == "a");
  d.of.remove(d.of.find("a"), now);
  CHECK(d.of.is_running(d.of.find("a")));
  d.end("a", now, now);
  CHECK(d.of.find("a") == schedule::no_job);
  CHECK(d.take().empty());
}

// -- order and ageing ---------------------------------------------------------

TEST_CASE("among jobs that became due together the more urgent goes first", "[schedule]") {
  auto limits = wide();
  limits.running = 1;
  desk d{limits};
  d.add("low", now, 1min, priority::low);
  d.add("medium", now, 1min, priority::medium);
  d.add("high", now, 1min, priority::high);
  for (const auto* id : {"high", "medium", "low"}) {
    CHECK(d.take() == id);
    d.end(id);
  }
}

TEST_CASE("a low job is put back by its allowance and no longer", "[schedule]") {
  auto limits = wide();
  limits.running = 1;
  limits.ageing_percent = 200;
  desk d{limits};
  d.add("low", now, 1min, priority::low);
  // Urgent work comes all the time, each piece due when it comes.
  for (int second = 0; second < 120; ++second) {
    const auto at = now + std::chrono::seconds{second};
    const auto id = "urgent-" + std::to_string(second);
    d.add(id, at, 1min, priority::high);
    REQUIRE(d.take(at) == id);
    d.end(id, at);
  }
  const auto at = now + 121s;
  d.add("late", at, 1min, priority::high);
  CHECK(d.take(at) == "low");
}

TEST_CASE("what somebody ordered goes before what is due by time", "[schedule]") {
  auto limits = wide();
  limits.running = 1;
  desk d{limits};
  d.add("polled", now - 5s, 1min, priority::medium);
  d.add("ordered", now + 1h, 1min, priority::low);
  d.trigger("ordered");
  CHECK(d.take() == "ordered");
}

// -- concurrency --------------------------------------------------------------

TEST_CASE("a host is not asked by more than its share, and others go on", "[schedule]") {
  auto limits = wide();
  limits.per_host = 2;
  desk d{limits};
  for (const std::string id : {"a", "b", "c"}) {
    d.add(id, now);
    d.put(id, "specs.example");
  }
  d.add("z", now + 1s);
  d.put("z", "other.example");
  const auto first = d.take();
  CHECK_FALSE(d.take().empty());
  CHECK(d.take().empty());
  CHECK(d.why("c") == kinds{kind::host_busy});
  CHECK(d.take(now + 1s) == "z");
  d.end(first, now + 1s);
  CHECK(d.take(now + 1s) == "c");
}

TEST_CASE("a credential is not used by more than its share, across hosts", "[schedule]") {
  auto limits = wide();
  limits.per_credential = 1;
  desk d{limits};
  for (const std::string id : {"a", "b", "c"}) {
    d.add(id, now);
    d.put(id, id + ".example", {}, id == "c" ? "env:OTHER" : "env:TOKEN");
  }
  CHECK(d.take() == "a");
  CHECK(d.take() == "c");
  CHECK(d.take().empty());
  CHECK(d.why("b") == kinds{kind::credential});
  d.end("a");
  CHECK(d.take() == "b");
}

TEST_CASE("a source that moves to another host while it runs counts there", "[schedule]") {
  auto limits = wide();
  limits.per_host = 1;
  desk d{limits};
  d.add("a", now);
  d.put("a", "old.example");
  REQUIRE(d.take() == "a");
  d.put("a", "new.example");
  d.add("b", now);
  d.put("b", "new.example");
  d.add("c", now);
  d.put("c", "old.example");
  CHECK(d.take() == "c");
  CHECK(d.take().empty());
  d.end("a");
  CHECK(d.take() == "b");
}

TEST_CASE("due sources of one host are taken together", "[schedule]") {
  desk d;
  for (int i = 0; i < 10; ++i)
    for (const std::string host : {"one", "two"}) {
      const auto id = host + "-" + std::to_string(i);
      d.add(id, now + std::chrono::milliseconds{i});
      d.put(id, host);
    }
  std::string order;
  for (auto id = d.take(now + 1s); !id.empty(); id = d.take(now + 1s))
    order += id.substr(0, 1);
  CHECK((order == "ooooooooootttttttttt" || order == "ttttttttttoooooooooo"));
}

// -- budgets ------------------------------------------------------------------

TEST_CASE("no stretch of time as long as the window sees more requests than allowed",
          "[schedule][budget]") {
  request_budget budget;
  std::mt19937_64 random{3};
  std::multiset<events::timestamp> made;
  auto at = now;
  std::size_t most = 0;
  for (int i = 0; i < 20'000; ++i) {
    at += std::chrono::microseconds{random() % 400'000};
    const auto fits = budget.fits_at(at, 10s, 25, 1);
    if (fits > at) {
      CHECK(fits <= at + 10s + 10s / 30 + 1ms);
      continue;
    }
    budget.spend(at, 10s, 1);
    made.insert(at);
    const auto from = made.upper_bound(at - 10s);
    most = std::max(most, static_cast<std::size_t>(std::distance(from, made.end())));
  }
  CHECK(most == 25);
}

TEST_CASE("a request that waits for the budget goes when it fits", "[schedule][budget]") {
  auto limits = wide();
  limits.host_requests = 2;
  limits.host_window = 1min;
  desk d{limits};
  for (const std::string id : {"a", "b", "c"}) {
    d.add(id, now);
    d.put(id, "metered.example");
  }
  d.take();
  d.take();
  CHECK(d.take().empty());
  CHECK(d.why("c") == kinds{kind::budget});
  const auto next = d.of.next_due();
  REQUIRE(next);
  CHECK(*next > now + 58s);
  CHECK(*next <= now + 62s);
  CHECK(d.take(*next - 1us).empty());
  CHECK(d.take(*next) == "c");
}

TEST_CASE("requests beyond the first count too", "[schedule][budget]") {
  auto limits = wide();
  limits.host_requests = 5;
  desk d{limits};
  d.add("a", now);
  d.put("a", "metered.example");
  REQUIRE(d.take() == "a");
  d.of.finished(d.of.find("a"), {now, now, 1min, host_verdict::answers, 5});
  CHECK(d.take().empty());
  CHECK(d.of.look_at_host("metered.example", now).requests == 5);
}

TEST_CASE("what was asked before a restart still counts", "[schedule][budget]") {
  auto limits = wide();
  limits.host_requests = 1;
  desk d{limits};
  d.put("a", "metered.example");
  d.put("b", "metered.example");
  d.of.plan({"a", "a", priority::medium, now + 1h, 1h, false, false, now - 5s}, now);
  d.of.plan({"b", "b", priority::medium, now, 1h}, now);
  CHECK(d.take().empty());
}

// -- circuits -----------------------------------------------------------------

TEST_CASE("a host that is out of order is left alone, tried, and used again",
          "[schedule][circuit]") {
  auto limits = wide();
  limits.circuit = {3, 30s, 1h};
  limits.per_host = 2;
  desk d{limits};
  auto at = now;
  for (const std::string id : {"a", "b", "c", "d"}) {
    d.add(id, at);
    d.put(id, "broken.example");
  }
  std::optional<circuit_change> change;
  for (int i = 0; i < 3; ++i) {
    CHECK_FALSE(change);
    const auto id = d.take(at);
    REQUIRE_FALSE(id.empty());
    change = d.end(id, at, at + 1s, host_verdict::fails);
  }
  REQUIRE(change);
  CHECK(change->opened);
  CHECK(change->host == "broken.example");
  CHECK(change->failures == 3);
  CHECK(d.take(at).empty());
  CHECK(d.why("d", at) == kinds{kind::circuit});

  at = change->until;
  CHECK(at >= now + 30s);
  CHECK(d.take(at - 1us).empty());
  const auto first = d.take(at);
  CHECK_FALSE(first.empty());
  CHECK(d.take(at).empty()); // one alone tries
  change = d.end(first, at, at + 1s, host_verdict::fails);
  REQUIRE(change);
  CHECK(change->opened);
  CHECK(change->openings == 2);
  CHECK(change->until >= at + 60s);

  at = change->until;
  const auto second = d.take(at);
  REQUIRE_FALSE(second.empty());
  change = d.end(second, at, at + 1min, host_verdict::answers);
  REQUIRE(change);
  CHECK_FALSE(change->opened);
  // The others come back within their interval, not all at once.
  std::set<events::timestamp> times;
  for (int i = 0; i < 3; ++i) {
    const auto next = d.of.next_due();
    REQUIRE(next);
    CHECK(*next <= at + 1min);
    const auto id = d.take(*next);
    CHECK_FALSE(id.empty());
    d.end(id, *next);
    times.insert(*next);
  }
  CHECK(times.size() == 3);
}

TEST_CASE("a failure that began before the circuit opened does not prolong it",
          "[schedule][circuit]") {
  auto limits = wide();
  limits.circuit = {1, 30s, 1h};
  desk d{limits};
  for (const std::string id : {"a", "b"}) {
    d.add(id, now);
    d.put(id, "broken.example");
  }
  d.take();
  d.take();
  CHECK(d.end("a", now + 1s, now + 2s, host_verdict::fails));
  CHECK_FALSE(d.end("b", now + 2s, now + 3s, host_verdict::fails));
}

TEST_CASE("a circuit that was open before a restart stays open", "[schedule][circuit]") {
  desk d;
  d.of.restore_circuit("broken.example", 5, 2, now - 1min, now + 10s);
  d.add("a", now);
  d.put("a", "broken.example");
  CHECK(d.take().empty());
  CHECK(d.take(now + 10s) == "a");
}

// -- pauses -------------------------------------------------------------------

TEST_CASE("a paused source, API or host starts nothing and keeps its place", "[schedule][pause]") {
  desk d;
  d.add("a", now);
  d.put("a", "specs.example");
  const auto paused = GENERATE(0, 1, 2);
  const auto set = [&](bool on) {
    if (paused == 0) d.of.put_source({"a", "api-of-a", "specs.example", "", {}, on}, now);
    if (paused == 1) d.of.pause_api("api-of-a", on, now);
    if (paused == 2) d.of.pause_host("specs.example", on, now);
  };
  set(true);
  CHECK(d.take().empty());
  const std::map<int, kind> expected{
      {0, kind::source_paused}, {1, kind::api_paused}, {2, kind::host_paused}};
  CHECK(d.why("a") == kinds{expected.at(paused)});
  set(false);
  CHECK(d.take() == "a");
}

// -- what goes before what ----------------------------------------------------

TEST_CASE("a gateway waits for the services that are due with it", "[schedule][after]") {
  desk d;
  d.add("gateway", now, 10min, priority::high);
  d.put("gateway", "g.example", {"billing", "api-of-orders"});
  d.add("billing", now);
  d.put("billing", "b.example");
  d.add("orders", now);
  d.put("orders", "o.example");
  std::set<std::string> first{d.take(), d.take()};
  CHECK(first == std::set<std::string>{"billing", "orders"});
  CHECK(d.take().empty());
  CHECK(d.why("gateway") == kinds{kind::dependency});
  d.end("billing", now, now + 1h);
  CHECK(d.take().empty());
  d.end("orders", now, now + 1h);
  CHECK(d.take() == "gateway");
}

TEST_CASE("a chain goes in its order", "[schedule][after]") {
  desk d;
  d.add("c", now, 10min, priority::high);
  d.put("c", "", {"b"});
  d.add("b", now, 10min);
  d.put("b", "", {"a"});
  d.add("a", now, 10min, priority::low);
  for (const auto* id : {"a", "b", "c"}) {
    CHECK(d.take() == id);
    CHECK(d.take().empty());
    d.end(id, now, now + 1h);
  }
}

TEST_CASE("nobody waits for what goes before it longer than its allowance", "[schedule][after]") {
  desk d;
  d.add("stuck", now);
  d.add("gateway", now, 1min);
  d.put("gateway", "", {"stuck"});
  REQUIRE(d.take() == "stuck");
  CHECK(d.take(now + 59s).empty());
  CHECK(d.take(now + 60s) == "gateway");
}

// -- after an absence ---------------------------------------------------------

TEST_CASE("what is overdue after an absence comes back spread over its interval", "[schedule]") {
  desk d;
  for (int i = 0; i < 6'000; ++i)
    d.add(std::to_string(i), now - 10min, 1min);
  d.of.spread(now, 1h);
  std::map<std::int64_t, int> per_second;
  auto at = now;
  int taken = 0;
  while (const auto next = d.of.next_due()) {
    at = *next;
    for (auto id = d.take(at); !id.empty(); id = d.take(at)) {
      d.end(id, at);
      ++per_second[(at - now) / 1s];
      ++taken;
    }
  }
  CHECK(taken == 6'000);
  CHECK(at <= now + 1min);
  int most = 0;
  for (const auto& [second, count] : per_second)
    most = std::max(most, count);
  CHECK(most < 150); // 100 a second is steady
}

TEST_CASE("an order is not spread", "[schedule]") {
  desk d;
  d.of.plan({"a", "a", priority::medium, now - 1min, 1h, true}, now);
  d.of.spread(now, 24h);
  CHECK(d.take() == "a");
}

// -- against a model ----------------------------------------------------------

namespace {

/// The rules said plainly, looked at job by job: what may run at all.
struct model {
  struct job {
    std::string host, credential;
    bool running = false;
  };
  std::map<std::string, job> jobs;

  [[nodiscard]] std::size_t running(auto matches) const {
    return static_cast<std::size_t>(std::count_if(jobs.begin(), jobs.end(), [&](const auto& one) {
      return one.second.running && matches(one.second);
    }));
  }
};

} // namespace

TEST_CASE("random days keep every limit, and whoever may run does", "[schedule]") {
  auto limits = wide();
  limits.running = 5;
  limits.per_host = 2;
  limits.per_credential = 3;
  const auto seed = GENERATE(range(1, 20));
  std::mt19937_64 random{static_cast<std::uint64_t>(seed)};
  desk d{limits};
  model m;
  std::map<std::string, events::timestamp> due;
  for (int i = 0; i < 40; ++i) {
    const auto id = std::to_string(i);
    auto& job = m.jobs[id];
    job.host = i % 5 == 0 ? "" : "host-" + std::to_string(random() % 6);
    job.credential = i % 3 == 0 ? "" : "key-" + std::to_string(random() % 3);
    due[id] = now + std::chrono::milliseconds{random() % 60'000};
    d.add(id, due[id], std::chrono::milliseconds{1'000 + random() % 100'000},
          static_cast<priority>(random() % 3));
    d.put(id, job.host, {}, job.credential);
  }
  auto at = now;
  for (int step = 0; step < 3'000; ++step) {
    at += std::chrono::milliseconds{random() % 2'000};
    for (auto id = d.take(at); !id.empty(); id = d.take(at)) {
      auto& job = m.jobs.at(id);
      REQUIRE_FALSE(job.running);
      REQUIRE(due.at(id) <= at);
      job.running = true;
      REQUIRE(m.running([](const auto&) { return true; }) <= limits.running);
      if (!job.host.empty())
        REQUIRE(m.running([&](const auto& other) { return other.host == job.host; }) <=
                limits.per_host);
      if (!job.credential.empty())
        REQUIRE(m.running([&](const auto& other) { return other.credential == job.credential; }) <=
                limits.per_credential);
    }
    // Nobody was left behind who may run.
    if (m.running([](const auto&) { return true; }) < limits.running)
      for (const auto& [id, job] : m.jobs) {
        if (job.running || due.at(id) > at) continue;
        const bool host_full = !job.host.empty() && m.running([&](const auto& o) {
          return o.host == job.host;
        }) >= limits.per_host;
        const bool credential_full = !job.credential.empty() && m.running([&](const auto& o) {
          return o.credential == job.credential;
        }) >= limits.per_credential;
        INFO(id << " at step " << step);
        REQUIRE((host_full || credential_full));
      }
    std::vector<std::string> running;
    for (const auto& [id, job] : m.jobs)
      if (job.running) running.push_back(id);
    if (running.empty()) continue;
    const auto& id = running[random() % running.size()];
    due[id] = at + std::chrono::milliseconds{random() % 20'000};
    m.jobs.at(id).running = false;
    d.end(id, at, due[id]);
  }
}
