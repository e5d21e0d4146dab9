#include "tests/support/simulation.hpp"

#include <algorithm>

using namespace apisync;
using namespace std::chrono_literals;
using events::source_role;

namespace {

std::string spec(const std::string& paths) {
  return R"({"openapi":"3.0.3","info":{"title":"Billing","version":"1.0.0"},"paths":{)" + paths +
         "}}";
}

std::string operation(const std::string& path, const std::string& summary) {
  return '"' + path + R"(":{"get":{"summary":")" + summary +
         R"(","responses":{"200":{"description":"fine"}}}})";
}

const std::string bills = operation("/bills", "all bills");
const std::string taxes = operation("/taxes", "all taxes");

/// An API whose authority is `git`, compared with what `server` runs.
class drift_world {
public:
  explicit drift_world(source_role role = source_role::observer) {
    sim.network().set("git", spec(bills));
    sim.network().set("server", spec(bills));
    REQUIRE(sim.change(source("git", source_role::authority)));
    sim.advance(1s);
    REQUIRE(sim.change(source("server", role)));
    sim.advance(1s);
  }

  static actors::add_source source(const std::string& id, source_role role) {
    actors::add_source order;
    order.definition.id = id;
    order.definition.api = "billing";
    order.definition.kind = events::source_kind::http;
    order.definition.url = "https://specs.example/" + id;
    order.definition.role = role;
    order.definition.interval = 1h;
    order.asked.from.by = "user:test";
    return order;
  }

  void say(const std::string& id, const std::string& text) {
    sim.network().set(id, text);
    REQUIRE(sim.sync(id));
  }

  void declare(const std::function<void(events::source_definition&)>& change) {
    actors::change_source order;
    order.definition = sim.views().source("server")->definition;
    change(order.definition);
    order.asked.from.by = "user:test";
    REQUIRE(sim.change(order));
    sim.advance(1s);
  }

  [[nodiscard]] std::optional<events::drift_state> drift() const {
    const auto views = sim.views();
    const auto& drifts = views.api("billing")->drifts;
    const auto found = drifts.find("server");
    return found == drifts.end() ? std::nullopt : std::optional{found->second};
  }

  /// Records of a type.
  [[nodiscard]] std::size_t count(const std::string& type) const {
    const auto text = sim.exported();
    std::size_t found = 0;
    for (auto at = text.find(' ' + type + ' '); at != std::string::npos;
         at = text.find(' ' + type + ' ', at + 1))
      ++found;
    return found;
  }

  test::simulation sim;
};

bool tells(const events::drift_state& of, const std::string& rule) {
  return std::any_of(of.report.changes.begin(), of.report.changes.end(),
                     [&](const auto& change) { return change.rule == rule; });
}

} // namespace

TEST_CASE("an observer that has the same is no drift", "[drift]") {
  drift_world w;
  CHECK_FALSE(w.drift());
  CHECK(w.count("drift_began") == 0);
  CHECK(w.sim.views().api("billing")->revisions.size() == 1);
}

TEST_CASE("a server that runs something else drifts, and is never merged", "[drift]") {
  drift_world w;
  w.say("server", spec(bills + ',' + taxes));
  REQUIRE(w.drift());
  CHECK(tells(*w.drift(), "endpoint-added"));
  CHECK(w.drift()->report.revision == 1);
  CHECK(w.drift()->report.counts.info >= 1);
  CHECK(w.sim.views().api("billing")->revisions.size() == 1);

  w.say("server", spec(taxes));
  CHECK(w.count("drift_changed") == 1);
  CHECK(w.drift()->report.counts.error >= 1); // who relies on git's word finds no /bills

  w.say("server", spec(bills));
  CHECK_FALSE(w.drift());
  CHECK(w.count("drift_began") == 1);
  CHECK(w.count("drift_ended") == 1);
}

TEST_CASE("drift begins and ends when the canonical side moves, too", "[drift]") {
  drift_world w;
  w.say("git", spec(bills + ',' + taxes));
  REQUIRE(w.drift());
  CHECK(w.drift()->report.revision == 2);
  CHECK(w.drift()->report.counts.error >= 1);
  w.say("server", spec(bills + ',' + taxes)); // the release arrives
  CHECK_FALSE(w.drift());
  CHECK(w.count("drift_ended") == 1);
}

TEST_CASE("both sides that change alike stay as far apart, without an event", "[drift]") {
  drift_world w;
  w.say("server", spec(bills + ',' + taxes));
  REQUIRE(w.count("drift_began") == 1);
  w.say("git", spec(operation("/bills", "every bill")));
  CHECK(w.count("drift_changed") == 1); // the summary differs too
  w.say("server", spec(operation("/bills", "every bill") + ',' + taxes));
  CHECK(w.count("drift_changed") == 2);
  const auto before = w.count("drift_changed");
  w.say("server", spec(taxes + ',' + operation("/bills", "every bill"))); // another order
  CHECK(w.count("drift_changed") == before);
  CHECK(w.count("drift_ended") == 0);
}

TEST_CASE("polls that find nothing new compare nothing", "[drift]") {
  drift_world w;
  w.say("server", spec(bills + ',' + taxes));
  const auto before = w.sim.house().cache->counted();
  w.sim.advance(12h);
  const auto after = w.sim.house().cache->counted();
  CHECK(after.hits == before.hits);
  CHECK(after.misses == before.misses);
  CHECK(w.count("drift_began") == 1);
}

TEST_CASE("a selection is applied to both sides", "[drift]") {
  drift_world w;
  w.say("server", spec(bills + ',' + operation("/internal", "not for you")));
  REQUIRE(w.drift());
  w.declare([](auto& source) { source.select.emplace().exclude.paths = {"/internal"}; });
  CHECK_FALSE(w.drift());
  w.declare([](auto& source) { source.select.reset(); });
  CHECK(w.drift());
}

TEST_CASE("a contributor is told what it still declares, and not what it leaves out", "[drift]") {
  drift_world w{source_role::contributor};
  w.say("git", spec(bills + ',' + taxes));
  CHECK_FALSE(w.drift()); // it has a part
  w.say("server", spec(bills + ',' + taxes));
  w.say("git", spec(bills));
  CHECK(w.sim.views().api("billing")->head()->fact.operations == 1);
  REQUIRE(w.drift());
  CHECK(tells(*w.drift(), "endpoint-added"));
  CHECK(w.drift()->report.changes.front().pointer.find("taxes") != std::string::npos);
  w.say("server", spec(bills));
  CHECK_FALSE(w.drift());
}

TEST_CASE("an observer is nobody's contribution", "[drift]") {
  drift_world w;
  w.sim.network().set("side", spec(bills + ',' + taxes));
  REQUIRE(w.sim.change(drift_world::source("side", source_role::contributor)));
  w.sim.advance(1s);
  w.say("server", spec(bills + ',' + taxes));
  REQUIRE(w.sim.views().api("billing")->head()->fact.operations == 2);
  w.say("side", spec(bills)); // the server still has /taxes, and that does not keep it
  CHECK(w.sim.views().api("billing")->head()->fact.operations == 1);
}

TEST_CASE("what became of a source ends its drift or begins it", "[drift]") {
  drift_world w;
  w.say("server", spec(bills + ',' + taxes));
  REQUIRE(w.drift());
  SECTION("it is removed") {
    REQUIRE(w.sim.change(
        actors::remove_source{"server", events::declared_by::api, {{"user:test", {}, 0}, {}}}));
    w.sim.advance(1s);
    CHECK_FALSE(w.drift());
    REQUIRE(w.sim.change(drift_world::source("server", source_role::observer)));
    w.sim.advance(1s);
    CHECK(w.drift());
  }
  SECTION("it is merged from now on") {
    w.declare([](auto& source) { source.role = source_role::contributor; });
    CHECK_FALSE(w.drift());
    const auto views = w.sim.views();
    const auto& head = views.api("billing")->head()->fact;
    CHECK(head.operations == 2);
    CHECK(head.cause.kind == "sync");
    CHECK(head.cause.source == "server");
  }
}

TEST_CASE("a removed observer does not drift, however far a comparison has got", "[drift]") {
  for (std::size_t messages = 0; messages < 40; ++messages) {
    drift_world w;
    w.sim.network().hold("git");
    w.sim.network().set("git", spec(bills + ',' + taxes));
    const auto syncing = w.sim.tell<actors::sync_ended>(
        actors::sync_source{"git", true, {{"user:test", {}, 0}, {}}});
    const auto removing = w.sim.tell<actors::answer>(
        actors::remove_source{"server", events::declared_by::api, {{"user:test", {}, 0}, {}}},
        messages);
    w.sim.network().release("git");
    w.sim.advance(1s);
    REQUIRE((syncing->has_value() && **syncing && removing->has_value() && **removing));
    INFO(messages);
    CHECK_FALSE(w.drift());
  }
}

TEST_CASE("what a removed source declared keeps nothing", "[drift]") {
  drift_world w{source_role::contributor};
  w.say("server", spec(bills + ',' + taxes));
  w.sim.network().set("side", spec(bills + ',' + taxes));
  REQUIRE(w.sim.change(drift_world::source("side", source_role::contributor)));
  w.sim.advance(1s);
  const auto operations = [&] { return w.sim.views().api("billing")->head()->fact.operations; };
  REQUIRE(operations() == 2);
  w.say("side", spec(bills));
  CHECK(operations() == 2); // the server declares it still
  w.say("side", spec(bills + ',' + taxes));
  REQUIRE(w.sim.change(
      actors::remove_source{"server", events::declared_by::api, {{"user:test", {}, 0}, {}}}));
  w.sim.advance(1s);
  CHECK(operations() == 2);
  w.say("side", spec(bills));
  CHECK(operations() == 1);
}

TEST_CASE("drift outlives a crash, and is not told again", "[drift]") {
  drift_world w;
  w.say("server", spec(bills + ',' + taxes));
  w.sim.crash();
  w.sim.advance(2h);
  CHECK(w.drift());
  CHECK(w.count("drift_began") == 1);
  w.say("server", spec(bills));
  CHECK_FALSE(w.drift());
}

TEST_CASE("a document that is kept out leaves the drift as it was", "[drift]") {
  drift_world w;
  w.say("server", spec(bills + ',' + taxes));
  const auto before = w.drift();
  w.sim.network().set("server", "<html>login</html>");
  REQUIRE(w.sim.sync("server"));
  REQUIRE(w.drift());
  CHECK(w.drift()->report == before->report);
  CHECK(w.count("drift_changed") == 0);
}
