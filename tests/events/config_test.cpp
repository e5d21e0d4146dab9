#include "events/config_plan.hpp"
#include "events/duration.hpp"
#include "specs/parse.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::events;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

constexpr std::string_view full = R"(
listen: 127.0.0.1:9000
data: data
roots: [., specs]
allowAddresses: loopback
tokens:
  - {name: ci, role: operate, file: tokens/ci}
settings: {concurrency: 16, interval: 30s, retryBase: 250}
apis:
  - id: billing
    title: Billing
    owner: payments
    labels: {tier: gold}
    rules:
      - {pointer: /servers, action: pin}
      - {pointer: "/paths/**", source: billing-url, action: prefer-incoming}
sources:
  - id: billing-file
    api: billing
    file: specs/billing.yaml
    interval: 10s
    watch: false
    priority: high
    maxRetries: 5
    select: {include: {paths: ["/v1/**"]}, exclude: {tags: [internal]}}
  - id: billing-url
    api: billing
    role: contributor
    http: https://example.com/openapi.json
    headers: {Authorization: "env:TOKEN", Accept: application/json}
    allowAddresses: [private]
    references: keep
    connection: {timeout: 2m, connectTimeout: 3s, stallTimeout: 20s, ca: file:tls/corp.pem,
                 certificate: env:CLIENT, key: file:tls/client.key}
  - id: orders
    api: orders
    git: {repository: https://example.com/orders.git, ref: main, path: openapi.yaml, history: 20}
    headers: {Authorization: "Bearer env:GIT_TOKEN"}
    connection: {ca: file:tls/corp.pem}
    hook: {format: gitlab, secret: [env:NEW_HOOK, file:secrets/hook]}
  - id: people
    api: notes
    manual: true
  - id: ledger
    api: ledger
    push: true
    hook: {format: standard, secret: env:LEDGER}
jobs:
  - {id: nightly, source: billing-file, cron: "0 3 * * *"}
  - {id: hourly, source: orders, interval: 1h, priority: low, maxRetries: 0}
  - {id: pushed, source: billing-url, onChange: true}
  - {id: first, source: people, once: true}
)";

config good(std::string_view text) {
  auto read = read_config(text, "apisync.yaml");
  if (!read)
    for (const auto& problem : read.error())
      UNSCOPED_INFO(render(problem));
  REQUIRE(read);
  return *read;
}

std::vector<std::string> problems(std::string_view text) {
  const auto read = read_config(text, "apisync.yaml");
  REQUIRE_FALSE(read);
  std::vector<std::string> out;
  for (const auto& problem : read.error())
    out.push_back(render(problem));
  return out;
}

std::string only_problem(std::string_view text) {
  const auto all = problems(text);
  for (const auto& problem : all)
    UNSCOPED_INFO(problem);
  REQUIRE(all.size() == 1);
  return all.front();
}

specs::parsed parse(std::string_view text) {
  return *specs::parse(text);
}

} // namespace

TEST_CASE("a configuration is read whole") {
  const auto read = good(full);
  CHECK(read.listen == "127.0.0.1:9000");
  CHECK(read.data == "data");
  CHECK(read.roots == std::vector<std::string>{".", "specs"});
  CHECK(read.allow_addresses == std::vector<std::string>{"loopback"});
  CHECK(read.tokens == std::vector{token_definition{"ci", token_role::operate, "tokens/ci"}});
  CHECK(read.settings == std::map<std::string, raw_json>{{"concurrency", {"16"}},
                                                         {"interval", {"30000"}},
                                                         {"retryBase", {"250"}}});
  CHECK(read.hash == sha256::of(full));
  const auto values = with_values({}, read.settings);
  REQUIRE(values);
  CHECK(values->interval == 30s);

  REQUIRE(read.sources.size() == 5);
  const auto& file = read.sources[0];
  CHECK(file.kind == source_kind::file);
  CHECK(file.path == "specs/billing.yaml");
  CHECK(file.interval == 10s);
  CHECK_FALSE(file.watch);
  CHECK(file.priority == events::priority::high);
  CHECK(file.max_retries == 5);
  CHECK(file.declared == declared_by::file);
  CHECK(file.select->include.paths == std::vector<std::string>{"/v1/**"});
  CHECK(file.select->exclude.tags == std::vector<std::string>{"internal"});
  CHECK(read.sources[1].headers.at("Authorization") == "env:TOKEN");
  CHECK(read.sources[1].role == source_role::contributor);
  CHECK(read.sources[1].connection == connection_definition{2min, 3s, 20s, "file:tls/corp.pem",
                                                            "env:CLIENT", "file:tls/client.key"});
  CHECK(read.sources[2].url == "https://example.com/orders.git");
  CHECK(read.sources[2].history == 20);
  CHECK(read.sources[2].headers.at("Authorization") == "Bearer env:GIT_TOKEN");
  CHECK(read.sources[2].connection->ca == "file:tls/corp.pem");
  CHECK(read.sources[2].hook ==
        hook_definition{hook_format::gitlab, {"env:NEW_HOOK", "file:secrets/hook"}});
  CHECK(read.sources[3].kind == source_kind::manual);
  CHECK(read.sources[4].kind == source_kind::push);
  CHECK(read.sources[4].hook->format == hook_format::standard);

  REQUIRE(read.jobs.size() == 4);
  CHECK(read.jobs[0].cron == "0 3 * * *");
  CHECK(read.jobs[0].max_retries == settings{}.max_retries);
  CHECK(read.jobs[1].interval == 1h);
  CHECK(read.jobs[1].max_retries == 0);
  CHECK(read.jobs[2].schedule == schedule_kind::change);
  CHECK(read.jobs[3].schedule == schedule_kind::once);
}

TEST_CASE("an API that only a source names is declared with it") {
  const auto read = good(full);
  REQUIRE(read.apis.size() == 4);
  CHECK(read.apis[0].rules.size() == 2);
  CHECK(read.apis[0].labels.at("tier") == "gold");
  CHECK(read.apis[1].id == "orders");
  CHECK(read.apis[2].id == "notes");
  CHECK(read.apis[2].declared == declared_by::file);
  CHECK(read.apis[3].id == "ledger");
}

TEST_CASE("an empty object is a configuration, in JSON too") {
  const auto read = good("{}");
  CHECK(read.listen == "127.0.0.1:8420");
  CHECK(read.sources.empty());
}

TEST_CASE("declared jobs take the retries that the file sets") {
  const auto read = good("settings: {maxRetries: 7}\n"
                         "sources: [{id: a, api: a, file: a.yaml}]\n"
                         "jobs: [{id: b, source: a, interval: 1m}]\n");
  CHECK(read.jobs[0].max_retries == 7);
}

TEST_CASE("an unknown key is named with its place and the nearest known one") {
  CHECK_THAT(only_problem("settings: {}\nlistne: x\n"),
             Contains("apisync.yaml:2:1") && Contains("'listne'") && Contains("'listen'"));
  CHECK_THAT(only_problem("settings:\n  intervall: 30s\n"),
             Contains("apisync.yaml:2:3") && Contains("did you mean 'interval'?"));
  CHECK_THAT(only_problem("sources:\n  - id: a\n    api: a\n    file: x\n    zzzzzz: 1\n"),
             Contains("apisync.yaml:5:5") && Contains("source 'a'") &&
                 Contains("known keys are id, api"));
}

TEST_CASE("a wrong type is named with what is wanted") {
  CHECK_THAT(only_problem("listen: 8420\n"), Contains("1:1") && Contains("put it in quotes"));
  CHECK_THAT(only_problem("sources: {}\n"), Contains("'sources' must be a list, not an object"));
  CHECK_THAT(only_problem("sources: [1]\n"), Contains("source must be an object, not a number"));
  CHECK_THAT(only_problem("settings: {concurrency: many}\n"), Contains("not a string"));
  CHECK_THAT(only_problem("[]"), Contains("the configuration must be an object"));
  CHECK_THAT(only_problem("sources: [{id: a, api: a, file: x, watch: sometimes}]\n"),
             Contains("true or false"));
  CHECK_THAT(only_problem("sources: [{id: a, api: a, file: x, priority: urgent}]\n"),
             Contains("high, medium, low"));
}

TEST_CASE("a value out of range is named with the range") {
  CHECK_THAT(only_problem("settings: {concurrency: 0}\n"), Contains("1 to 256"));
  CHECK_THAT(only_problem("settings:\n  interval: 500ms\n"),
             Contains("apisync.yaml:2:3") && Contains("1 second to 30 days"));
  CHECK_THAT(only_problem("settings: {retryBase: 10m, retryCap: 1m}\n"), Contains("retryCap"));
  CHECK_THAT(only_problem("sources: [{id: a, api: a, file: x, interval: 100ms}]\n"),
             Contains("1s to 30d"));
  CHECK_THAT(only_problem("listen: localhost\n"), Contains("HOST:PORT"));
  CHECK_THAT(only_problem("listen: localhost:99999\n"), Contains("HOST:PORT"));
}

TEST_CASE("settings that are wrong are all told, those that are right are not") {
  const auto all = problems("settings: {concurrency: 0, interval: 2s, lossPercent: 200}\n");
  CHECK(all.size() == 2);
}

TEST_CASE("a duplicate id is told with both places") {
  CHECK_THAT(only_problem("sources:\n  - {id: a, api: a, file: x}\n  - {id: a, api: b, file: y}\n"),
             Contains("apisync.yaml:3:6") && Contains("apisync.yaml:2:6") && Contains("'a'"));
  CHECK_THAT(only_problem("apis: [{id: a}, {id: a}]\n"), Contains("'apis'"));
}

TEST_CASE("a second source of an API must say its role, and authorities are at most one") {
  CHECK_THAT(only_problem("sources:\n  - {id: a, api: x, file: a}\n  - {id: b, api: x, file: b}\n"),
             Contains("apisync.yaml:3:5") && Contains("apisync.yaml:2:5") && Contains("'role'"));
  CHECK_THAT(only_problem("sources:\n  - {id: a, api: x, file: a}\n"
                          "  - {id: b, api: x, file: b, role: authority}\n"),
             Contains("two authorities, 'a'") && Contains("'b'"));
  good("sources:\n  - {id: a, api: x, file: a}\n  - {id: b, api: x, file: b, role: observer}\n");
}

TEST_CASE("a job must name a declared source and a schedule that is one") {
  constexpr std::string_view source = "sources: [{id: billing, api: a, file: x}]\n";
  const auto with = [&](std::string_view jobs) {
    return only_problem(std::string{source} + "jobs: [" + std::string{jobs} + "]\n");
  };
  CHECK_THAT(with("{id: j, source: biling}"), Contains("did you mean 'billing'?"));
  CHECK_THAT(with("{id: j, source: other}"), Contains("declare it"));
  CHECK_THAT(with("{id: j}"), Contains("'source' is missing"));
  CHECK_THAT(with("{id: billing, source: billing}"), Contains("by itself"));
  CHECK_THAT(with("{id: j, source: billing, cron: '61 * * * *'}"), Contains("no minute"));
  CHECK_THAT(with("{id: j, source: billing, cron: '@daily', interval: 5m}"), Contains("both"));
}

TEST_CASE("a source says in one way where its document is") {
  CHECK_THAT(only_problem("sources: [{id: a, api: a}]\n"), Contains("file, http, git, manual"));
  CHECK_THAT(only_problem("sources: [{id: a, api: a, file: x, http: 'http://x'}]\n"),
             Contains("both 'file' and 'http'"));
  CHECK_THAT(only_problem("sources: [{id: a, api: a, http: 'ftp://x'}]\n"), Contains("http://"));
  CHECK_THAT(only_problem("sources: [{id: a, api: a, git: {repository: x}}]\n"),
             Contains("'path' is missing"));
  CHECK_THAT(only_problem("sources: [{id: a, api: a, file: x, headers: {Accept: x}}]\n"),
             Contains("kind http"));
  CHECK_THAT(only_problem("sources: [{id: 'a b', api: a, file: x}]\n"), Contains("no valid id"));
}

TEST_CASE("a secret written into the configuration is refused") {
  CHECK_THAT(only_problem("sources: [{id: a, api: a, http: 'https://x', headers: {X-Api-Key: k}}]"),
             Contains("env:NAME"));
  CHECK_THAT(only_problem("sources: [{id: a, api: a, http: 'https://me:secret@x/y'}]"),
             Contains("password") && !Contains("secret@"));
}

TEST_CASE("what is wrong with how a server is spoken to is told") {
  const auto problem = [](const std::string& connection,
                          const std::string& at = "http: 'https://x'") {
    return only_problem("sources: [{id: a, api: a, " + at + ", connection: " + connection + "}]");
  };
  CHECK_THAT(problem("{ca: /etc/ssl/corp.pem}"), Contains("'ca'") && Contains("file:PATH"));
  CHECK_THAT(problem("{key: 'file:k', ca: 'file:c'}"), Contains("no 'certificate'"));
  CHECK_THAT(problem("{timeout: 11m}"), Contains("'timeout'"));
  CHECK_THAT(problem("{stallTimeout: 1500ms}"), Contains("whole seconds"));
  CHECK_THAT(problem("{proxy: x}"), Contains("unknown key 'proxy'"));
  CHECK_THAT(problem("{timeout: 1m}", "file: a.yaml"), Contains("of kind http and git"));
}

TEST_CASE("all problems are told at once, up to twenty and a count of the rest") {
  std::string text = "sources:\n";
  for (int i = 0; i < 30; ++i)
    text += "  - {id: s" + std::to_string(i) + ", api: a" + std::to_string(i) + "}\n";
  const auto all = problems(text);
  CHECK(all.size() == 21);
  CHECK_THAT(all.back(), Contains("10 more"));
}

TEST_CASE("a text that is no configuration at all is refused with its place") {
  CHECK_THAT(only_problem("{\"listen\": \"a:1\", \"listen\": \"b:1\"}"),
             Contains("apisync.yaml:1:"));
  CHECK_THAT(only_problem("listen: [\n"), Contains("apisync.yaml:"));
}

TEST_CASE("a declaration is written back in the shape it was read in") {
  for (const auto& source : good(full).sources) {
    const auto text = to_declaration_json(source);
    INFO(text);
    auto again = parse_source(parse(text).document->root(), "body");
    REQUIRE(again);
    again->declared = declared_by::file;
    CHECK(*again == source);
  }
  for (const auto& job : good(full).jobs) {
    const auto text = to_declaration_json(job);
    INFO(text);
    auto again = parse_job(parse(text).document->root(), "body", settings{});
    REQUIRE(again);
    again->declared = declared_by::file;
    CHECK(*again == job);
  }
  for (const auto& api : good(full).apis) {
    const auto text = to_declaration_json(api);
    INFO(text);
    auto again = parse_api(parse(text).document->root(), "body");
    REQUIRE(again);
    again->declared = declared_by::file;
    CHECK(*again == api);
  }
}

TEST_CASE("a posted declaration fails with one error of all problems") {
  const auto parsed = parse(R"({"id": "a", "fiel": "x"})");
  const auto source = parse_source(parsed.document->root(), "request body");
  REQUIRE_FALSE(source);
  CHECK_THAT(render(source.error()), Contains("request body:1:13") &&
                                         Contains("'api' is missing") &&
                                         Contains("did you mean 'file'?"));
  const auto job = parse(R"({"id": "j", "sourceId": "s"})");
  CHECK(parse_job(job.document->root(), "body", settings{})->source == "s");
}

TEST_CASE("a definition may be posted in the fields that it is answered in") {
  const auto source = parse(R"({"id": "g", "api": "g", "kind": "git", "url": "https://x/r.git",
                                "path": "openapi.yaml", "history": 3, "interval": 60000,
                                "maxRetries": null})");
  const auto read = parse_source(source.document->root(), "body");
  REQUIRE(read);
  CHECK(read->kind == source_kind::git);
  CHECK(read->history == 3);
  CHECK(read->interval == 1min);
  const auto no_url = parse(R"({"id": "g", "api": "g", "kind": "http"})");
  CHECK_THAT(render(parse_source(no_url.document->root(), "body").error()),
             Contains("'url' is missing"));
  const auto job = parse(R"({"id": "j", "sourceId": "g", "schedule": "once"})");
  CHECK(parse_job(job.document->root(), "body", settings{})->schedule == schedule_kind::once);
  const auto no_cron = parse(R"({"id": "j", "sourceId": "g", "schedule": "cron"})");
  CHECK_FALSE(parse_job(no_cron.document->root(), "body", settings{}));
}

TEST_CASE("posted settings are checked against the present ones") {
  settings present;
  present.retry_base = 30s;
  const auto low = parse(R"({"retryCap": "10s"})");
  CHECK_FALSE(parse_settings(low.document->root(), "body", present));
  const auto high = parse(R"({"retryCap": "40s"})");
  const auto read = parse_settings(high.document->root(), "body", present);
  REQUIRE(read);
  CHECK(read->at("retryCap").text == "40000");
}

TEST_CASE("a plan names what a file would add, change and remove") {
  auto next = good(full);
  declarations now;
  CHECK(plan(now, next).added.size() == 4 + 5 + 4);
  for (const auto& source : next.sources)
    now.sources.emplace(source.id, source);
  for (const auto& job : next.jobs)
    now.jobs.emplace(job.id, job);
  for (const auto& api : next.apis)
    now.apis.emplace(api.id, api);
  now.file_values = next.settings;
  CHECK(plan(now, next).empty());

  now.sources.at("orders").ref = "develop";
  now.sources["gone"] = now.sources.at("people");
  now.sources.at("gone").id = "gone";
  now.sources["made-by-api"] = now.sources.at("gone");
  now.sources.at("made-by-api").declared = declared_by::api;
  now.jobs.erase("first");
  now.file_values["interval"].text = "5";
  now.file_values["retryCap"].text = "5";
  CHECK(plan(now, next) ==
        config_plan{{"job/first"}, {"source/orders"}, {"source/gone"}, {"interval", "retryCap"}});
}
