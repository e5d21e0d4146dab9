#include "events/adaptive_interval.hpp"
#include "events/config.hpp"
#include "events/host_state.hpp"
#include "events/sync_order.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::events;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

struct sources {
  struct one {
    std::string id, api;
    std::vector<std::string> after;
  };
  std::vector<one> all;

  [[nodiscard]] result<void> check(std::string_view subject = {}) const {
    std::vector<ordered_source> out;
    for (const auto& source : all)
      out.push_back({source.id, source.api, &source.after});
    return check_order(out, subject);
  }
};

} // namespace

TEST_CASE("an order without circles is good", "[order]") {
  CHECK(sources{{{"a", "x", {}}, {"b", "y", {"a"}}, {"c", "z", {"a", "y"}}}}.check());
  CHECK(sources{}.check());
}

TEST_CASE("a circle is named", "[order]") {
  const auto checked = sources{{{"gateway", "g", {"billing"}},
                                {"billing", "b", {"orders"}},
                                {"orders", "o", {"gateway"}}}}
                           .check();
  REQUIRE_FALSE(checked);
  CHECK_THAT(checked.error().message, Contains("gateway → billing → orders → gateway"));
}

TEST_CASE("a circle through an API is named by its sources", "[order]") {
  const auto checked =
      sources{{{"gateway", "front", {"back"}}, {"one", "back", {}}, {"two", "back", {"front"}}}}
          .check();
  REQUIRE_FALSE(checked);
  CHECK_THAT(checked.error().message, Contains("gateway → two → gateway"));
}

TEST_CASE("a source that comes after its own API is a circle", "[order]") {
  const auto checked = sources{{{"one", "back", {"back"}}}}.check();
  REQUIRE_FALSE(checked);
  CHECK_THAT(checked.error().message, Contains("one → one"));
}

TEST_CASE("an unknown name is told, of the subject alone where there is one", "[order]") {
  const sources both{{{"a", "x", {"nobody"}}, {"b", "y", {"a"}}}};
  const auto checked = both.check();
  REQUIRE_FALSE(checked);
  CHECK_THAT(checked.error().message, Contains("'a' comes after 'nobody'"));
  CHECK(both.check("b"));
}

TEST_CASE("a hundred thousand sources in one chain are checked", "[order]") {
  sources chain;
  for (int i = 0; i < 100'000; ++i)
    chain.all.push_back({"s" + std::to_string(i), "a" + std::to_string(i), {}});
  for (std::size_t i = 1; i < chain.all.size(); ++i)
    chain.all[i].after = {chain.all[i - 1].id};
  CHECK(chain.check());
  chain.all[0].after = {chain.all.back().id};
  CHECK_FALSE(chain.check());
}

TEST_CASE("a configuration with a circle is refused where it stands", "[order][config]") {
  const auto read = read_config(R"(
sources:
  - {id: gateway, api: gateway, manual: true, after: [billing]}
  - {id: billing, api: billing, manual: true, after: gateway}
)",
                                "apisync.yaml");
  REQUIRE_FALSE(read);
  REQUIRE(read.error().size() == 1);
  CHECK(read.error()[0].where == "apisync.yaml:3:47");
  CHECK_THAT(read.error()[0].message, Contains("gateway → billing → gateway"));
}

TEST_CASE("the keys of the schedule read back as they were", "[config]") {
  const auto read = read_config(R"(
settings: {adaptive: true, hostRequests: 60, hostWindow: 1m, ageingPercent: 50}
sources:
  - {id: billing, api: billing, manual: true}
  - {id: gateway, api: gateway, manual: true, after: billing, adaptive: false, minInterval: 30s,
     maxInterval: 1h}
)",
                                "apisync.yaml");
  REQUIRE(read);
  const auto values = with_values({}, read->settings);
  REQUIRE(values);
  CHECK(values->adaptive);
  CHECK(values->host_requests == 60);
  const auto& source = read->sources[1];
  CHECK(source.after == std::vector<std::string>{"billing"});
  CHECK(source.adaptive == false);
  CHECK(source.max_interval == 1h);
  CHECK_THAT(to_declaration_json(source),
             Contains(R"("after":["billing"])") && Contains(R"("adaptive":false)"));
}

// -- hosts --------------------------------------------------------------------

TEST_CASE("the host of a source is that of its address", "[host]") {
  source_definition source;
  source.kind = source_kind::http;
  source.url = "https://user@Specs.Example:8443/a?b#c";
  CHECK(host_of(source) == "specs.example:8443");
  source.kind = source_kind::git;
  source.url = "git@git.example:team/specs.git";
  CHECK(host_of(source) == "git.example");
  source.url = "/srv/specs.git";
  CHECK(host_of(source).empty());
  source.url = "../a@b/c:d";
  CHECK(host_of(source).empty());
}

TEST_CASE("a credential is named by where it stands", "[host]") {
  source_definition source;
  source.headers = {{"Authorization", "env:TOKEN"}, {"Accept", "application/json"}};
  CHECK(credential_of(source) == "env:TOKEN");
  source.headers.clear();
  CHECK(credential_of(source).empty());
}

// -- adaptive intervals -------------------------------------------------------

TEST_CASE("a source that changes every hour is looked at every three minutes", "[adaptive]") {
  change_rhythm rhythm;
  timestamp at{1'700'000'000s};
  note(rhythm, at, true);
  for (int i = 0; i < 20; ++i)
    note(rhythm, at += 1h, true);
  CHECK(adapted(rhythm, at, 5min, 1min, 24h) == 3min);
}

TEST_CASE("a source that falls silent is looked at more and more rarely", "[adaptive]") {
  change_rhythm rhythm;
  timestamp at{1'700'000'000s};
  note(rhythm, at, true);
  note(rhythm, at += 20min, true);
  auto last = adapted(rhythm, at, 5min, 1min, 24h);
  CHECK(last == 1min);
  for (int day = 0; day < 30; ++day) {
    note(rhythm, at += 24h, false);
    const auto next = adapted(rhythm, at, 5min, 1min, 24h);
    CHECK(next >= last);
    last = next;
  }
  CHECK(last == 24h);
}

TEST_CASE("before the first change the usual interval is the shortest", "[adaptive]") {
  change_rhythm rhythm;
  timestamp at{1'700'000'000s};
  CHECK(adapted(rhythm, at, 5min, 1min, 24h) == 5min);
  note(rhythm, at, true);
  CHECK(adapted(rhythm, at + 1min, 5min, 1min, 24h) == 5min);
  CHECK(adapted(rhythm, at + 200h, 5min, 1min, 24h) == 10h);
}
