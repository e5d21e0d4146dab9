#include "sources/signature.hpp"
#include "tests/tools/command_line.hpp"
#include "tests/tools/fake_service.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace apisync;
using apisync::test::answered;
using apisync::test::command_line;
using apisync::test::fake_service;

namespace {

constexpr auto status_json =
    R"({"state":"running","sources":{"total":2,"healthy":1,"failing":1},"jobs":{"total":2},)"
    R"("apis":{"total":1},"openConflicts":1,"quarantined":0,"oldestApi":null,)"
    R"("lastError":{"time":"2026-11-23T11:55:00Z","source":"s","code":"io","message":"no route"},)"
    R"("version":"0.1.0","sequence":7})";

struct directory {
  std::string path;
  directory() {
    auto text = (std::filesystem::temp_directory_path() / "apisync-XXXXXX").string();
    if (::mkdtemp(text.data()) == nullptr) throw std::runtime_error{"no temporary directory"};
    path = text;
  }
  directory(const directory&) = delete;
  directory& operator=(const directory&) = delete;
  ~directory() { std::filesystem::remove_all(path); }
  [[nodiscard]] std::string with(const std::string& name, const std::string& text) const {
    auto const file = path + "/" + name;
    std::ofstream{file} << text;
    return file;
  }
};

} // namespace

TEST_CASE("an answer is printed as it came, or for people") {
  fake_service service{[](const admin::request&) { return answered(status_json); }};
  command_line apisync;
  REQUIRE(apisync({"status", "--server", service.url(), "--format", "json"}) == 0);
  REQUIRE(apisync.out.str() == std::string{status_json} + "\n");
  apisync.environment["APISYNC_SERVER"] = service.url();
  REQUIRE(apisync({"status", "--at", "5"}) == 0);
  REQUIRE(apisync.said("engine      running\n"));
  REQUIRE(apisync.said("sources     2 (1 healthy, 1 failing)\n"));
  REQUIRE(apisync.said("s: no route (5m ago)"));
  REQUIRE(service.asked().back().query("at") == "5");
}

TEST_CASE("a service that is not there ends with 3 and says what to do") {
  std::string url;
  {
    fake_service const gone{[](const admin::request&) { return answered("{}"); }};
    url = gone.url();
  }
  command_line apisync;
  REQUIRE(apisync({"status", "--server", url}) == 3);
  REQUIRE(apisync.complained(url));
  REQUIRE(apisync.complained("apisync serve"));
}

TEST_CASE("problem details become the message, and their kind the exit status") {
  int status = 404;
  fake_service service{[&](const admin::request&) {
    return answered(R"({"detail":"there is no API x","code":"not_found"})", status);
  }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  REQUIRE(apisync({"api", "show", "x"}) == 2);
  REQUIRE(apisync.err.str() == "apisync: there is no API x\n");
  status = 503;
  REQUIRE(apisync({"api", "show", "x"}) == 3);
  status = 401;
  REQUIRE(apisync({"api", "show", "x"}) == 2);
  REQUIRE(apisync.complained("--token-file"));
}

TEST_CASE("what is no apisync service is not taken for one") {
  fake_service service{[](const admin::request& asked) {
    return answered("<html>", asked.target.path == "/v1/status" ? 200 : 500);
  }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  REQUIRE(apisync({"status"}) == 3);
  REQUIRE(apisync({"engine", "metrics"}) == 3);
  REQUIRE(apisync.complained("is that an apisync service?"));
}

TEST_CASE("a list is read page by page for people and one page as JSON") {
  fake_service service{[](const admin::request& asked) {
    auto const cursor = asked.query("cursor");
    return answered(
        cursor ? R"({"items":[{"id":"b","state":"failing"}],"nextCursor":null,"sequence":1})"
               : R"({"items":[{"id":"a","state":"healthy"}],"nextCursor":"n","sequence":1})");
  }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  REQUIRE(apisync({"source", "list", "--api", "x y"}) == 0);
  REQUIRE(apisync.said("\na "));
  REQUIRE(apisync.said("\nb "));
  REQUIRE(service.asked().front().query("api") == "x y");
  REQUIRE(apisync({"source", "list", "--format", "json", "--limit", "1"}) == 0);
  REQUIRE(apisync.said("\"nextCursor\":\"n\""));
  REQUIRE_FALSE(apisync.said("\"b\""));
  REQUIRE(service.asked().back().query("limit") == "1");
}

TEST_CASE("each verb sends its method, path and body") {
  directory const files;
  auto const spec = files.with("spec.yaml", "openapi: 3.1.0\n");
  struct expected {
    std::vector<std::string> line;
    std::string method, path, body;
  };
  std::vector<expected> const cases{
      {{"engine", "pause"}, "POST", "/v1/engine/pause", ""},
      {{"config", "set", "interval", "30s"}, "PATCH", "/v1/config", R"({"interval":30000})"},
      {{"config", "set", "concurrency", "4"}, "PATCH", "/v1/config", R"({"concurrency":4})"},
      {{"source", "add", "s", "--api", "a", "--file", "x.yaml", "--interval", "1m"},
       "POST",
       "/v1/sources",
       R"({"id":"s","api":"a","kind":"file","path":"x.yaml","interval":60000})"},
      {{"source", "add", "s", "--api", "a", "--git", "u", "--path", "p", "--ref", "main", "--role",
        "observer"},
       "POST",
       "/v1/sources",
       R"({"id":"s","api":"a","kind":"git","url":"u","path":"p","ref":"main","role":"observer"})"},
      {{"source", "remove", "a/b"}, "DELETE", "/v1/sources/a%2Fb", ""},
      {{"source", "pause", "s"}, "PATCH", "/v1/sources/s", R"({"paused":true})"},
      {{"source", "sync", "s", "--wait"}, "POST", "/v1/sources/s/sync", ""},
      {{"source", "explain", "s"}, "GET", "/v1/sources/s/explain", ""},
      {{"job", "add", "j", "--source", "s", "--cron", "0 6 * * *", "--priority", "high"},
       "POST",
       "/v1/jobs",
       R"({"id":"j","sourceId":"s","schedule":"cron","cron":"0 6 * * *","priority":"high"})"},
      {{"source", "add", "g", "--api", "g", "--url", "https://g/x", "--after", "s", "--after", "a"},
       "POST",
       "/v1/sources",
       R"({"id":"g","api":"g","kind":"http","url":"https://g/x","after":["s","a"]})"},
      {{"host", "list"}, "GET", "/v1/hosts", ""},
      {{"host", "show", "h:1"}, "GET", "/v1/hosts/h%3A1", ""},
      {{"host", "pause", "h"}, "POST", "/v1/hosts/h/pause", ""},
      {{"host", "resume", "h"}, "POST", "/v1/hosts/h/resume", ""},
      {{"source", "add", "s", "--api", "a", "--push"},
       "POST",
       "/v1/sources",
       R"({"id":"s","api":"a","kind":"push"})"},
      {{"source", "push", "s", spec}, "POST", "/v1/hooks/s", "openapi: 3.1.0\n"},
      {{"api", "drift", "a"}, "GET", "/v1/apis/a/drift", ""},
      {{"api", "pause", "a"}, "POST", "/v1/apis/a/pause", ""},
      {{"api", "resume", "a"}, "POST", "/v1/apis/a/resume", ""},
      {{"job", "remove", "j"}, "DELETE", "/v1/jobs/j", ""},
      {{"target", "show", "t"}, "GET", "/v1/targets/t", ""},
      {{"target", "write", "t"}, "POST", "/v1/targets/t/write", ""},
      {{"webhook", "show", "w"}, "GET", "/v1/webhooks/w", ""},
      {{"webhook", "resend", "w", "7", "9"},
       "POST",
       "/v1/webhooks/w/resend",
       R"({"events":[7,9]})"},
      {{"webhook", "resend", "w"}, "POST", "/v1/webhooks/w/resend", "{}"},
      {{"api", "edit", "a", spec}, "PUT", "/v1/apis/a/spec", "openapi: 3.1.0\n"},
      {{"api", "contributions", "a"}, "GET", "/v1/apis/a/contributions", ""},
      {{"api", "drop", "a", "--source", "s", "--preview"},
       "POST",
       "/v1/apis/a/contributions/preview",
       R"({"source":"s"})"},
      {{"api", "drop", "a", "--source", "s", "--reason", "it is gone"},
       "POST",
       "/v1/apis/a/contributions/drop",
       R"({"source":"s","reason":"it is gone"})"},
      {{"api", "rollback", "a", "--to", "3"}, "POST", "/v1/apis/a/rollback", R"({"to":3})"},
      {{"api", "spec", "a", "--revision", "2"}, "GET", "/v1/apis/a/revisions/2/spec", ""},
      {{"api", "spec", "a", "--format", "yaml"}, "GET", "/v1/apis/a/spec.yaml", ""},
      {{"conflict", "resolve", "a:1", "--take", "incoming", "--reason", "they own it"},
       "POST",
       "/v1/conflicts/a%3A1/resolve",
       R"({"choice":"incoming","reason":"they own it"})"},
      {{"conflict", "resolve", "c", "--value", "[1]"},
       "POST",
       "/v1/conflicts/c/resolve",
       R"({"choice":"value","value":[1]})"},
  };
  fake_service service{[](const admin::request&) { return answered(R"({"sequence":1})"); }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  for (auto const& one : cases) {
    INFO(one.path << " " << one.body);
    REQUIRE(apisync(one.line) == 0);
    auto const asked = service.asked().back();
    REQUIRE(asked.method == one.method);
    REQUIRE(asked.target.path == one.path);
    REQUIRE(asked.body == one.body);
    if (one.method == "PUT") REQUIRE(asked.headers.get("Content-Type") == "application/yaml");
    if (one.body.starts_with('{')) REQUIRE(asked.headers.get("Content-Type") == "application/json");
  }
}

TEST_CASE("webhooks and their dead letters are listed for people") {
  fake_service service{[](const admin::request& asked) {
    if (asked.target.path == "/v1/webhooks/chat/dead-letters")
      return answered(R"({"items":[{"event":7,"type":"revision_added","attempts":3,)"
                      R"("time":"2026-11-23T11:55:00Z","reason":"answered 503"}],)"
                      R"("nextCursor":null,"sequence":9})");
    return answered(R"({"items":[{"id":"chat","state":"failing","delivered":5,"deadLetters":1,)"
                    R"("lastSuccess":null,"nextAttempt":null,"url":"env:CHAT_URL"}],)"
                    R"("nextCursor":null,"sequence":9})");
  }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  REQUIRE(apisync({"webhook", "list"}) == 0);
  REQUIRE(apisync.said("failing"));
  REQUIRE(apisync.said("env:CHAT_URL"));
  REQUIRE(apisync({"webhook", "dead", "chat"}) == 0);
  REQUIRE(apisync.said("revision_added"));
  REQUIRE(apisync.said("answered 503"));
  REQUIRE(apisync({"webhook", "resend"}) == 2);
}

TEST_CASE("the token is sent and never printed") {
  directory const files;
  auto const token = files.with("token", "0123456789abcdef\n");
  fake_service service{[](const admin::request&) { return answered("{}", 401); }};
  command_line apisync;
  REQUIRE(apisync({"status", "--server", service.url(), "--token-file", token}) == 2);
  REQUIRE(service.asked().back().headers.get("Authorization") == "Bearer 0123456789abcdef");
  REQUIRE_FALSE(apisync.complained("0123456789"));
  REQUIRE(apisync({"status", "--token-file", files.with("two", "a b")}) == 2);
}

TEST_CASE("a sync that ended badly is bad news") {
  std::string outcome = "changed";
  fake_service service{[&](const admin::request&) {
    return answered(R"({"source":"s","outcome":")" + outcome + R"(","sequence":1})");
  }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  REQUIRE(apisync({"source", "sync", "s", "--wait"}) == 0);
  outcome = "quarantined";
  REQUIRE(apisync({"source", "sync", "s", "--wait", "--format", "json"}) == 1);
}

TEST_CASE("breaking changes end with 1 when asked to") {
  fake_service service{[](const admin::request&) {
    return answered(
        R"({"api":"a","verdict":"breaking","counts":{"error":1,"warning":0,"info":2},"changes":)"
        R"([{"rule":"api-removed","level":"error","pointer":"/paths/~1a","message":"gone",)"
        R"("operations":["GET /a"]}],"sequence":1})");
  }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  REQUIRE(apisync({"api", "diff", "a"}) == 0);
  REQUIRE(apisync.said("breaking: 1 error, 2 info"));
  REQUIRE(apisync.said("api-removed at /paths/~1a"));
  REQUIRE(apisync({"api", "diff", "a", "--fail-on", "error"}) == 1);
}

TEST_CASE("since counts back from now") {
  fake_service service{
      [](const admin::request&) { return answered(R"({"items":[],"nextCursor":null})"); }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  REQUIRE(apisync({"api", "changes", "--since", "7d", "--level", "error"}) == 0);
  REQUIRE(service.asked().back().query("since") == "2026-11-16T12:00:00.000000Z");
  REQUIRE(apisync.said("no such changes"));
}

namespace {

/// An inbox that can be decided and undone.
struct fake_inbox {
  std::vector<std::string> open;
  std::vector<std::string> decisions;
  bool many = false;

  admin::response answer(const admin::request& asked) {
    auto const& path = asked.target.segments;
    if (asked.method == "POST" && path.back() == "resolve") {
      decisions.push_back(path.at(2) + " " + asked.body);
      std::erase(open, path.at(2));
      return answered("{}");
    }
    if (asked.method == "POST") {
      open.push_back(path.at(2));
      return answered("{}");
    }
    if (path.back() == "context")
      return answered(
          R"({"around":{"kind":"operation","pointer":"/paths/~1a/get"},"current":{"revision":7,)"
          R"("cause":"sync","source":"s","by":"system","time":null,"commit":"0123456789abcdef"},)"
          R"("incoming":{"source":"side"},"choices":{"current":{"error":0,"warning":0,"info":0,)"
          R"("changes":[]},"incoming":{"error":1,"warning":0,"info":0,"changes":[{"rule":"r",)"
          R"("level":"error","pointer":"/p","message":"Gone"}]}}})");
    nlohmann::json items = nlohmann::json::array();
    for (auto const& id : open) {
      nlohmann::json one{{"id", id}, {"state", "open"}, {"current", "x"}, {"incoming", {{"y", 1}}}};
      if (many) one["places"] = {"/a", "/b"};
      items.push_back(one);
    }
    return answered(nlohmann::json{{"items", items}, {"nextCursor", nullptr}}.dump());
  }
};

} // namespace

TEST_CASE("conflicts are resolved one after the other by a person, who may change their mind") {
  fake_inbox inbox{{"a:1", "a:2", "a:3", "a:4"}, {}};
  fake_service service{[&](const admin::request& asked) { return inbox.answer(asked); }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  apisync.in.str("u\nc\nwhat\nu\nC\nv\nno json\nv\n{\"z\":3}\ns\nq\n");
  REQUIRE(apisync({"conflict", "resolve", "-i", "--api", "a"}) == 1);
  REQUIRE(inbox.open == std::vector<std::string>{"a:4", "a:1"});
  REQUIRE(inbox.decisions == std::vector<std::string>{R"(a:1 {"choice":"current"})",
                                                      R"(a:2 {"choice":"current","always":true})",
                                                      R"(a:3 {"choice":"value","value":{"z":3}})"});
  REQUIRE(apisync.said("nothing was decided yet"));
  REQUIRE(apisync.said("conflict a:1 is open again"));
  REQUIRE(apisync.said("that is not JSON"));
  REQUIRE(apisync.said("within    operation /paths/~1a/get"));
  REQUIRE(apisync.said("since revision 7 (sync of s)"));
  REQUIRE(apisync.said("commit 0123456789ab"));
  REQUIRE(apisync.said("1 error, 0 warning, 0 info\n            error  Gone"));
  REQUIRE(apisync.said("2 conflicts left open"));
  REQUIRE(service.asked().front().query("api") == "a");

  inbox.open = {"a:3"};
  apisync.in.clear();
  apisync.in.str("b\n");
  REQUIRE(apisync({"conflict", "resolve", "-i"}) == 0);
}

TEST_CASE("a question about many places has answers of its own") {
  fake_inbox inbox{{"a:1", "a:2"}, {}, true};
  fake_service service{[&](const admin::request& asked) { return inbox.answer(asked); }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  apisync.in.str("b\nr\ni\n");
  REQUIRE(apisync({"conflict", "resolve", "-i"}) == 0);
  REQUIRE(inbox.decisions ==
          std::vector<std::string>{R"(a:1 {"choice":"review"})", R"(a:2 {"choice":"incoming"})"});
  REQUIRE(apisync.said("2 places, one question\n            /a\n            /b\n"));
}

TEST_CASE("all conflicts that a filter means are resolved in one call") {
  fake_service service{
      [](const admin::request&) { return answered(R"({"resolved":["a:1","a:2"],"sequence":9})"); }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  REQUIRE(apisync({"conflict", "resolve", "--all", "--source", "s", "--pointer", "/paths/**",
                   "--take", "incoming"}) == 0);
  REQUIRE(apisync.said("2 conflicts resolved"));
  REQUIRE(service.asked().back().body ==
          R"({"choice":"incoming","source":"s","pointer":"/paths/**"})");
  REQUIRE(apisync({"conflict", "resolve", "x", "--all", "--take", "current"}) == 2);
}

TEST_CASE("a comparison is told in words, however many operations it reaches") {
  std::string operations;
  for (int i = 0; i < 7; ++i)
    operations += std::string{i > 0 ? "," : ""} + R"({"method":"GET","path":"/p)" +
                  std::to_string(i) + R"(","direction":")" + (i == 0 ? "" : "request") + R"("})";
  fake_service service{[&](const admin::request&) {
    return answered(
        R"({"api":"a","verdict":"breaking","counts":{"error":2,"warning":0,"info":1},"changes":)"
        R"([{"rule":"r","level":"error","pointer":"/p","message":"gone","operations":[)" +
        operations + R"(]}],"notCompared":[{"pointer":"/x","reason":"too deep"}],"sequence":1})");
  }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  REQUIRE(apisync({"api", "diff", "a"}) == 0);
  REQUIRE(apisync.said("breaking: 2 errors, 1 info\n"));
  REQUIRE(apisync.said("        GET /p0\n        GET /p1 (request)\n"));
  REQUIRE(apisync.said("and 2 more operations (--format json lists all)"));
  REQUIRE(apisync.said("not compared: /x: too deep\n"));
  REQUIRE_FALSE(apisync.said("{"));
}

TEST_CASE("facts have their units, and times how far they are") {
  fake_service service{[](const admin::request& asked) {
    if (asked.target.path == "/v1/config")
      return answered(R"({"settings":{"concurrency":8,"interval":30000,"documentBytes":67108864,)"
                      R"("lossPercent":50},"file":null,"fileHash":null,"sequence":7})");
    return answered(R"({"id":"j","interval":90000,"cron":"","lastDuration":54.6,"lastError":null,)"
                    R"("lastAttempt":"2026-11-23T11:59:30.123456Z"})");
  }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  REQUIRE(apisync({"config", "show"}) == 0);
  REQUIRE(apisync.said("concurrency    8\n"));
  REQUIRE(apisync.said("interval       30s\n"));
  REQUIRE(apisync.said("documentBytes  64 MiB\n"));
  REQUIRE(apisync.said("lossPercent    50 %\n"));
  REQUIRE(apisync({"job", "show", "j"}) == 0);
  REQUIRE(apisync.said("interval      1m30s\n"));
  REQUIRE(apisync.said("cron          -\n"));
  REQUIRE(apisync.said("lastDuration  54.6 ms\n"));
  REQUIRE(apisync.said("lastAttempt   2026-11-23T11:59:30Z (30s ago)\n"));
  REQUIRE(apisync({"config", "set", "interval", "30s"}) == 0);
  REQUIRE(apisync.out.str() == "interval is 30s\n");
}

TEST_CASE("a source's story is told as one") {
  fake_service service{[](const admin::request&) {
    return answered(
        R"({"id":"s","state":"failing","summary":"the last sync failed: no route",)"
        R"("facts":[{"name":"kind","value":"http"},{"name":"role","value":"observer"}],)"
        R"("advice":["look at the network"],"sequence":7})");
  }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  REQUIRE(apisync({"source", "explain", "s"}) == 0);
  REQUIRE(apisync.out.str() == "s  failing\nthe last sync failed: no route\n\nkind  http\n"
                               "role  observer\n\nWhat to do:\n  - look at the network\n");
}

TEST_CASE("trouble that is over is told as such") {
  std::string failing = "1";
  fake_service service{[&](const admin::request&) {
    return answered(R"({"state":"running","sources":{"total":1,"failing":)" + failing +
                    R"(,"quarantined":0},"lastError":{"time":"2026-11-23T11:59:30Z","source":"s",)"
                    R"("message":"no route"},"oldestApi":{"id":"a","age":75.4}})");
  }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  REQUIRE(apisync({"status"}) == 0);
  REQUIRE(apisync.said("s: no route (30s ago)\n"));
  REQUIRE(apisync.said("a, confirmed 1m15s ago\n"));
  failing = "0";
  REQUIRE(apisync({"status"}) == 0);
  REQUIRE(apisync.said("s: no route (30s ago, all sources are well by now)\n"));
}

TEST_CASE("a plan is bad news where the file would be refused") {
  directory const files;
  auto const config = files.with("apisync.yaml", "sources: []\n");
  std::string refusals;
  fake_service service{[&](const admin::request&) {
    return answered(R"({"changes":[{"action":"change","kind":"source","id":"s","fields":)"
                    R"([{"name":"interval","from":"30s"},{"name":"watch","to":false}],)"
                    R"("note":"the file takes over"}],"refusals":[)" +
                    refusals + R"(],"restart":["roots"],"sequence":7})");
  }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  REQUIRE(apisync({"config", "plan", config}) == 0);
  REQUIRE(service.asked().back().method == "POST");
  REQUIRE(service.asked().back().target.path == "/v1/config/plan");
  REQUIRE(service.asked().back().query("name") == config);
  REQUIRE(service.asked().back().body == "sources: []\n");
  REQUIRE(apisync.out.str() ==
          "~ source s\n    interval: 30s → (default)\n    watch: false\n    the file takes over\n"
          "0 to add, 1 to change, 0 to remove; nothing was applied\n"
          "takes effect when the service is started anew: roots\n");
  refusals = R"({"message":"two authorities","where":"source/s"})";
  REQUIRE(apisync({"config", "plan", config}) == 1);
  REQUIRE(apisync.complained("source/s: two authorities"));
  REQUIRE(apisync({"config", "plan", config, "--format", "json"}) == 1);
  REQUIRE(apisync({"config", "plan", files.with("bad.yaml", "sourcez: []\n")}) == 2);
  REQUIRE(apisync.complained("bad.yaml:1:1"));
}

TEST_CASE("overlays are shown, and tried from their files") {
  fake_service service{[](const admin::request& asked) {
    if (asked.method == "GET")
      return answered(R"({"api":"billing","overlays":[{"title":"Public","actions":2,)"
                      R"("document":{}}],"warnings":["overlay 'Public': nothing there"]})");
    return answered(R"({"api":"billing","warnings":[],"format":"yaml","text":"",)"
                    R"("difference":{"verdict":"breaking","summary":{"error":1,"warning":0,)"
                    R"("info":0},"changes":[{"level":"error","rule":"r","pointer":"/p",)"
                    R"("message":"gone","operations":[]}]}})");
  }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  directory const files;
  REQUIRE(apisync({"api", "overlays", "billing"}) == 0);
  REQUIRE(apisync.said("Public: 2 actions\n"));
  REQUIRE(apisync.said("nothing there"));
  auto const overlay = files.with("o.yaml", "overlay: 1.0.0\ninfo: {title: T, version: '1'}\n"
                                            "actions: [{target: $.info, remove: true}]\n");
  REQUIRE(apisync({"api", "overlays", "billing", "--try", overlay}) == 0);
  REQUIRE(apisync.said("breaking: 1 error\n"));
  REQUIRE(service.asked().back().target.path == "/v1/apis/billing/overlays/preview");
  REQUIRE(service.asked().back().body ==
          R"({"overlays":[{"overlay":"1.0.0","info":{"title":"T","version":"1"},)"
          R"("actions":[{"target":"$.info","remove":true}]}]})");
  auto const broken = files.with("b.yaml", "overlay: 1.0.0\n");
  REQUIRE(apisync({"api", "overlays", "billing", "--try", broken}) == 2);
}

TEST_CASE("a configuration is checked and planned with the files that it names") {
  fake_service service{[](const admin::request&) {
    return answered(R"({"changes":[],"restart":[],"refusals":[],"sequence":1})");
  }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  directory const files;
  (void)files.with("o.yaml", "overlay: 1.0.0\ninfo: {title: T, version: '1'}\n"
                             "actions: [{target: $.info, remove: true}]\n");
  auto const config = files.with("c.yaml", "apis:\n  - {id: billing, overlays: [o.yaml]}\n");
  REQUIRE(apisync({"config", "check", config}) == 0);
  REQUIRE(apisync({"config", "plan", config}) == 0);
  auto const sent = nlohmann::json::parse(service.asked().back().body);
  REQUIRE(sent["apis"][0]["overlays"][0]["info"]["title"] == "T");
  auto const outside = files.with("d.yaml", "apis:\n  - {id: b, overlays: [../../etc/passwd]}\n");
  REQUIRE(apisync({"config", "check", outside}) == 2);
  REQUIRE(apisync.complained("d.yaml:2:"));
}

TEST_CASE("a revision is promoted from the command line") {
  fake_service service{[](const admin::request&) {
    return answered(R"({"id":"billing","revision":9,"released":{"revision":7,"behind":2,)"
                    R"("verdict":"breaking"}})");
  }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  REQUIRE(apisync({"api", "promote", "billing", "--revision", "7", "--reason", "out"}) == 0);
  REQUIRE(apisync.said("billing: revision 7 is released; the newest is 9 (breaking)\n"));
  REQUIRE(service.asked().back().body == R"({"revision":7,"reason":"out"})");
  REQUIRE(service.asked().back().target.path == "/v1/apis/billing/promote");
}

TEST_CASE("a document is pushed as it is, signed where a secret is named") {
  directory const files;
  auto const spec = files.with("spec.yaml", "openapi: 3.1.0\n");
  auto const key = files.with("key", "ci secret\n");
  std::string said = R"({"source":"s","accepted":true,"repeated":false,"sequence":1})";
  fake_service service{[&](const admin::request&) { return answered(said); }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  REQUIRE(apisync({"source", "push", "s", spec, "--commit", "abc", "--message", "built"}) == 0);
  REQUIRE(apisync.said("the document of s is taken in"));
  auto const plain = service.asked().back();
  REQUIRE(plain.headers.get("Content-Type") == "application/yaml");
  REQUIRE(plain.query("commit") == "abc");
  REQUIRE(plain.query("message") == "built");
  REQUIRE_FALSE(plain.headers.has("webhook-signature"));

  apisync.environment["CI_SECRET"] = "ci secret";
  for (auto const& secret : {std::string{"env:CI_SECRET"}, "file:" + key}) {
    REQUIRE(apisync({"source", "push", "s", spec, "--secret", secret}) == 0);
    auto const sent = service.asked().back();
    std::string const id{sent.headers.get("webhook-id")};
    REQUIRE(sent.headers.get("webhook-timestamp") == "1795435200"); // the clock of this test
    REQUIRE(sent.headers.get("webhook-signature") ==
            sources::sign("ci secret", id,
                          std::chrono::sys_seconds{std::chrono::seconds{1795435200}}, sent.body));
  }
  REQUIRE(apisync({"source", "push", "s", spec, "--secret", "plain"}) == 2);
  REQUIRE(apisync.complained("env:NAME or file:PATH"));
  REQUIRE(apisync({"source", "push", "s", spec, "--secret", "env:NONE"}) != 0);
  said = R"({"source":"s","outcome":"quarantined","error":{"message":"no OpenAPI"},"sequence":1})";
  REQUIRE(apisync({"source", "push", "s", spec, "--wait"}) == 1);
  REQUIRE(apisync.said("no OpenAPI"));
}

TEST_CASE("the status names drift where there is any") {
  std::string drifting = R"({"observers":2,"contributors":1})";
  fake_service service{[&](const admin::request&) {
    return answered(R"({"state":"running","drifting":)" + drifting + R"(,"sequence":1})");
  }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  REQUIRE(apisync({"status"}) == 0);
  REQUIRE(apisync.said("drift       2 not as their APIs say\n"));
  drifting = R"({"observers":0,"contributors":1})"; // conflicts tell of those
  REQUIRE(apisync({"status"}) == 0);
  REQUIRE_FALSE(apisync.said("drift"));
}

TEST_CASE("drift is told source by source, and is bad news from a level on") {
  std::string sources =
      R"({"source":"server","role":"observer","state":"drifts","changed":null,"quarantined":true,)"
      R"("since":"2026-11-23T11:00:00Z","counts":{"error":0,"warning":1,"info":2},)"
      R"("changes":[{"rule":"endpoint-added","level":"info","pointer":"/paths/~1x/get",)"
      R"("message":"Endpoint added"}]},)"
      R"({"source":"side","role":"contributor","state":"agrees","changed":null,)"
      R"("quarantined":false})";
  fake_service service{[&](const admin::request&) {
    return answered(R"({"id":"a","revision":3,"sources":[)" + sources + R"(],"sequence":1})");
  }};
  command_line apisync;
  apisync.environment["APISYNC_SERVER"] = service.url();
  REQUIRE(apisync({"api", "drift", "a"}) == 0);
  REQUIRE(apisync.said("server (observer) drifts since 1h ago: 1 warning, 2 info\n"));
  REQUIRE(apisync.said("kept out"));
  REQUIRE(apisync.said("endpoint-added at /paths/~1x/get"));
  REQUIRE(apisync.said("side (contributor) agrees\n"));
  REQUIRE(apisync({"api", "drift", "a", "--fail-on", "error"}) == 0);
  REQUIRE(apisync({"api", "drift", "a", "--fail-on", "warning"}) == 1);
  REQUIRE(apisync({"api", "drift", "a", "--fail-on", "info"}) == 1);
  sources.clear();
  REQUIRE(apisync({"api", "drift", "a", "--fail-on", "info"}) == 0);
  REQUIRE(apisync.said("nothing is compared with a"));
}
