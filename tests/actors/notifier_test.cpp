#include "events/status.hpp"
#include "tests/support/simulation.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace apisync;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

std::string spec(const std::string& paths) {
  return R"({"openapi":"3.0.3","info":{"title":"T","version":"1.0.0"},"paths":{)" + paths + "}}";
}

std::string operation(const std::string& path) {
  return '"' + path + R"(":{"get":{"responses":{"200":{"description":"fine"}}}})";
}

events::webhook_definition hook(const std::string& id, std::vector<std::string> events = {}) {
  events::webhook_definition out;
  out.id = id;
  out.url = "https://" + id + ".example";
  out.secrets = {"env:SECRET"};
  out.events = std::move(events);
  return out;
}

/// A service with one API of one source, and webhooks as a configuration file declares them.
class world {
public:
  explicit world(std::vector<events::webhook_definition> webhooks, std::uint64_t seed = 1)
      : sim{seed} {
    declare(std::move(webhooks));
    publish({"/a"});
    actors::add_source order;
    order.definition.id = order.definition.api = "billing";
    order.definition.kind = events::source_kind::http;
    order.definition.url = "https://specs.example/billing";
    order.definition.interval = 24h;
    REQUIRE(sim.change(order));
    sim.advance(1s);
  }

  void declare(std::vector<events::webhook_definition> webhooks) {
    auto config = std::make_shared<events::config>();
    config->webhooks = std::move(webhooks);
    config->hash = sha256::of(std::to_string(++configs_));
    REQUIRE(sim.change(actors::apply_config{config, "apisync.yaml"}));
  }

  void publish(const std::vector<std::string>& paths) {
    std::string all;
    for (const auto& path : paths)
      all += (all.empty() ? "" : ",") + operation(path);
    sim.network().set("billing", spec(all));
  }

  /// Makes one revision more, and lets the views have it.
  void revise() {
    publish({"/a", "/b" + std::to_string(++revisions_)});
    REQUIRE(sim.sync("billing"));
    sim.advance(50ms);
  }

  /// The revisions that a receiver was told of, in order, repeats included.
  std::vector<int> told(const std::string& id) {
    std::vector<int> out;
    for (const auto& request : sim.receivers().sent(id))
      if (const auto body = json::parse(*request.body); body["type"] == "revision_added")
        out.push_back(body["data"]["number"]);
    return out;
  }

  events::webhook_state state(const std::string& id) {
    const auto views = sim.views();
    REQUIRE(views.webhook(id));
    return *views.webhook(id);
  }

  test::simulation sim;

private:
  int configs_ = 0, revisions_ = 0;
};

using numbers = std::vector<int>;

} // namespace

TEST_CASE("a receiver is told of every revision, in order, once each", "[notifier]") {
  world w{{hook("chat")}};
  CHECK(w.told("chat") == numbers{1});
  for (int i = 0; i < 5; ++i)
    w.revise();
  w.sim.advance(1s);
  CHECK(w.told("chat") == numbers{1, 2, 3, 4, 5, 6});
  CHECK(w.state("chat").delivered == 6);
  CHECK(w.state("chat").dead.empty());
}

TEST_CASE("a body names a sequence that the service can be asked about at once", "[notifier]") {
  world w{{hook("chat")}};
  std::vector<bool> there;
  w.sim.receivers().set("chat", [&](const sources::delivery_request& request) {
    const auto body = json::parse(*request.body);
    there.push_back(w.sim.house().box->get()->at() >= body["sequence"].get<std::uint64_t>());
    return sources::delivery_outcome{sources::delivered{200}};
  });
  w.revise();
  w.sim.advance(1s);
  CHECK(there == std::vector<bool>{true});
}

TEST_CASE("each webhook is told what it wants", "[notifier]") {
  auto breaking = hook("breaking", {"revision_added"});
  breaking.level = events::change_level::error;
  auto others = hook("others");
  others.apis = {"orders"};
  world w{{breaking, others, hook("config", {"config_applied"}),
           hook("quarantine", {"source_quarantined"})}};
  w.revise(); // replaces an operation but for the first time, where it only adds
  w.revise();
  w.sim.network().set("billing", "<html>");
  REQUIRE(w.sim.sync("billing"));
  w.sim.advance(1s);
  CHECK(w.told("breaking") == numbers{3});
  CHECK(w.sim.receivers().sent("others").empty());
  CHECK(w.sim.receivers().sent("config").size() == 1);
  CHECK(w.sim.receivers().sent("quarantine").size() == 1);
}

TEST_CASE("a delivery that fails is tried again by the schedule, and the next ones wait behind it",
          "[notifier]") {
  world w{{hook("chat")}};
  w.sim.receivers().break_down("chat");
  w.revise();
  w.revise();
  w.sim.advance(20s);
  const auto tried = w.told("chat");
  REQUIRE(tried.size() > 3);
  CHECK(std::count(tried.begin() + 1, tried.end(), 2) == static_cast<int>(tried.size()) - 1);
  auto state = w.state("chat");
  CHECK(state.attempts == tried.size() - 1);
  CHECK(state.failures == state.attempts);
  CHECK(state.next_attempt > w.sim.now());
  CHECK(condition_of(state) == events::webhook_condition::failing);
  const auto sent = w.sim.receivers().sent("chat");
  for (std::size_t i = 2; i < sent.size(); ++i)
    CHECK(sent[i].id == sent[1].id);

  w.sim.receivers().recover("chat");
  w.sim.advance(10min);
  CHECK(w.told("chat").back() == 3);
  state = w.state("chat");
  CHECK(state.delivered == 3);
  CHECK(state.failures == 0);
  CHECK(condition_of(state) == events::webhook_condition::ready);
}

TEST_CASE("attempts come when the log said they would", "[notifier]") {
  world w{{hook("chat")}};
  w.sim.receivers().break_down("chat");
  w.revise();
  for (int i = 0; i < 5; ++i) {
    const auto due = *w.state("chat").next_attempt;
    const auto before = w.sim.receivers().sent("chat").size();
    REQUIRE(due > w.sim.now());
    w.sim.advance(due - w.sim.now() - 1ms);
    CHECK(w.sim.receivers().sent("chat").size() == before);
    w.sim.advance(2ms);
    CHECK(w.sim.receivers().sent("chat").size() == before + 1);
  }
}

TEST_CASE("a receiver that asks for patience is given it", "[notifier]") {
  world w{{hook("chat")}};
  w.sim.receivers().break_down("chat", 300s);
  w.revise();
  const auto before = w.sim.receivers().sent("chat").size();
  w.sim.advance(299s);
  CHECK(w.sim.receivers().sent("chat").size() == before);
  w.sim.advance(2s);
  CHECK(w.sim.receivers().sent("chat").size() == before + 1);
}

TEST_CASE("a slow receiver holds up neither syncs nor other receivers", "[notifier]") {
  world w{{hook("slow"), hook("quick")}};
  w.sim.receivers().hold("slow");
  for (int i = 0; i < 4; ++i)
    w.revise();
  w.sim.advance(1h);
  CHECK(w.sim.views().api("billing")->revisions.size() == 5);
  CHECK(w.told("quick") == numbers{1, 2, 3, 4, 5});
  CHECK(w.told("slow") == numbers{1, 2}); // one at a time
  w.sim.receivers().release("slow");
  w.sim.advance(1s);
  CHECK(w.told("slow") == numbers{1, 2, 3, 4, 5});
}

TEST_CASE("what was not settled before a crash is told again under the same id", "[notifier]") {
  world w{{hook("chat")}};
  w.sim.receivers().hold("chat");
  w.revise();
  w.revise();
  w.sim.advance(1s);
  w.sim.crash();
  w.sim.receivers().release("chat"); // the answer to the dead is nobody's
  w.sim.advance(1s);
  CHECK(w.told("chat") == numbers{1, 2, 2, 3});
  const auto sent = w.sim.receivers().sent("chat");
  CHECK(sent[1].id == sent[2].id);
  CHECK(sent[2].id != sent[3].id);
  CHECK(w.state("chat").delivered == 3);
}

TEST_CASE("the schedule of retries survives a crash", "[notifier]") {
  world w{{hook("chat")}};
  w.sim.receivers().break_down("chat", 300s);
  w.revise();
  const auto before = w.state("chat");
  const auto sent = w.sim.receivers().sent("chat").size();
  w.sim.crash();
  w.sim.advance(200s);
  CHECK(w.sim.receivers().sent("chat").size() == sent);
  w.sim.advance(101s);
  CHECK(w.sim.receivers().sent("chat").size() == sent + 1);
  CHECK(w.state("chat").attempts == before.attempts + 1);
}

TEST_CASE("whatever crashes come, every revision is told and in order", "[notifier]") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    INFO("seed " << seed);
    world w{{hook("chat")}, seed};
    actors::chance luck{seed, "crashes"};
    int failing = 0;
    w.sim.receivers().set(
        "chat", [&](const sources::delivery_request&) -> sources::delivery_outcome {
          if (failing > 0 && --failing >= 0)
            return tl::unexpected(sources::delivery_failure{{errc::io, "no luck", {}}, false, {}});
          return sources::delivered{200};
        });
    for (int i = 0; i < 30; ++i) {
      if (luck.next() < 0.5) w.revise();
      if (luck.next() < 0.2) failing = 3;
      if (luck.next() < 0.2) w.sim.crash(seed + static_cast<std::uint64_t>(i));
      w.sim.advance(500ms);
    }
    w.sim.advance(1h);
    auto told = w.told("chat");
    CHECK(std::is_sorted(told.begin(), told.end()));
    told.erase(std::unique(told.begin(), told.end()), told.end());
    const auto revisions = w.sim.views().api("billing")->revisions.size();
    CHECK(told.size() == revisions);
    CHECK(w.state("chat").delivered == revisions);
    CHECK(w.state("chat").dead.empty());
  }
}

TEST_CASE("a delivery that is given up is a dead letter, and the rest goes on", "[notifier]") {
  auto chat = hook("chat");
  chat.max_retries = 2;
  world w{{chat}};
  w.sim.receivers().break_down("chat");
  w.revise();
  w.revise();
  w.sim.advance(1h);
  auto state = w.state("chat");
  CHECK(state.dead.size() == 2);
  CHECK(w.told("chat") == numbers{1, 2, 2, 2, 3, 3, 3});
  const auto status = json::parse(status_json(w.sim.views()));
  CHECK(status["deadLetters"] == 2);
  CHECK(status["webhooks"]["failing"] == 1);
  CHECK(status["lastError"]["code"] == "delivery_abandoned");

  w.sim.receivers().recover("chat");
  w.revise();
  w.sim.advance(1h);
  CHECK(w.told("chat").back() == 4);

  SECTION("and can be sent again, all of them") {
    const auto ids = w.sim.receivers().sent("chat");
    REQUIRE(w.sim.change(actors::resend_deliveries{"chat", {}, {{"user:ann", {}, 0}, {}}}));
    w.sim.advance(1s);
    CHECK(w.told("chat") == numbers{1, 2, 2, 2, 3, 3, 3, 4, 2, 3});
    CHECK(w.state("chat").dead.empty());
    CHECK(w.sim.receivers().sent("chat")[8].id == ids[1].id);
  }
  SECTION("and one of them, also after a crash") {
    w.sim.receivers().hold("chat");
    const auto event = w.state("chat").dead.rbegin()->first;
    REQUIRE(w.sim.change(actors::resend_deliveries{"chat", {event}, {{"user:ann", {}, 0}, {}}}));
    w.sim.crash();
    w.sim.receivers().release("chat");
    w.sim.advance(1s);
    CHECK(w.told("chat") == numbers{1, 2, 2, 2, 3, 3, 3, 4, 3, 3});
    CHECK(w.state("chat").dead.size() == 1);
    CHECK(w.state("chat").again.empty());
  }
}

TEST_CASE("what a receiver will never take does not hold up the rest", "[notifier]") {
  world w{{hook("chat")}};
  w.sim.receivers().set("chat", [](const sources::delivery_request& request) {
    if (json::parse(*request.body)["data"]["number"] != 2)
      return sources::delivery_outcome{sources::delivered{200}};
    return sources::delivery_outcome{tl::unexpected(
        sources::delivery_failure{{errc::unavailable, "answered 422", {}}, true, {}})};
  });
  w.revise();
  w.revise();
  w.sim.advance(1s);
  CHECK(w.told("chat") == numbers{1, 2, 3});
  CHECK(w.state("chat").dead.size() == 1);
}

TEST_CASE("an order to send again is refused where it makes no sense", "[notifier]") {
  world w{{hook("chat")}};
  const auto refused = [&](actors::resend_deliveries order) {
    const auto answer = w.sim.change(order);
    REQUIRE_FALSE(answer);
    return answer.error().code;
  };
  CHECK(refused({"nobody", {}, {}}) == errc::not_found);
  CHECK(refused({"chat", {0}, {}}) == errc::invalid_argument);
  CHECK(refused({"chat", {1'000'000}, {}}) == errc::invalid_argument);
  const auto revision = w.state("chat").position;
  CHECK(refused({"chat", {revision + 1}, {}}) == errc::invalid_argument); // nothing to tell
  CHECK(w.sim.change(actors::resend_deliveries{"chat", {}, {}})->sequence == 0);
}

TEST_CASE("a webhook that is taken out of the file is told nothing more", "[notifier]") {
  world w{{hook("chat"), hook("pager")}};
  w.declare({hook("pager")});
  w.revise();
  w.sim.advance(1s);
  CHECK(w.told("chat") == numbers{1});
  CHECK(w.told("pager") == numbers{1, 2});
  w.declare({hook("chat"), hook("pager")});
  w.revise();
  w.sim.advance(1s);
  CHECK(w.told("chat") == numbers{1, 3}); // from then on, as a new one
}

TEST_CASE("a webhook that is switched off and on is not told of the time between", "[notifier]") {
  world w{{hook("chat")}};
  auto off = hook("chat");
  off.enabled = false;
  w.declare({off});
  w.revise();
  w.sim.advance(1h);
  w.declare({hook("chat")});
  w.revise();
  w.sim.advance(1s);
  CHECK(w.told("chat") == numbers{1, 3});
}

TEST_CASE("a changed filter holds for what is still to be told", "[notifier]") {
  world w{{hook("chat")}};
  w.sim.receivers().break_down("chat", 3600s);
  w.revise();
  w.revise();
  w.sim.receivers().recover("chat");
  auto other = hook("chat", {"conflict_opened"});
  w.declare({other});
  w.sim.advance(2h);
  CHECK(w.told("chat") == numbers{1, 2});
  CHECK(w.state("chat").delivered == 1);
}

TEST_CASE("a week without its receiver costs a webhook nothing but time", "[notifier]") {
  auto chat = hook("chat");
  chat.max_retries = 100;
  world w{{chat}};
  w.sim.receivers().break_down("chat");
  for (int day = 0; day < 7; ++day) {
    w.revise();
    w.sim.advance(24h);
  }
  CHECK(w.sim.receivers().sent("chat").size() == 1 + 7 * 101);
  w.sim.receivers().recover("chat");
  w.sim.advance(10min);
  const auto state = w.state("chat");
  CHECK(state.delivered + state.dead.size() == 8);
  CHECK(state.trying == 0);
}

TEST_CASE("a notifier that dies is started again where it was", "[notifier]") {
  world w{{hook("chat")}};
  w.sim.receivers().hold("chat");
  w.revise();
  caf::anon_send_exit(w.sim.house().entities->notifier(), caf::exit_reason::unhandled_exception);
  w.sim.advance(1s);
  w.sim.receivers().release("chat");
  w.revise();
  w.sim.advance(1s);
  CHECK(w.sim.views().engine().actor_failures == 1);
  CHECK(w.told("chat") == numbers{1, 2, 2, 3});
  CHECK_FALSE(w.sim.fatal());
}

TEST_CASE("what nobody wants is not looked at again at the next start", "[notifier]") {
  world w{{hook("chat")}};
  auto what = std::make_shared<storage::append>();
  const events::job_event unwanted{events::job_removed{}};
  what->expected.push_back({"job/elsewhere", 0});
  what->events.assign(100'001, encode("job/elsewhere", unwanted));
  const auto done = w.sim.append(actors::append_order{std::move(what)});
  w.sim.advance(1s);
  REQUIRE(*done);
  REQUIRE(**done);
  CHECK(w.state("chat").position >= (**done)->last);
  w.revise();
  w.sim.advance(1s);
  CHECK(w.told("chat") == numbers{1, 2});
}
