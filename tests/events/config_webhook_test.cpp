#include "events/config_plan.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::events;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

config good(std::string_view text) {
  auto read = read_config(text, "apisync.yaml");
  if (!read) FAIL(render(read.error().front()));
  return *read;
}

/// The one thing that is wrong with a webhook of these keys, besides a good id, URL and secret.
std::string problem(const std::string& keys) {
  const auto read = read_config("webhooks:\n  - id: chat\n    " + keys + "\n", "apisync.yaml");
  REQUIRE_FALSE(read);
  REQUIRE(read.error().size() == 1);
  return render(read.error().front());
}

/// The same with a URL and a secret.
std::string problem_of(const std::string& keys) {
  return problem("url: https://chat.example\n    secret: env:S\n    " + keys);
}

} // namespace

TEST_CASE("a webhook is read with all its keys, and with few") {
  const auto read = good(R"(
webhooks:
  - id: team-chat
    url: https://chat.example/hooks/1
    secret: [env:NEW_SECRET, file:secrets/old]
    events: [revision_added, conflict_opened]
    level: error
    apis: billing
    owners: [payments, shop]
    allowAddresses: [private]
    timeout: 5s
    maxRetries: 3
    enabled: false
  - id: pager
    url: env:PAGER_URL
    secret: file:secrets/pager
)");
  REQUIRE(read.webhooks.size() == 2);
  const auto& chat = read.webhooks[0];
  CHECK(chat.secrets == std::vector<std::string>{"env:NEW_SECRET", "file:secrets/old"});
  CHECK(chat.events == std::vector<std::string>{"revision_added", "conflict_opened"});
  CHECK(chat.level == change_level::error);
  CHECK(chat.apis == std::vector<std::string>{"billing"});
  CHECK(chat.owners.size() == 2);
  CHECK(chat.allow_addresses == std::vector<std::string>{"private"});
  CHECK(chat.timeout == 5s);
  CHECK(chat.max_retries == 3);
  CHECK_FALSE(chat.enabled);
  const auto& pager = read.webhooks[1];
  CHECK(pager.url == "env:PAGER_URL");
  CHECK(pager.events.empty());
  CHECK(pager.timeout == 10s);
  CHECK(pager.max_retries == 10);
  CHECK(pager.enabled);
  for (const auto& webhook : read.webhooks)
    CHECK(check(webhook));
}

TEST_CASE("what a webhook cannot do without is asked for at its place") {
  CHECK_THAT(problem("secret: env:S"), Contains("apisync.yaml:2:5") && Contains("webhook 'chat'") &&
                                           Contains("'url' is missing"));
  CHECK_THAT(problem("url: https://chat.example"), Contains("'secret' is missing"));
}

TEST_CASE("a secret of a webhook is named, never written") {
  CHECK_THAT(problem("url: https://chat.example\n    secret: hunter2"),
             Contains("apisync.yaml:4:5") && Contains("env:NAME") && !Contains("hunter2"));
  CHECK_THAT(problem("url: https://chat.example\n    secret: []"), Contains("one reference"));
  CHECK_THAT(problem("url: https://chat.example\n    secret: [env:A, env:B, env:C]"),
             Contains("one reference, or two"));
  CHECK_THAT(problem("secret: env:S\n    url: https://ann:pw@chat.example"),
             Contains("user or password"));
}

TEST_CASE("wrong values of a webhook are named with what is wanted") {
  CHECK_THAT(problem("secret: env:S\n    url: ftp://chat.example"), Contains("http://"));
  CHECK_THAT(problem_of("events: [revision_aded]"), Contains("did you mean 'revision_added'?"));
  CHECK_THAT(problem_of("events: [weather]"), Contains("there are engine_started, "));
  CHECK_THAT(problem_of("events: []"), Contains("'events' is empty"));
  CHECK_THAT(problem_of("level: grave"), Contains("error, warning, info"));
  CHECK_THAT(problem_of("events: sync_failed\n    level: error"), Contains("for revision_added"));
  CHECK_THAT(problem_of("apis: ['a b']"), Contains("'a b' is not an API's id"));
  CHECK_THAT(problem_of("timeout: 2m"), Contains("1s to 1m"));
  CHECK_THAT(problem_of("maxRetries: 101"), Contains("0 to 100"));
  CHECK_THAT(problem_of("retries: 3"), Contains("unknown key 'retries'"));
}

TEST_CASE("two webhooks of one id are told with both places") {
  const auto read = read_config("webhooks:\n"
                                "  - {id: a, url: 'https://x.example', secret: 'env:S'}\n"
                                "  - {id: a, url: 'https://y.example', secret: 'env:S'}\n",
                                "apisync.yaml");
  REQUIRE_FALSE(read);
  CHECK_THAT(render(read.error().front()), Contains("apisync.yaml:3:6") &&
                                               Contains("apisync.yaml:2:6") &&
                                               Contains("'webhooks'"));
}

TEST_CASE("a plan names webhooks that a file would add, change and remove") {
  const auto next = good("webhooks:\n"
                         "  - {id: a, url: 'https://x.example', secret: 'env:S'}\n"
                         "  - {id: b, url: 'https://y.example', secret: 'env:S'}\n");
  declarations now;
  now.webhooks.emplace("b", next.webhooks[1]);
  now.webhooks.emplace("c", next.webhooks[1]);
  now.webhooks.at("b").max_retries = 1;
  const config_plan expected{{"webhook/a"}, {"webhook/b"}, {"webhook/c"}, {}};
  CHECK(plan(now, next) == expected);
}
