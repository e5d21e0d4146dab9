#include "sources/signature.hpp"
#include "tests/admin/world.hpp"

using namespace apisync;
using namespace apisync::admin;
using namespace apisync::test;

namespace {

const std::string hello = "Hello, World!";
const std::string hello_signature =
    "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

/// A stranger, as the sender of a webhook is: no token, and not on this machine.
request stranger(std::string_view target, const std::string& body,
                 const std::string& type = "application/json") {
  auto asked = world::make("POST", target, body, type);
  asked.remote = "203.0.113.7";
  return asked;
}

request github(const std::string& delivery, const std::string& event = "push") {
  auto asked = stranger("/v1/hooks/main", hello);
  asked.headers.add("X-Hub-Signature-256", hello_signature);
  asked.headers.add("X-GitHub-Delivery", delivery);
  asked.headers.add("X-GitHub-Event", event);
  return asked;
}

/// A document under `standard`, signed now.
request pushed(const std::string& id, const std::string& text,
               std::chrono::seconds away = std::chrono::seconds{0}, const std::string& query = "") {
  auto asked = stranger("/v1/hooks/ci" + query, text, "application/yaml");
  auto const time =
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + away;
  asked.headers.add("webhook-id", id);
  asked.headers.add("webhook-timestamp", std::to_string(time.time_since_epoch().count()));
  asked.headers.add("webhook-signature", sources::sign("ci secret", id, time, text));
  return asked;
}

json body_of(const response& answer) {
  return json::parse(answer.body);
}

std::size_t count(const world& w, const std::string& type) {
  return w.get("/v1/events?limit=1000&type=" + type)["items"].size();
}

/// A source with GitHub's hook, and one that is pushed.
void declare(world& w) {
  w.add("main", document("all bills"));
  w.secrets = {{"env:GITHUB", "It's a Secret to Everybody"}, {"env:CI", "ci secret"}};
  w.call(200, "PATCH", "/v1/sources/main", R"({"hook":{"format":"github","secret":"env:GITHUB"}})");
  w.call(201, "POST", "/v1/sources",
         R"({"id":"ci","api":"inside","kind":"push",)"
         R"("hook":{"format":"standard","secret":["env:CI"]}})");
}

} // namespace

TEST_CASE("a signed delivery has its source synced", "[hooks]") {
  world w;
  declare(w);
  auto const before = count(w, "sync_requested");
  w.network->set("main", document("the bills"));
  auto const answer = w.send(github("d-1"));
  REQUIRE(answer.status == 202);
  CHECK(body_of(answer)["accepted"] == true);
  CHECK(body_of(answer)["repeated"] == false);
  CHECK(count(w, "sync_requested") == before + 1);
  CHECK(w.get("/v1/events?type=sync_requested&limit=1000")["items"].back()["by"] == "hook:main");
  w.sync("main");
  CHECK(w.get("/v1/apis/billing")["revision"] == 2);
}

TEST_CASE("a delivery that comes again is recognised, and orders nothing", "[hooks]") {
  world w;
  declare(w);
  REQUIRE(w.send(github("d-1")).status == 202);
  auto const before = count(w, "sync_requested");
  auto const again = w.send(github("d-1"));
  CHECK(again.status == 202);
  CHECK(body_of(again)["repeated"] == true);
  CHECK(count(w, "sync_requested") == before);
  CHECK(w.send(github("d-2")).status == 202);
  CHECK(count(w, "sync_requested") == before + 1);
  auto const metrics = w.send(world::make("GET", "/metrics")).body;
  CHECK_THAT(metrics, Catch::Contains("apisync_hooks_total{outcome=\"accepted\"} 2\n"));
  CHECK_THAT(metrics, Catch::Contains("apisync_hooks_total{outcome=\"repeated\"} 1\n"));
}

TEST_CASE("a wrong signature is refused, whoever sends it, and changes nothing", "[hooks]") {
  world w;
  declare(w);
  auto const head = w.get("/v1/status")["sequence"];
  auto wrong = github("d-1");
  wrong.body += ' ';
  CHECK(w.send(wrong).status == 403);
  auto local = wrong; // this machine may do anything else
  local.remote = "127.0.0.1";
  CHECK(w.send(local).status == 403);
  CHECK(w.send(stranger("/v1/hooks/main", hello)).status == 403);
  CHECK(w.send(stranger("/v1/hooks/none", hello)).status == 403); // as if it had a hook
  CHECK(w.call(404, "POST", "/v1/hooks/none", "{}")["code"] == "not_found");
  CHECK(w.get("/v1/status")["sequence"] == head);
  auto const metrics = w.send(world::make("GET", "/metrics")).body;
  CHECK_THAT(metrics, Catch::Contains("apisync_hooks_total{outcome=\"refused\"} 4\n"));
}

TEST_CASE("a ping is answered and about nothing", "[hooks]") {
  world w;
  declare(w);
  auto const head = w.get("/v1/status")["sequence"];
  auto const answer = w.send(github("d-1", "ping"));
  CHECK(answer.status == 202);
  CHECK(body_of(answer)["accepted"] == false);
  CHECK(w.get("/v1/status")["sequence"] == head);
}

TEST_CASE("a secret that cannot be read is this service's fault", "[hooks]") {
  world w;
  declare(w);
  w.secrets.clear();
  auto const answer = w.send(github("d-1"));
  CHECK(answer.status == 503);
  CHECK_THAT(answer.body, !Catch::Contains("GITHUB")); // strangers are not told its name
  auto local = github("d-1");
  local.remote = "127.0.0.1";
  CHECK_THAT(w.send(local).body, Catch::Contains("GITHUB"));
}

TEST_CASE("a source without a hook takes no delivery", "[hooks]") {
  world w;
  w.add("main", document("all bills"));
  CHECK_THAT(w.call(409, "POST", "/v1/hooks/main", "{}").dump(),
             Catch::Contains("/v1/sources/main/sync"));
  CHECK(w.send(stranger("/v1/hooks/main", "{}")).status == 403);
}

TEST_CASE("a pushed document goes the way of a fetched one", "[hooks]") {
  world w;
  declare(w);
  auto const answer =
      w.send(pushed("p-1", document("all bills"), {}, "?wait=true&commit=abc&message=built"));
  INFO(answer.body);
  REQUIRE(answer.status == 200);
  CHECK(body_of(answer)["outcome"] == "changed");
  CHECK(body_of(answer)["revision"] == 1);
  auto const spec = w.send(world::make("GET", "/v1/apis/inside/spec"));
  CHECK(spec.body == document("all bills")); // as it came, comments and all
  auto const cause = w.get("/v1/apis/inside/revisions/1")["cause"];
  CHECK(cause["commit"] == "abc");
  CHECK(cause["author"] == "hook:ci");
  CHECK(cause["message"] == "built");
  auto const source = w.get("/v1/sources/ci");
  CHECK(source["pushed"]["by"] == "hook:ci");
  CHECK(source["pushed"]["commit"] == "abc");
  CHECK(source["hook"] == json{{"format", "standard"}, {"secret", {"env:CI"}}});

  auto const again = w.send(pushed("p-2", document("all bills"), {}, "?wait=true&commit=abc"));
  CHECK(body_of(again)["outcome"] == "unchanged");
  auto const next =
      w.send(pushed("p-3", document("all bills", tax_path), {}, "?wait=true&commit=abc"));
  CHECK(body_of(next)["outcome"] == "changed"); // of the same commit, and another all the same
  CHECK(w.get("/v1/apis/inside")["revision"] == 2);
}

TEST_CASE("what is pushed twice under one id is taken once", "[hooks]") {
  world w;
  declare(w);
  auto const first = pushed("p-1", document("all bills"));
  REQUIRE(w.send(first).status == 202);
  REQUIRE(w.send(pushed("p-2", document("the bills"))).status == 202);
  w.sync("ci");
  auto const revision = w.get("/v1/apis/inside")["revision"];
  auto const again = w.send(first); // must not bring the old document back
  CHECK(again.status == 202);
  CHECK(body_of(again)["repeated"] == true);
  w.sync("ci");
  CHECK(w.get("/v1/apis/inside")["revision"] == revision);
  CHECK_THAT(w.send(world::make("GET", "/v1/apis/inside/spec")).body, Catch::Contains("the bills"));
  auto other = pushed("p-1", document("other bills"));
  CHECK(w.send(other).status == 409);
}

TEST_CASE("a document of another time is refused", "[hooks]") {
  world w;
  declare(w);
  CHECK(w.send(pushed("p-1", document("all bills"), std::chrono::seconds{-600})).status == 403);
  CHECK(w.get("/v1/apis/inside")["revision"].is_null());
}

TEST_CASE("a pushed document that is none is kept out, until somebody accepts it", "[hooks]") {
  world w;
  declare(w);
  std::string many;
  for (int i = 0; i < 8; ++i)
    many +=
        "  /p" + std::to_string(i) + ":\n    get: { responses: { '200': { description: x } } }\n";
  REQUIRE(body_of(w.send(pushed("p-1", document("all", many), {}, "?wait=true")))["revision"] == 1);
  auto const page = w.send(pushed("p-2", "<html>login</html>", {}, "?wait=true"));
  CHECK(body_of(page)["outcome"] == "quarantined");
  CHECK(w.get("/v1/sources/ci")["state"] == "quarantined");
  CHECK(w.get("/v1/apis/inside")["revision"] == 1);
  auto const small = w.send(pushed("p-3", document("all"), {}, "?wait=true"));
  CHECK(body_of(small)["outcome"] == "quarantined"); // it has lost most of its operations
  w.call(200, "POST", "/v1/sources/ci/accept");
  w.sync("ci");
  CHECK(w.get("/v1/apis/inside")["revision"] == 2);
  CHECK(w.get("/v1/sources/ci")["quarantine"].is_null());
}

TEST_CASE("without a hook, a document is pushed under a token", "[hooks]") {
  world w;
  w.call(201, "POST", "/v1/sources", R"({"id":"ci","api":"inside","kind":"push"})");
  auto asked = stranger("/v1/hooks/ci", document("all bills"), "application/yaml");
  CHECK(w.send(asked).status == 403);
  asked.headers.add("Authorization", "Bearer secret-of-the-reader");
  CHECK(w.send(asked).status == 403); // who may only read
  auto const local = w.call(202, "POST", "/v1/hooks/ci", document("all bills"), "application/yaml");
  CHECK(local["accepted"] == true);
  CHECK(w.get("/v1/sources/ci")["pushed"]["by"] == "user:local");
  w.call(400, "POST", "/v1/hooks/ci");
  w.call(200, "PATCH", "/v1/config", R"({"documentBytes":1024})");
  w.call(413, "POST", "/v1/hooks/ci", document(std::string(2000, 'x')), "application/yaml");
}

TEST_CASE("a hook is declared whole, by reference, and for documents with their time", "[hooks]") {
  world w;
  auto const refused = [&](const std::string& keys) {
    return w.call(400, "POST", "/v1/sources", R"({"id":"x","api":"x",)" + keys + "}").dump();
  };
  CHECK_THAT(refused(R"("kind":"push","hook":{"format":"github","secret":"env:S"})"),
             Catch::Contains("standard"));
  CHECK_THAT(refused(R"("kind":"push","hook":{"format":"standard","secret":"open"})"),
             Catch::Contains("env:NAME"));
  CHECK_THAT(refused(R"("kind":"push","hook":{"format":"standard"})"), Catch::Contains("secret"));
  CHECK_THAT(refused(R"("kind":"manual","hook":{"format":"hmac","secret":"env:S"})"),
             Catch::Contains("manual"));
  CHECK_THAT(refused(R"("kind":"push","hook":{"format":"svn","secret":"env:S"})"),
             Catch::Contains("github"));
}

TEST_CASE("how an API's sources differ from it is told in one report", "[drift]") {
  world w;
  w.add("main", document("all bills"));
  w.add("server", document("all bills", tax_path), "observer");
  w.call(201, "POST", "/v1/sources",
         R"({"id":"next","api":"billing","kind":"push","role":"observer"})");
  auto const report = w.get("/v1/apis/billing/drift");
  CHECK(report["revision"] == 1);
  REQUIRE(report["sources"].size() == 2);
  CHECK(report["sources"][0]["source"] == "next");
  CHECK(report["sources"][0]["state"] == "unseen");
  auto const& server = report["sources"][1];
  CHECK(server["state"] == "drifts");
  CHECK(server["revision"] == 1);
  CHECK(server["changes"][0]["rule"] == "endpoint-added");
  CHECK(w.get("/v1/status")["drifting"] == json{{"observers", 1}, {"contributors", 0}});
  CHECK(w.get("/v1/apis/billing")["drifting"] == json{"server"});
  CHECK(w.get("/v1/sources/server")["drift"]["counts"]["info"] >= 1);
  CHECK(w.get("/v1/sources/main")["drift"].is_null());
  CHECK_THAT(w.send(world::make("GET", "/metrics")).body,
             Catch::Contains("apisync_drifting_sources{role=\"observer\"} 1\n"));
  CHECK_THAT(w.get("/v1/sources/server/explain").dump(), Catch::Contains("api drift billing"));
  w.network->set("server", document("all bills"));
  w.sync("server");
  CHECK(w.get("/v1/apis/billing/drift")["sources"][1]["state"] == "agrees");
  CHECK(w.get("/v1/metrics")["driftsEnded"] == 1);
}
