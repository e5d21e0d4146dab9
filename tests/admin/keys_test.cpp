#include "tests/admin/world.hpp"

#include <set>

using namespace apisync;
using namespace apisync::admin;
using namespace apisync::test;

namespace {

request keyed(const std::string& key, std::string_view target, std::string body = "") {
  auto asked = world::make("POST", target, std::move(body));
  asked.headers.add("Idempotency-Key", key);
  return asked;
}

std::size_t count(const world& w, const std::string& type) {
  return w.get("/v1/events?limit=1000&type=" + type)["items"].size();
}

/// Some members of an answer: not those that go on changing by themselves.
json part_of(const response& answer, const std::vector<std::string>& names) {
  auto const body = json::parse(answer.body);
  auto part = json::object();
  for (auto const& name : names)
    part[name] = body.at(name);
  return part;
}

} // namespace

TEST_CASE("every POST under a key is done once, answered the same, and the key serves it alone",
          "[keys]") {
  world w;
  auto const conflict = w.make_conflict();
  w.network->set("torn", "openapi: [");
  w.call(201, "POST", "/v1/sources",
         R"({"id":"torn","api":"torn","kind":"http","url":"https://specs.example.com/torn"})");
  w.sync("torn");
  w.call(201, "POST", "/v1/sources", R"({"id":"ci","api":"ci","kind":"push"})");
  w.network->set("gone", document("no more"));
  w.call(201, "POST", "/v1/sources",
         R"({"id":"gone","api":"gone","kind":"http","url":"https://specs.example.com/gone"})");
  w.sync("gone");
  w.call(200, "DELETE", "/v1/sources/gone");
  REQUIRE(w.get("/v1/apis/gone/contributions")["items"].at(0)["source"] == "gone");
  struct keyed_call {
    std::string path, body, other;
    std::vector<std::string> same;
  };
  // In an order in which each can be carried out.
  const std::vector<keyed_call> calls{
      {"/v1/apis", R"({"id":"users"})", R"({"id":"others"})", {"id", "owner", "state"}},
      {"/v1/sources",
       R"({"id":"hand","api":"users","kind":"manual"})",
       R"({"id":"other","api":"users","kind":"manual"})",
       {"id", "api", "kind", "paused"}},
      {"/v1/jobs",
       R"({"id":"nightly","sourceId":"main","schedule":"change"})",
       R"({"id":"daily","sourceId":"main","schedule":"change"})",
       {"id", "sourceId", "schedule"}},
      {"/v1/conflicts/" + conflict + "/resolve",
       R"({"choice":"incoming"})",
       R"({"choice":"current"})",
       {"id", "state", "resolution"}},
      {"/v1/conflicts/" + conflict + "/undo", "{}", R"({"reason":"too quick"})", {"id", "state"}},
      {"/v1/conflicts/resolve",
       R"({"choice":"incoming","api":"billing"})",
       R"({"choice":"current","api":"billing"})",
       {"resolved"}},
      {"/v1/apis/billing/rollback",
       R"({"to":1})",
       R"({"to":2})",
       {"revision", "changed", "verdict"}},
      {"/v1/apis/gone/contributions/drop",
       R"({"source":"gone"})",
       R"({"source":"gone","reason":"it is off"})",
       {"revision", "changed", "verdict"}},
      {"/v1/apis/billing/promote", R"({"revision":1})", R"({"revision":2})", {"id", "released"}},
      {"/v1/sources/torn/accept", "", "?", {"id", "api"}},
      {"/v1/hooks/ci", document("all bills"), document("the bills"), {"source", "accepted"}},
      {"/v1/apis/billing/pause", "", "/v1/apis/billing/resume", {"id", "state"}},
      {"/v1/apis/billing/resume", "", "/v1/apis/billing/pause", {"id", "state"}},
      {"/v1/hosts/specs.example.com/pause", "", "/v1/hosts/specs.example.com/resume", {"paused"}},
      {"/v1/hosts/specs.example.com/resume", "", "/v1/hosts/specs.example.com/pause", {"paused"}},
      {"/v1/sources/main/sync", "", "?wait=true", {"source", "job", "accepted"}},
      {"/v1/engine/pause", "", "/v1/engine/stop", {"state"}},
      {"/v1/engine/resume", "", "/v1/engine/stop", {"state"}},
      {"/v1/engine/stop", "", "/v1/engine/start", {"state"}},
      {"/v1/engine/start", "", "/v1/engine/stop", {"state"}},
  };
  std::set<std::string> covered;
  for (auto const& one : calls) {
    INFO(one.path);
    auto const key = "key of " + one.path;
    auto const first = w.send(keyed(key, one.path, one.body));
    INFO(first.body);
    REQUIRE(first.status < 300);
    auto const head = w.get("/v1/status")["sequence"];
    auto const again = w.send(keyed(key, one.path, one.body));
    CHECK(again.status == first.status);
    CHECK(part_of(again, one.same) == part_of(first, one.same));
    auto const later =
        w.get("/v1/events?after=" + head.dump() + "&stream=" +
              (one.path.find("/sync") == std::string::npos ? "engine" : "job/main"))["items"];
    for (auto const& event : later)
      CHECK(event["type"] != "sync_requested");
    bool const other_path = one.other.starts_with("/");
    bool const other_query = one.other.starts_with("?");
    auto const target = other_path    ? one.other
                        : other_query ? one.path + (one.other == "?" ? "" : one.other)
                                      : one.path;
    auto const body = other_path || other_query ? one.body : one.other;
    if (one.other != "?") {
      auto const refused = w.send(keyed(key, target, body));
      CHECK(refused.status == 409);
      CHECK(json::parse(refused.body)["where"] == "Idempotency-Key");
    }
  }
  // None is forgotten here, but for those of webhooks and targets, of which this world has none.
  for (auto const& entry : w.routes())
    if (entry.method == "POST" && !entry.safe && !entry.path.starts_with("/v1/webhooks/") &&
        !entry.path.starts_with("/v1/targets/"))
      covered.insert(std::string{entry.path});
  CHECK(covered.size() == calls.size());
  CHECK(w.get("/v1/status")["state"] == "running");
}

TEST_CASE("a request that changed nothing is remembered too", "[keys]") {
  world w;
  auto const resume = keyed("k", "/v1/engine/resume");
  REQUIRE(w.send(resume).status == 200); // it runs already
  REQUIRE(count(w, "request_answered") == 1);
  auto const noted = w.get("/v1/events?type=request_answered")["items"].at(0);
  CHECK(noted["data"]["request"] == "POST /v1/engine/resume");
  CHECK(noted["by"] == "user:local");
  w.call(200, "POST", "/v1/engine/pause");
  auto const again = w.send(resume); // a late copy must not end the pause
  CHECK(json::parse(again.body)["state"] == "running");
  CHECK(w.get("/v1/status")["state"] == "paused");
  CHECK(w.send(keyed("k", "/v1/engine/stop")).status == 409);
  CHECK(count(w, "request_answered") == 1);
}

TEST_CASE("a sync under a key is ordered once, and its end is told again", "[keys]") {
  world w;
  w.add("main", document("all bills"));
  auto const before = count(w, "sync_requested");
  w.network->set("main", document("the bills"));
  auto const order = keyed("once", "/v1/sources/main/sync?wait=true");
  auto const first = json::parse(w.send(order).body);
  CHECK(first["outcome"] == "changed");
  CHECK(first["revision"] == 2);
  w.network->set("main", document("every bill"));
  auto const again = json::parse(w.send(order).body);
  CHECK(again["outcome"] == "changed");
  CHECK(again["revision"] == 2);
  CHECK(again["started"] == first["started"]);
  CHECK(again["duration"] == first["duration"]);
  CHECK(count(w, "sync_requested") == before + 1);
  CHECK(w.get("/v1/apis/billing")["revision"] == 2);
}

TEST_CASE("what was made under a key is told as it was, though it is gone by now", "[keys]") {
  world w;
  auto const add = keyed("once", "/v1/apis", R"({"id":"users","owner":"ann"})");
  REQUIRE(w.send(add).status == 201);
  w.call(200, "DELETE", "/v1/apis/users");
  auto const again = w.send(add);
  CHECK(again.status == 201);
  CHECK(json::parse(again.body)["owner"] == "ann");
  w.call(404, "GET", "/v1/apis/users");
}

TEST_CASE("a refused request leaves its key free", "[keys]") {
  world w;
  CHECK(w.send(keyed("k", "/v1/sources", R"({"id":"x"})")).status == 400);
  CHECK(w.send(keyed("k", "/v1/jobs", R"({"id":"x","sourceId":"none"})")).status == 404);
  CHECK(w.send(keyed("k", "/v1/apis", R"({"id":"x"})")).status == 201);
}
