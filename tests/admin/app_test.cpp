#include "specs/openapi.hpp"
#include "specs/parse.hpp"
#include "specs/validate.hpp"
#include "tests/admin/world.hpp"

using namespace apisync;
using namespace apisync::admin;
using namespace apisync::test;
using nlohmann::json;

namespace {

/// Takes what is streamed, until the test has seen enough.
class listener : public stream_writer {
public:
  bool write(std::string_view text) override {
    heard += text;
    return true;
  }
  bool open() override { return left-- > 0; }

  std::string heard;
  int left = 3;
};

} // namespace

TEST_CASE("a source is added, synced, and served byte for byte") {
  world w;
  auto const text = document("all bills");
  w.network->set("main", text);
  auto const made = w.send(world::make(
      "POST", "/v1/sources",
      R"({"id":"main","api":"billing","kind":"http","url":"https://specs.example.com/main"})"));
  REQUIRE(made.status == 201);
  REQUIRE(made.headers.get("Location") == "/v1/sources/main");
  auto const ended = w.sync("main");
  REQUIRE(ended["source"] == "main");
  REQUIRE(ended["duration"].is_number());

  auto const api = w.get("/v1/apis/billing");
  REQUIRE(api["revision"] == 1);
  REQUIRE(api["state"] == "current");
  auto const spec = w.send(world::make("GET", "/v1/apis/billing/spec"));
  REQUIRE(spec.status == 200);
  REQUIRE(spec.body == text);
  REQUIRE(spec.content_type == "application/yaml");
  REQUIRE(w.send(world::make("GET", "/v1/apis/billing/spec.yaml")).body == text);
  REQUIRE(w.send(world::make("GET", "/v1/apis/billing/revisions/1/spec")).body == text);

  auto const as_json = w.send(world::make("GET", "/v1/apis/billing/spec.json"));
  REQUIRE(as_json.content_type == "application/json");
  REQUIRE(json::parse(as_json.body)["paths"]["/bills"]["get"]["summary"] == "all bills");
  REQUIRE(as_json.headers.get("ETag") != spec.headers.get("ETag"));
  auto wanting = world::make("GET", "/v1/apis/billing/spec");
  wanting.headers.add("Accept", "application/yaml;q=0.5, application/json");
  REQUIRE(w.send(wanting).body == as_json.body);
}

TEST_CASE("a request that names the current tag is spared the document") {
  world w;
  w.add("main", document("all bills"));
  auto const first = w.send(world::make("GET", "/v1/apis/billing/spec"));
  auto again = world::make("GET", "/v1/apis/billing/spec");
  again.headers.add("If-None-Match", std::string{first.headers.get("ETag")});
  REQUIRE(w.send(again).status == 304);
  w.network->set("main", document("the bills"));
  w.sync("main");
  REQUIRE(w.send(again).status == 200);
}

TEST_CASE("an edit of what another has changed meanwhile is refused") {
  world w;
  w.add("main", document("all bills"));
  auto const tag =
      std::string{w.send(world::make("GET", "/v1/apis/billing/spec.json")).headers.get("ETag")};
  auto edit =
      world::make("PUT", "/v1/apis/billing/spec", document("every bill"), "application/yaml");
  edit.headers.add("If-Match", tag);
  auto const done = w.send(edit);
  REQUIRE(done.status == 200);
  REQUIRE(json::parse(done.body)["revision"] == 2);
  REQUIRE(json::parse(done.body)["changed"] == true);
  REQUIRE(w.send(edit).status == 412);
  auto const same =
      w.call(200, "PUT", "/v1/apis/billing/spec", document("every bill"), "application/yaml");
  REQUIRE(same["changed"] == false);
  REQUIRE(same["revision"] == 2);
  REQUIRE(w.get("/v1/apis/billing/revisions/2")["author"] == "user:local");
  w.call(400, "PUT", "/v1/apis/billing/spec", "openapi: [", "application/yaml");
}

TEST_CASE("revisions are listed newest first, compared and gone back to") {
  world w;
  w.add("main", document("all bills", tax_path));
  w.network->set("main", document("all bills"));
  w.sync("main");
  auto const listed = w.get("/v1/apis/billing/revisions?limit=1");
  REQUIRE(listed["items"].at(0)["number"] == 2);
  auto const cursor = listed["nextCursor"].get<std::string>();
  auto const rest = w.get("/v1/apis/billing/revisions?limit=1&cursor=" + cursor);
  REQUIRE(rest["items"].at(0)["number"] == 1);
  REQUIRE(rest["nextCursor"].is_null());

  auto const diff = w.get("/v1/apis/billing/diff?from=1&to=2");
  REQUIRE(diff["verdict"] == "breaking");
  REQUIRE(diff["counts"]["error"] >= 1);
  REQUIRE(diff["from"] == json{{"api", "billing"}, {"revision", 1}});
  REQUIRE(w.get("/v1/apis/billing/diff") == diff);
  REQUIRE(w.get("/v1/apis/billing/diff?source=main")["verdict"] == "unchanged");
  w.call(404, "GET", "/v1/apis/billing/diff?with=other");
  w.call(400, "GET", "/v1/apis/billing/diff?from=1&with=billing");

  auto const changes = w.get("/v1/changes?level=error");
  REQUIRE(changes["items"].at(0)["api"] == "billing");
  REQUIRE(changes["items"].at(0)["level"] == "error");
  REQUIRE(w.get("/v1/apis/billing/changelog?level=error")["items"] == changes["items"]);
  REQUIRE(w.get("/v1/changes?owner=nobody")["items"].empty());

  auto const back = w.call(200, "POST", "/v1/apis/billing/rollback", R"({"to":1})");
  REQUIRE(back["revision"] == 3);
  REQUIRE(w.send(world::make("GET", "/v1/apis/billing/spec")).body ==
          document("all bills", tax_path));
  w.call(404, "POST", "/v1/apis/billing/rollback", R"({"to":9})");
  w.call(400, "POST", "/v1/apis/billing/rollback", R"({"too":1})");
}

TEST_CASE("a conflict is listed with its three values and decided") {
  world w;
  auto const id = w.make_conflict();
  auto const conflict = w.get("/v1/conflicts/" + id);
  REQUIRE(conflict["state"] == "open");
  REQUIRE(conflict["base"] == "all bills");
  REQUIRE(conflict["current"] == "every bill");
  REQUIRE(conflict["incoming"] == "the bills");
  REQUIRE(w.get("/v1/status")["openConflicts"] == 1);
  auto const path = "/v1/conflicts/" + id + "/resolve";
  w.call(400, "POST", path, R"({"choice":"neither"})");
  w.call(400, "POST", path, R"({"choice":"value"})");
  auto const decided = w.call(200, "POST", path, R"({"choice":"incoming","reason":"they know"})");
  REQUIRE(decided["state"] == "resolved");
  REQUIRE(decided["resolution"]["by"] == "user:local");
  REQUIRE(decided["resolution"]["reason"] == "they know");
  REQUIRE(w.get("/v1/conflicts")["items"].empty());
  REQUIRE(w.get("/v1/conflicts?state=resolved")["items"].size() == 1);
  w.call(409, "POST", path, R"({"choice":"current"})");
  auto const spec = w.send(world::make("GET", "/v1/apis/billing/spec.json"));
  REQUIRE(json::parse(spec.body)["paths"]["/bills"]["get"]["summary"] == "the bills");
}

TEST_CASE("values too long for an event are read from the documents") {
  world w;
  auto const text = [](char letter) { return document(std::string(20'000, letter)); };
  w.add("main", text('a'));
  w.call(200, "PUT", "/v1/apis/billing/spec", text('b'), "application/yaml");
  w.network->set("main", text('c'));
  w.sync("main");
  auto const listed = w.get("/v1/conflicts")["items"].at(0);
  REQUIRE(listed["oversized"].size() == 3);
  auto const whole = w.get("/v1/conflicts/" + listed["id"].get<std::string>());
  REQUIRE_FALSE(whole.contains("oversized"));
  REQUIRE(whole["base"] == std::string(20'000, 'a'));
  REQUIRE(whole["incoming"] == std::string(20'000, 'c'));
}

TEST_CASE("the past answers as it did then") {
  world w;
  w.add("main", document("all bills"));
  auto const then = w.get("/v1/apis/billing");
  auto const metrics = w.get("/v1/metrics");
  auto const sequence = then["sequence"].get<std::uint64_t>();
  auto const at = "?at=" + std::to_string(sequence);
  w.network->set("main", document("the bills"));
  w.sync("main");
  REQUIRE(w.get("/v1/apis/billing")["revision"] == 2);
  REQUIRE(w.get("/v1/apis/billing" + at) == then);
  REQUIRE(w.get("/v1/apis/billing" + at) == then); // from the moments kept
  REQUIRE(w.get("/v1/metrics" + at) == metrics);
  REQUIRE(w.send(world::make("GET", "/v1/apis/billing/spec" + at)).body == document("all bills"));
  w.call(404, "GET", "/v1/apis/billing?at=1");
  REQUIRE(w.call(400, "GET", "/v1/status?at=0")["where"] == "at");
  w.call(400, "GET", "/v1/status?at=999999");
  w.call(400, "GET", "/v1/status?at=1999-01-01T00:00:00Z");
  w.call(400, "GET", "/v1/status?at=2999-01-01T00:00:00Z");
  w.call(400, "GET", "/v1/status?at=yesterday");
}

TEST_CASE("a write under a key is done once, and the key serves one write") {
  world w;
  w.add("main", document("all bills", tax_path));
  w.network->set("main", document("all bills"));
  w.sync("main");
  auto back = world::make("POST", "/v1/apis/billing/rollback", R"({"to":1})");
  back.headers.add("Idempotency-Key", "once");
  auto const first = w.send(back);
  REQUIRE(first.status == 200);
  auto const again = w.send(back);
  REQUIRE(again.body == first.body);
  REQUIRE(w.get("/v1/apis/billing")["revision"] == 3);
  back.body = R"({"to":2})";
  REQUIRE(w.send(back).status == 409);
  back.headers.set("Idempotency-Key", std::string(201, 'x'));
  REQUIRE(w.send(back).status == 400);
}

TEST_CASE("what a change of a source does not name stays") {
  world w;
  w.add("main", document("all bills"));
  auto const added = w.call(201, "POST", "/v1/sources",
                            R"({"id":"far","api":"far","kind":"http","url":"https://x.example/a",
      "headers":{"Accept":"*/*"},"allowAddresses":["private"],"references":"keep",
      "duplicates":"last","after":["billing"],"adaptive":true,"minInterval":"2m","maxRetries":7,
      "select":{"include":{"tags":["open"]}},"hook":{"format":"github","secret":"env:HOOK"},
      "connection":{"timeout":"2m","ca":"file:corp.pem"}})");
  REQUIRE(added["connection"]["timeout"] == 120000);
  auto const changed = w.call(200, "PATCH", "/v1/sources/far", R"({"interval":60000})");
  for (auto const* name : {"url", "headers", "allowAddresses", "references", "duplicates", "after",
                           "adaptive", "minInterval", "maxRetries", "select", "hook", "connection"})
    CHECK(changed.at(name) == added.at(name));
  REQUIRE_FALSE(
      w.call(200, "PATCH", "/v1/sources/far", R"({"connection":null})").contains("connection"));
}

TEST_CASE("sources are changed, paused, explained and removed") {
  world w;
  w.add("main", document("all bills"));
  w.call(409, "POST", "/v1/sources", R"({"id":"main","api":"billing","kind":"manual"})");
  w.call(400, "POST", "/v1/sources", R"({"id":"main","api":"billing","kind":"http"})");
  w.call(400, "POST", "/v1/sources",
         R"({"id":"second","api":"billing","kind":"http","url":"https://specs.example.com/2"})");
  auto const changed = w.call(200, "PATCH", "/v1/sources/main", R"({"interval":60000})");
  REQUIRE(changed["interval"] == 60000);
  REQUIRE(w.get("/v1/jobs/main")["interval"] == 60000);
  REQUIRE(w.call(200, "PATCH", "/v1/sources/main", R"({"interval":null})").contains("interval") ==
          false);
  w.call(400, "PATCH", "/v1/sources/main", R"({"id":"other"})");
  w.call(400, "PATCH", "/v1/sources/main", R"({"intervall":1})");
  REQUIRE(w.call(200, "PATCH", "/v1/sources/main", R"({"paused":true})")["state"] == "paused");
  auto const told = w.get("/v1/sources/main/explain");
  REQUIRE_THAT(told["summary"].get<std::string>(), Catch::Contains("paused"));
  REQUIRE_FALSE(told["advice"].empty());
  w.call(409, "POST", "/v1/sources/main/sync?wait=true");
  REQUIRE(w.get("/v1/sources?state=paused")["items"].size() == 1);
  REQUIRE(w.get("/v1/sources?state=failing")["items"].empty());
  REQUIRE(w.call(200, "PATCH", "/v1/sources/main", R"({"paused":false})")["state"] == "healthy");
  REQUIRE(w.call(200, "DELETE", "/v1/sources/main")["removed"] == true);
  w.call(404, "GET", "/v1/sources/main");
  w.call(404, "DELETE", "/v1/sources/main");
  w.call(200, "DELETE", "/v1/apis/billing");
  w.call(404, "GET", "/v1/apis/billing/spec");
}

TEST_CASE("a document that is none is kept out, and the source says why") {
  world w;
  w.add("main", "<html>no specification</html>");
  auto const source = w.get("/v1/sources/main");
  REQUIRE(source["state"] == "quarantined");
  REQUIRE(source["quarantine"]["reason"].is_string());
  REQUIRE_THAT(w.get("/v1/sources/main/explain")["summary"].get<std::string>(),
               Catch::Contains("kept out"));
  w.call(404, "GET", "/v1/apis/billing/spec");
  w.call(404, "POST", "/v1/sources/none/accept");
}

TEST_CASE("jobs and APIs are added, listed in pages and removed") {
  world w;
  w.add("main", document("all bills"));
  auto const job =
      w.call(201, "POST", "/v1/jobs",
             R"({"id":"nightly","sourceId":"main","schedule":"cron","cron":"0 3 * * *"})");
  REQUIRE(job["schedule"] == "cron");
  REQUIRE(job["declared"] == "api");
  w.call(404, "POST", "/v1/jobs", R"({"id":"x","sourceId":"none","interval":60000})");
  auto const page = w.get("/v1/jobs?limit=1");
  REQUIRE(page["items"].at(0)["id"] == "main");
  auto const next = w.get("/v1/jobs?limit=1&cursor=" + page["nextCursor"].get<std::string>());
  REQUIRE(next["items"].at(0)["id"] == "nightly");
  REQUIRE(next["nextCursor"].is_null());
  REQUIRE(w.call(200, "DELETE", "/v1/jobs/nightly")["removed"] == true);
  w.call(404, "GET", "/v1/jobs/nightly");

  w.call(201, "POST", "/v1/apis", R"({"id":"users","owner":"ann","labels":{"tier":"1"}})");
  w.call(409, "POST", "/v1/apis", R"({"id":"users"})");
  REQUIRE(w.get("/v1/apis?owner=ann")["items"].size() == 1);
  REQUIRE(w.get("/v1/apis?label=tier=2")["items"].empty());
  auto const patched =
      w.call(200, "PATCH", "/v1/apis/users", R"({"owner":"bob","labels":{"tier":null,"a":"b"}})");
  REQUIRE(patched["owner"] == "bob");
  REQUIRE(patched["labels"] == json{{"a", "b"}});
  w.call(404, "GET", "/v1/apis/users/spec");
  w.call(409, "DELETE", "/v1/apis/billing");
}

TEST_CASE("the engine is steered and its settings are changed") {
  world w;
  REQUIRE(w.get("/v1/status")["state"] == "running");
  REQUIRE(w.call(200, "POST", "/v1/engine/pause")["state"] == "paused");
  REQUIRE(w.call(200, "POST", "/v1/engine/pause")["state"] == "paused");
  REQUIRE(w.call(200, "POST", "/v1/engine/resume")["state"] == "running");
  REQUIRE(w.call(200, "POST", "/v1/engine/stop")["state"] == "stopped");
  w.call(409, "POST", "/v1/engine/resume");
  REQUIRE(w.call(200, "POST", "/v1/engine/start")["state"] == "running");

  auto const changed = w.call(200, "PATCH", "/v1/config", R"({"concurrency":4})");
  REQUIRE(changed["settings"]["concurrency"] == 4);
  REQUIRE(changed["settings"]["hostConcurrency"] == 2);
  w.call(400, "PATCH", "/v1/config", R"({"concurrency":0})");
  w.call(400, "PATCH", "/v1/config", R"({"concurency":4})");
  auto const replaced = w.call(200, "PUT", "/v1/config", R"({"maxRetries":5})");
  REQUIRE(replaced["settings"]["concurrency"] == 8);
  REQUIRE(replaced["settings"]["maxRetries"] == 5);
  REQUIRE(w.call(200, "PUT", "/v1/config", changed.dump())["settings"] == changed["settings"]);
}

TEST_CASE("what happened is listed, filtered and paged") {
  world w;
  w.add("main", document("all bills"));
  auto const all = w.get("/v1/events?limit=1000");
  REQUIRE(all["items"].at(0)["sequence"] == 1);
  REQUIRE(all["items"].at(0)["type"] == "engine_started");
  REQUIRE(all["items"].size() == all["sequence"]);
  auto const made = w.get("/v1/events?stream=api/billing&type=revision_added");
  REQUIRE(made["items"].size() == 1);
  REQUIRE(made["items"].at(0)["data"]["number"] == 1);
  auto const page = w.get("/v1/events?limit=2&after=1");
  REQUIRE(page["items"].at(0)["sequence"] == 2);
  auto const next = w.get("/v1/events?limit=2&cursor=" + page["nextCursor"].get<std::string>());
  REQUIRE(next["items"].at(0)["sequence"] == 4);
  REQUIRE(w.get("/v1/events?to=1999-01-01T00:00:00Z")["items"].empty());
  w.call(400, "GET", "/v1/events?from=then");
}

TEST_CASE("a stream goes on where its reader left off and follows what happens") {
  world w;
  w.add("main", document("all bills"));
  auto const head = w.get("/v1/status")["sequence"].get<std::uint64_t>();
  auto asked = world::make("GET", "/v1/events/stream");
  asked.headers.add("Last-Event-ID", std::to_string(head - 1));
  int pauses = 0;
  w.on_pause = [&] {
    if (pauses++ == 0) w.call(200, "POST", "/v1/engine/pause");
  };
  auto const answer = w.send(asked);
  REQUIRE(answer.content_type == "text/event-stream");
  listener heard;
  heard.left = 6;
  answer.stream(heard);
  REQUIRE_THAT(heard.heard, Catch::Contains("id: " + std::to_string(head) + "\n"));
  REQUIRE_THAT(heard.heard, !Catch::Contains("id: " + std::to_string(head - 1) + "\n"));
  auto const paused = heard.heard.find("event: engine_paused\ndata: {");
  REQUIRE(paused != std::string::npos);
  asked.headers.set("Last-Event-ID", "x");
  REQUIRE(w.send(asked).status == 400);
}

TEST_CASE("a silent stream shows now and then that it is there") {
  world w;
  listener heard;
  heard.left = 200;
  w.send(world::make("GET", "/v1/events/stream?type=nothing")).stream(heard);
  REQUIRE_THAT(heard.heard, Catch::Contains(": still here\n\n"));
}

TEST_CASE("health, readiness, metrics and pages are served") {
  world w;
  auto const id = w.make_conflict();
  REQUIRE(w.send(world::make("GET", "/healthz")).body == R"({"status":"ok"})");
  REQUIRE(w.get("/readyz")["status"] == "ready");
  w.unready = error{errc::io, "the disk is full", {}};
  auto const waiting = w.send(world::make("GET", "/readyz"));
  REQUIRE(waiting.status == 503);
  REQUIRE_THAT(waiting.body, Catch::Contains("the disk is full"));

  auto const metrics = w.send(world::make("GET", "/metrics"));
  REQUIRE_THAT(metrics.body, Catch::Contains("apisync_syncs_total{outcome=\"changed\"} "));
  REQUIRE_THAT(metrics.body, Catch::Contains("\napisync_open_conflicts 1\n"));
  REQUIRE_THAT(metrics.body, Catch::Contains("process_resident_memory_bytes "));
  REQUIRE_THAT(w.send(world::make("GET", "/")).body, Catch::Contains("/apis/billing"));
  REQUIRE_THAT(w.send(world::make("GET", "/apis/billing")).body, Catch::Contains("History"));
  REQUIRE_THAT(w.send(world::make("GET", "/conflicts/" + id)).body, Catch::Contains("every bill"));
  w.call(404, "GET", "/conflicts/none:1");
}

TEST_CASE("the page tells of sources that are not as their API says") {
  world w;
  w.add("main", test::document("all bills"));
  auto const page = [&](std::string_view path) { return w.send(world::make("GET", path)).body; };
  REQUIRE_THAT(page("/apis/billing"), !Catch::Contains("Not as the API says"));
  w.network->set("live", test::document("all bills", test::tax_path));
  w.call(201, "POST", "/v1/sources",
         R"({"id":"live","api":"billing","kind":"http","url":"https://specs.example.com/live",)"
         R"("role":"observer"})");
  w.sync("live");
  REQUIRE_THAT(page("/apis/billing"), Catch::Contains("Not as the API says") &&
                                          Catch::Contains("GET /taxes") &&
                                          Catch::Contains("/v1/apis/billing/drift"));
  REQUIRE_THAT(page("/"),
               Catch::Contains("Sources that differ") && Catch::Contains("/v1/apis/billing/drift"));
}

TEST_CASE("the service describes every route of its own, without a flaw") {
  world w;
  auto const described = w.send(world::make("GET", "/openapi.json"));
  auto const parsed = specs::parse(described.body);
  REQUIRE(parsed);
  REQUIRE(specs::recognise(*parsed->document));
  auto const flaws = specs::validate(*parsed->document);
  for (auto const& flaw : flaws)
    UNSCOPED_INFO(flaw.pointer << ": " << flaw.message);
  REQUIRE(flaws.empty());
  auto const paths = json::parse(described.body)["paths"];
  for (auto const& entry : w.routes())
    REQUIRE(paths.at(std::string{entry.path}).contains(to_lower(entry.method)));
}

TEST_CASE("a reader may look and change nothing") {
  world w;
  auto asked = world::make("POST", "/v1/engine/pause");
  asked.headers.add("Authorization", "Bearer secret-of-the-reader");
  REQUIRE(w.send(asked).status == 403);
  asked = world::make("GET", "/v1/status");
  asked.headers.add("Authorization", "Bearer secret-of-the-reader");
  REQUIRE(w.send(asked).status == 200);
}
