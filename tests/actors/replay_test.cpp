#include "events/status.hpp"
#include "tests/support/simulation.hpp"

#include <random>

using namespace apisync;
using namespace std::chrono_literals;

namespace {

/// Does whatever can happen to the service, at random, a step at a time.
class chaos {
public:
  chaos(test::simulation& sim, unsigned seed) : sim_{sim}, chance_{seed} {}

  void step() {
    switch (pick(16)) {
    case 0:
      return add_source();
    case 1:
      return remove_source();
    case 2:
    case 3:
    case 4:
      return publish();
    case 5:
      return fail();
    case 6:
      return void(sim_.tell<actors::sync_ended>(
          actors::sync_source{some(), true, {{"user:t", {}, 0}, {}}}));
    case 7:
      return verb();
    case 8:
      return edit();
    case 9:
      return resolve();
    case 10:
      return settings();
    case 11:
      if (pick(4) == 0) sim_.crash(chance_());
      return;
    case 12:
      return declare_webhooks();
    case 13:
      return receivers();
    default:
      return sim_.advance(std::chrono::seconds{pick(90)});
    }
  }

private:
  unsigned pick(unsigned below) { return static_cast<unsigned>(chance_() % below); }
  std::string some() { return "s" + std::to_string(pick(5)); }
  std::string some_api() { return "api" + std::to_string(pick(2)); }

  std::string document() {
    std::string paths;
    for (unsigned i = 0, count = 1 + pick(5); i < count; ++i)
      paths += (i > 0 ? "," : "") + ("\"/p" + std::to_string(pick(6))) + std::to_string(i) +
               R"(":{"get":{"summary":"v)" + std::to_string(pick(4)) +
               R"(","responses":{"200":{"description":"fine"}}}})";
    return R"({"openapi":"3.0.3","info":{"title":"T","version":"1.)" + std::to_string(pick(3)) +
           R"("},"paths":{)" + paths + "}}";
  }

  void add_source() {
    actors::add_source order;
    order.definition.id = some();
    order.definition.api = some_api();
    order.definition.kind = events::source_kind::http;
    order.definition.url = "https://specs.example/" + order.definition.id;
    order.definition.role =
        pick(3) == 0 ? events::source_role::authority : events::source_role::contributor;
    order.definition.interval = 20s;
    sim_.tell<actors::answer>(order);
    publish();
  }

  void remove_source() {
    actors::remove_source order;
    order.id = some();
    if (pick(3) == 0) sim_.tell<actors::answer>(order);
  }

  void publish() { sim_.network().set(some(), pick(8) == 0 ? "<html>no" : document()); }

  void fail() {
    const auto type =
        pick(2) == 0 ? sources::failure_class::transient : sources::failure_class::gone;
    sim_.network().break_down(some(), {type, {errc::io, "no luck", "https://specs.example"}, {}});
  }

  void verb() {
    using events::engine_verb;
    constexpr engine_verb verbs[] = {engine_verb::pause, engine_verb::resume, engine_verb::stop,
                                     engine_verb::start, engine_verb::start,  engine_verb::resume};
    sim_.tell<actors::answer>(actors::engine_command{verbs[pick(6)], {}});
  }

  void edit() {
    actors::edit_spec order{some_api(),
                            std::make_shared<const std::string>(document()),
                            "edit",
                            {},
                            {{"user:ann", {}, 0}, {}}};
    sim_.tell<actors::answer>(order);
  }

  void resolve() {
    const auto api = some_api();
    const auto views = sim_.views();
    const auto* state = views.api(api);
    if (state == nullptr || state->open.empty()) return;
    const char* choices[] = {"current", "incoming", "base"};
    actors::resolve_conflicts order{api,   {state->open.begin()->first}, choices[pick(3)], {}, "so",
                                    false, {{"user:ann", {}, 0}, {}}};
    sim_.tell<actors::answer>(order);
  }

  void settings() {
    sim_.tell<actors::answer>(
        actors::change_settings{{{"concurrency", {std::to_string(pick(9))}}}, {}}); // 0 is refused
  }

  void declare_webhooks() {
    auto config = std::make_shared<events::config>();
    for (const auto* id : {"chat", "pager"}) {
      if (pick(4) == 0) continue;
      auto& webhook = config->webhooks.emplace_back();
      webhook.id = id;
      webhook.url = "env:URL";
      webhook.secrets = {"env:SECRET"};
      webhook.max_retries = pick(4);
      webhook.enabled = pick(4) != 0;
    }
    config->hash = sha256::of(std::to_string(chance_()));
    sim_.tell<actors::answer>(actors::apply_config{config, "apisync.yaml"});
  }

  void receivers() {
    const char* id = pick(2) == 0 ? "chat" : "pager";
    switch (pick(3)) {
    case 0:
      return sim_.receivers().recover(id);
    case 1:
      return sim_.receivers().break_down(id);
    default:
      sim_.tell<actors::answer>(actors::resend_deliveries{id, {}, {{"user:ann", {}, 0}, {}}});
    }
  }

  test::simulation& sim_;
  std::mt19937 chance_;
};

} // namespace

TEST_CASE("after random runs the service answers what a replay of its log says", "[replay]") {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    test::simulation sim{seed};
    chaos world{sim, seed};
    for (int i = 0; i < 150; ++i)
      world.step();
    sim.advance(1s);
    const auto answered = sim.house().box->get();
    REQUIRE(answered->at() == sim.store().log->head());
    auto replayed = actors::replay(*sim.store().log);
    REQUIRE(replayed);
    CHECK(events::replay_json(*answered) == events::replay_json(*replayed));
    CHECK_FALSE(sim.fatal().has_value());
    // Nothing died of what happened, and nothing was left running.
    CHECK(answered->engine().actor_failures == 0);
    CHECK(events::active_jobs(*answered) == 0);
  }
}

TEST_CASE("a past sequence replays to what was answered then", "[replay]") {
  test::simulation sim{99};
  chaos world{sim, 99};
  std::vector<std::pair<events::sequence, std::string>> answers;
  for (int i = 0; i < 150; ++i) {
    world.step();
    sim.advance(20ms);
    const auto now = sim.house().box->get();
    answers.emplace_back(now->at(), events::replay_json(*now));
  }
  for (std::size_t i = 0; i < answers.size(); i += 7) {
    storage::read_filter until;
    until.up_to = answers[i].first;
    auto past = actors::replay(*sim.store().log, until);
    REQUIRE(past);
    CHECK(events::replay_json(*past) == answers[i].second);
  }
}

namespace {

/// A log of that many records, of which one is of no known type.
std::shared_ptr<storage::memory_log> long_log(int records, int unknown) {
  auto log = std::make_shared<storage::memory_log>();
  for (int i = 1; i <= records; ++i) {
    storage::append what;
    what.events.push_back({"engine", i == unknown ? "engine_flew_away" : "engine_paused", 1, "{}"});
    REQUIRE(log->commit({&what, 1}, {}));
  }
  return log;
}

} // namespace

TEST_CASE("a long log is folded whole, and up to where it is wanted", "[replay]") {
  const auto log = long_log(5'000, 0);
  CHECK(actors::replay(*log)->at() == 5'000);
  storage::read_filter until;
  until.up_to = 4'321;
  CHECK(actors::replay(*log, until)->at() == 4'321);
}

TEST_CASE("a record that cannot be folded ends the replay with its name", "[replay]") {
  for (const int place : {1, 127, 128, 129, 3'000, 5'000}) {
    const auto replayed = actors::replay(*long_log(5'000, place));
    REQUIRE_FALSE(replayed);
    CHECK(replayed.error().code == errc::corrupt);
    CHECK_THAT(replayed.error().where, Catch::Contains("record " + std::to_string(place) + " "));
  }
}
