#include "sources/http_model.hpp"
#include "tests/actors/model_world.hpp"

using namespace apisync;
using namespace apisync::test;

namespace {

/// A model as the configuration would have it, at a server of this test.
events::model_definition definition_at(const std::string& url) {
  auto out = model_world::definition();
  out.url = url;
  out.answer_bytes = 100'000;
  out.temperature = 200;
  out.seed = 7;
  out.timeout = 300ms;
  out.allow_addresses = {"loopback"};
  return out;
}

std::shared_ptr<sources::model_client> real_client() {
  auto made = sources::make_model_client({});
  REQUIRE(made);
  return std::move(*made);
}

void check_behaviour(const model_behaviour& expected) {
  model_server server{expected.how};
  model_world w{definition_at(server.url())};
  w.sim.model().use(real_client());
  w.disagree();
  const auto open_at = w.sim.now();
  w.sim.advance(10s);
  CHECK(server.malformed() == 0);
  CHECK(server.calls() == expected.requests);
  const auto fact = w.answered();
  CHECK(fact["status"] == expected.status);
  CHECK(fact.value("failure", "") == expected.failure);
  CHECK(fact.value("requests", 0U) == expected.requests);
  if (!expected.format.empty()) CHECK(fact["format"] == expected.format);
  if (expected.status == "failed") CHECK_FALSE(fact.value("reason", "").empty());
  REQUIRE(fact["verdicts"].size() == 1);
  const auto& verdict = fact["verdicts"][0];
  CHECK(verdict["outcome"] == expected.outcome);
  CHECK(failed_check(verdict) == expected.refused_by);
  CHECK(w.stands() == expected.stands);

  const auto state = w.state();
  const bool resolved = expected.outcome == "resolved";
  CHECK(state.open.size() == (resolved ? 0 : 1));
  const auto decided = w.records("conflict_resolved");
  REQUIRE(decided.size() == (resolved ? 1 : 0));
  if (resolved) CHECK(decided[0]["question"] == fact["question"]);
  if (!resolved) {
    const auto& opinion = state.open.begin()->second->opinion;
    REQUIRE(opinion);
    CHECK(opinion->answered);
    CHECK(opinion->verdict.outcome == expected.outcome);
  }
  // The sync did not wait: it had ended before anything was asked.
  CHECK(w.records("sync_changed").back()["conflicts"] == 1);
  CHECK(open_at < w.sim.now());
}

} // namespace

TEST_CASE("whatever a model does ends in its stated outcome and event", "[model]") {
  const auto all = model_behaviours();
  CHECK(all.size() >= 50);
  for (const auto& behaviour : all) {
    INFO("the model that " << behaviour.name);
    check_behaviour(behaviour);
  }
}

TEST_CASE("a model that is not there leaves the conflict to people", "[model]") {
  std::string url;
  {
    url = model_server{[](const model_call&, const http_connection&) {}}.url();
  }
  model_behaviour down{"is not there", {}};
  model_world w{definition_at(url)};
  w.sim.model().use(real_client());
  w.disagree();
  w.sim.advance(10s);
  CHECK(w.answered()["failure"] == "unreachable");
  CHECK(w.stands() == "current");
  CHECK(w.state().open.size() == 1);
}

TEST_CASE("an address that was not allowed is not connected to", "[model]") {
  model_server server{[](const model_call&, const http_connection&) {}};
  auto model = definition_at(server.url());
  model.allow_addresses = {};
  model_world w{model};
  w.sim.model().use(real_client());
  w.disagree();
  w.sim.advance(10s);
  CHECK(w.answered()["failure"] == "unreachable");
  CHECK(w.answered()["reason"].get<std::string>().find("allow") != std::string::npos);
  CHECK(server.calls() == 0);
}
