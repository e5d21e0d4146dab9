#include "tests/admin/world.hpp"

using namespace apisync;
using namespace apisync::test;
using Catch::Contains;

TEST_CASE("hosts are listed, paused and resumed, and sources say so") {
  world w;
  CHECK(w.get("/v1/hosts")["items"].empty());
  w.add("main", document("all bills"));
  auto const hosts = w.get("/v1/hosts")["items"];
  REQUIRE(hosts.size() == 1);
  CHECK(hosts[0] == json{{"id", "specs.example.com"},
                         {"state", "ready"},
                         {"sources", 1},
                         {"paused", false},
                         {"outage", nullptr}});
  auto const paused = w.call(200, "POST", "/v1/hosts/specs.example.com/pause");
  CHECK(paused["state"] == "paused");
  auto const again = w.call(200, "POST", "/v1/hosts/specs.example.com/pause");
  CHECK(again["paused"] == true);
  w.call(202, "POST", "/v1/sources/main/sync");
  auto const told = w.get("/v1/sources/main/explain");
  CHECK_THAT(told["summary"].get<std::string>(), Contains("the host specs.example.com is paused"));
  CHECK_THAT(told["advice"].dump(), Contains("apisync host resume specs.example.com"));
  REQUIRE_FALSE(told["waits"].empty());
  CHECK(told["waits"][0]["name"] == "hostPaused");
  auto const one = w.get("/v1/hosts/specs.example.com");
  CHECK(one["load"]["waiting"] == 1);
  auto const resumed = w.call(200, "POST", "/v1/hosts/specs.example.com/resume");
  CHECK(resumed["state"] == "ready");
  // The past knows nothing of what the scheduler waits for.
  auto const then =
      w.get("/v1/sources/main/explain?at=" + std::to_string(paused["sequence"].get<int>()));
  CHECK(then["waits"].empty());
  CHECK_THAT(then["summary"].get<std::string>(), Contains("is paused"));
}

TEST_CASE("a host that nothing is found on is no host") {
  world w;
  w.call(404, "POST", "/v1/hosts/nowhere.example/pause");
  w.call(404, "GET", "/v1/hosts/nowhere.example");
}

TEST_CASE("an API is paused and resumed") {
  world w;
  w.add("main", document("all bills"));
  CHECK(w.call(200, "POST", "/v1/apis/billing/pause")["state"] == "paused");
  CHECK(w.get("/v1/status")["apis"]["paused"] == 1);
  auto const told = w.get("/v1/sources/main/explain");
  CHECK_THAT(told["summary"].get<std::string>(), Contains("its API billing is paused"));
  // People's edits go on.
  w.call(200, "PUT", "/v1/apis/billing/spec", document("every bill"), "application/yaml");
  auto const resumed = w.call(200, "POST", "/v1/apis/billing/resume");
  CHECK(resumed["paused"] == false);
  CHECK(resumed["state"] == "current");
  w.call(404, "POST", "/v1/apis/nobody/pause");
}

TEST_CASE("a source says how often and after whom it is synced") {
  world w;
  w.add("main", document("all bills"));
  w.call(200, "PATCH", "/v1/sources/main", R"({"adaptive":true,"minInterval":"30s"})",
         "application/merge-patch+json");
  w.network->set("front", document("all"));
  w.call(201, "POST", "/v1/sources",
         R"({"id":"front","api":"front","http":"https://g.example/x","after":["main"]})");
  CHECK(w.get("/v1/sources/front")["after"] == json{"main"});
  CHECK_THAT(w.get("/v1/sources/front/explain")["facts"].dump(),
             Contains(R"({"name":"after","value":"main"})"));
  CHECK_THAT(w.get("/v1/sources/main/explain")["facts"].dump(), Contains("adaptive"));
  auto const refused = w.call(400, "PATCH", "/v1/sources/main", R"({"after":["front"]})",
                              "application/merge-patch+json");
  CHECK_THAT(refused["detail"].get<std::string>(), Contains("main → front → main"));
}
