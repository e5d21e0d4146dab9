#include "tests/support/simulation.hpp"

using namespace apisync;
using namespace std::chrono_literals;

namespace {

std::string spec(const std::string& summary) {
  return R"({"openapi":"3.0.3","info":{"title":"Bills","version":"1"},"paths":{"/bills":{"get":)"
         R"({"summary":")" +
         summary + R"(","responses":{"200":{"description":"fine"}}}}}})";
}

actors::asked_by by(const std::string& author) {
  return {{author, {}, 0}, {}};
}

actors::add_source http_source(const std::string& id, const std::string& host,
                               std::chrono::milliseconds interval = 1min) {
  actors::add_source order;
  order.definition.id = id;
  order.definition.api = id;
  order.definition.kind = events::source_kind::http;
  order.definition.url = "https://" + host + "/" + id + ".json";
  order.definition.interval = interval;
  order.asked = by("user:test");
  return order;
}

void add(test::simulation& sim, const std::string& id, const std::string& host,
         std::chrono::milliseconds interval = 1min) {
  sim.network().set(id, spec(id));
  REQUIRE(sim.change(http_source(id, host, interval)));
  sim.advance(1s);
}

sources::fetch_failure failure(sources::failure_class type) {
  return {type, {errc::io, "connection refused", "https://specs.example"}, {}};
}

std::string waits_of(test::simulation& sim, const std::string& source) {
  const auto waits = sim.ask<actors::waits>(actors::ask_waits{source});
  REQUIRE(waits);
  std::string names;
  for (const auto& reason : waits->reasons)
    names += (names.empty() ? "" : " ") + reason.name;
  return names;
}

std::size_t count(const test::simulation& sim, const std::string& type) {
  std::size_t found = 0;
  storage::read_filter filter;
  filter.type = type;
  REQUIRE(sim.store().log->read(filter, [&](const events::record_view&) {
    ++found;
    return true;
  }));
  return found;
}

} // namespace

TEST_CASE("a paused host is asked nothing, also after a restart, until it is resumed", "[hosts]") {
  test::simulation sim;
  add(sim, "bills", "specs.example");
  add(sim, "other", "other.example");
  REQUIRE(sim.change(actors::pause_host{"specs.example", true, by("user:ann")}));
  CHECK(sim.views().host("specs.example")->paused);
  const auto before = sim.network().fetches("bills");
  const auto others = sim.network().fetches("other");
  sim.advance(10min);
  CHECK(sim.network().fetches("bills") == before);
  CHECK(sim.network().fetches("other") > others + 5);
  CHECK(waits_of(sim, "bills") == "hostPaused");
  sim.crash();
  sim.advance(10min);
  CHECK(sim.network().fetches("bills") == before);
  const auto again = sim.change(actors::pause_host{"specs.example", true, by("user:ann")});
  REQUIRE(again);
  CHECK(again->sequence == 0); // it is paused already
  REQUIRE(sim.change(actors::pause_host{"specs.example", false, by("user:ann")}));
  sim.advance(1s);
  CHECK(sim.network().fetches("bills") == before + 1);
  CHECK(sim.views().host("specs.example") == nullptr);
}

TEST_CASE("a host that no source is found on cannot be paused", "[hosts]") {
  test::simulation sim;
  const auto done = sim.change(actors::pause_host{"nowhere.example", true, by("user:ann")});
  REQUIRE_FALSE(done);
  CHECK(done.error().code == errc::not_found);
}

TEST_CASE("a host that is out of order is left alone and used again when it answers", "[hosts]") {
  test::simulation sim;
  for (const std::string id : {"a", "b", "c"})
    add(sim, id, "specs.example");
  for (const std::string id : {"a", "b", "c"})
    sim.network().break_down(id, failure(sources::failure_class::transient));
  sim.advance(3min);
  REQUIRE(count(sim, "host_circuit_opened") >= 1);
  const auto* host = sim.views().host("specs.example");
  REQUIRE(host);
  {
    const auto views = sim.views();
    const auto& outage = views.host("specs.example")->outage;
    REQUIRE(outage);
    CHECK(outage->failures >= 5);
    CHECK(outage->reason == "connection refused");
  }
  const auto fetches = [&] {
    return sim.network().fetches("a") + sim.network().fetches("b") + sim.network().fetches("c");
  };
  // For an hour, one sync alone tries, at doubling distance.
  const auto before = fetches();
  sim.advance(1h);
  CHECK(fetches() - before <= 8);
  CHECK(waits_of(sim, "a").find("circuit") != std::string::npos);
  sim.crash(); // what was open stays open
  CHECK(waits_of(sim, "a").find("circuit") != std::string::npos);
  for (const std::string id : {"a", "b", "c"})
    sim.network().set(id, spec("new " + id));
  sim.advance(2h);
  CHECK(count(sim, "host_circuit_closed") == 1);
  CHECK(sim.views().host("specs.example") == nullptr);
  for (const std::string id : {"a", "b", "c"})
    CHECK(sim.views().api(id)->revisions.size() == 2);
}

TEST_CASE("what a source says of itself is no fault of its host", "[hosts]") {
  test::simulation sim;
  add(sim, "a", "specs.example", 1s);
  sim.network().break_down("a", failure(sources::failure_class::permanent));
  sim.advance(1h);
  CHECK(count(sim, "host_circuit_opened") == 0);
}

TEST_CASE("a paused API is not synced until it is resumed", "[apis]") {
  test::simulation sim;
  add(sim, "bills", "specs.example");
  REQUIRE(sim.change(actors::pause_api{"bills", true, by("user:ann")}));
  CHECK(sim.views().api("bills")->paused);
  const auto before = sim.network().fetches("bills");
  sim.advance(10min);
  sim.crash();
  sim.advance(10min);
  CHECK(sim.network().fetches("bills") == before);
  CHECK(waits_of(sim, "bills") == "apiPaused");
  REQUIRE(sim.change(actors::pause_api{"bills", false, by("user:ann")}));
  sim.advance(1s);
  CHECK(sim.network().fetches("bills") == before + 1);
}

TEST_CASE("an API whose document is gone for long is orphaned, never deleted, and found again",
          "[apis]") {
  test::simulation sim;
  add(sim, "bills", "specs.example");
  sim.network().break_down("bills", failure(sources::failure_class::gone));
  sim.advance(23h);
  CHECK(count(sim, "api_orphaned") == 0);
  sim.crash(); // how long it has been gone is in the log
  sim.advance(3h);
  CHECK(count(sim, "api_orphaned") == 1);
  {
    const auto views = sim.views();
    REQUIRE(views.api("bills")->orphaned);
    CHECK(views.api("bills")->revisions.size() == 1);
  }
  sim.advance(24h);
  CHECK(count(sim, "api_orphaned") == 1);
  sim.network().set("bills", spec("bills"));
  sim.advance(2h); // a probe an hour
  CHECK(count(sim, "api_found_again") == 1);
  CHECK_FALSE(sim.views().api("bills")->orphaned);
}

TEST_CASE("a 404 between good answers orphans nothing, nor does one place of two", "[apis]") {
  test::simulation sim;
  add(sim, "bills", "specs.example");
  auto second = http_source("bills-too", "other.example");
  second.definition.api = "bills";
  second.definition.role = events::source_role::contributor;
  sim.network().set("bills-too", spec("bills"));
  REQUIRE(sim.change(second));
  sim.network().break_down("bills", failure(sources::failure_class::gone));
  sim.advance(48h);
  CHECK(count(sim, "api_orphaned") == 0);
}

TEST_CASE("who is refused for a bad credential knocks once per probe interval", "[schedule]") {
  test::simulation sim;
  add(sim, "bills", "specs.example", 1s);
  sim.network().break_down("bills", failure(sources::failure_class::auth));
  const auto before = sim.network().fetches("bills");
  sim.advance(10h);
  CHECK(sim.network().fetches("bills") - before <= 13);
  CHECK(sim.network().fetches("bills") - before >= 9); // and is never dropped
}

TEST_CASE("a source that comes after itself is refused, with the circle", "[schedule]") {
  test::simulation sim;
  add(sim, "billing", "specs.example");
  auto gateway = http_source("gateway", "specs.example");
  gateway.definition.after = {"billing"};
  sim.network().set("gateway", spec("gateway"));
  REQUIRE(sim.change(gateway));
  actors::change_source change;
  change.definition = sim.views().source("billing")->definition;
  change.definition.after = {"gateway"};
  const auto done = sim.change(change);
  REQUIRE_FALSE(done);
  CHECK(done.error().message.find("billing → gateway → billing") != std::string::npos);
}
