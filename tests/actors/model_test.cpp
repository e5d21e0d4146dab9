#include "actors/model_budget.hpp"
#include "events/status.hpp"
#include "tests/actors/model_world.hpp"

using namespace apisync;
using namespace apisync::test;
using nlohmann::json;

namespace {

std::string takes(const std::string& choice, double confidence = 0.9) {
  return answer_text({{"c1", choice, nullptr, confidence, "because it says more"}});
}

events::model_definition in_mode(events::model_mode mode) {
  auto out = model_world::definition();
  out.mode = mode;
  return out;
}

actors::resolve_conflicts decision(const std::string& id, const std::string& choice) {
  actors::resolve_conflicts out;
  out.api = "pets";
  out.ids = {id};
  out.choice = choice;
  out.asked.from.by = "user:ann";
  return out;
}

} // namespace

TEST_CASE("a conflict that a rule gives to the model is decided by it", "[model]") {
  model_world w;
  w.sim.model().write(takes("incoming"));
  w.disagree();
  w.sim.advance(1s);
  CHECK(w.stands() == "incoming");
  CHECK(w.state().open.empty());
  const auto asked = w.records("model_asked");
  REQUIRE(asked.size() == 1);
  CHECK(asked[0]["model"] == "scripted");
  CHECK(asked[0]["conflicts"].size() == 1);
  const auto fact = w.answered();
  CHECK(fact["question"] == asked[0]["question"]);
  CHECK(fact["promptTokens"] == 100);
  CHECK(fact["answerTokens"] == 20);
  const auto resolved = w.records("conflict_resolved");
  REQUIRE(resolved.size() == 1);
  CHECK(resolved[0]["rule"] == "rules[0]");
  CHECK(resolved[0]["reason"] == "because it says more");
  const auto revision = w.state().head();
  CHECK(revision->by == "model:scripted");
  CHECK(revision->fact.cause.author == "model:scripted");
  // What was sent and what came can be read, by hash.
  const auto prompt =
      w.sim.store().documents->load(*digest::from_hex(asked[0]["prompt"].get<std::string>()));
  REQUIRE(prompt);
  CHECK(prompt->find("#/components/schemas/Long") != std::string::npos);
  const auto text =
      w.sim.store().documents->load(*digest::from_hex(fact["answer"].get<std::string>()));
  REQUIRE(text);
  CHECK(*text == takes("incoming"));
}

TEST_CASE("without a model in the configuration, or without a rule, nothing is asked", "[model]") {
  SECTION("no model") {
    model_world w{std::nullopt};
    w.sim.model().write(takes("incoming"));
    w.disagree();
    w.sim.advance(1h);
    CHECK(w.sim.model().asked().empty());
    CHECK(w.state().open.size() == 1);
    w.configure(model_world::definition()); // now there is one
    w.sim.advance(1s);
    CHECK(w.stands() == "incoming");
  }
  SECTION("no rule") {
    model_world w;
    actors::change_api change;
    change.definition = w.state().definition;
    change.definition.rules.clear();
    REQUIRE(w.sim.change(change));
    w.disagree();
    w.sim.advance(1h);
    CHECK(w.sim.model().asked().empty());
    CHECK(w.state().open.size() == 1);
  }
}

TEST_CASE("in mode propose a person confirms", "[model]") {
  model_world w{in_mode(events::model_mode::propose)};
  w.sim.model().write(takes("incoming", 1.0));
  w.disagree();
  w.sim.advance(1s);
  CHECK(w.stands() == "current");
  const auto open = w.state().open;
  REQUIRE(open.size() == 1);
  const auto& conflict = *open.begin()->second;
  REQUIRE(conflict.opinion);
  CHECK(conflict.opinion->verdict.outcome == "proposed");
  CHECK(conflict.opinion->verdict.choice == "incoming");
  CHECK(w.sim.views().metrics().model_refused == 0);
  REQUIRE(w.sim.change(decision(conflict.detail.id, "proposal")));
  CHECK(w.stands() == "incoming");
  const auto resolved = w.records("conflict_resolved");
  REQUIRE(resolved.size() == 1);
  CHECK(resolved[0]["choice"] == "incoming");
  CHECK(resolved[0]["question"] == w.answered()["question"]);
  CHECK(w.state().head()->by == "user:ann");
}

TEST_CASE("a value that was proposed is what is confirmed", "[model]") {
  model_world w{in_mode(events::model_mode::auto_safe)};
  w.sim.model().write(
      answer_text({{"c1", "value", R"("#/components/schemas/Text")", 0.95, "neither"}}));
  w.disagree();
  w.sim.advance(1s);
  const auto state = w.state();
  REQUIRE(state.open.size() == 1);
  CHECK(failed_check(w.answered()["verdicts"][0]) == "mode");
  REQUIRE(w.sim.change(decision(state.open.begin()->first, "proposal")));
  CHECK(w.stands() == "base");
}

TEST_CASE("a proposal that there is not cannot be confirmed", "[model]") {
  model_world w;
  w.disagree(); // and no model answers
  w.sim.advance(10s);
  const auto refused = w.sim.change(decision(w.state().open.begin()->first, "proposal"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::conflict);
  CHECK(w.stands() == "current");
}

TEST_CASE("in mode auto-safe what breaks nobody counts, and the rest is proposed", "[model]") {
  model_world safe{in_mode(events::model_mode::auto_safe)};
  safe.sim.model().write(takes("incoming"));
  safe.disagree();
  safe.sim.advance(1s);
  CHECK(safe.stands() == "incoming");

  model_world breaking{in_mode(events::model_mode::auto_safe)};
  breaking.sim.model().write(takes("incoming"));
  breaking.sync(spec_with("Number"));
  breaking.sim.advance(1s);
  CHECK(breaking.stands() == "current");
  CHECK(failed_check(breaking.answered()["verdicts"][0]) == "mode");

  model_world all{in_mode(events::model_mode::auto_checked)};
  all.sim.model().write(takes("incoming"));
  all.sync(spec_with("Number")); // the source broke it: a side may be chosen
  all.sim.advance(1s);
  CHECK(all.stands() == "Number");
}

TEST_CASE("what an API's guard holds a model cannot publish", "[model]") {
  model_world w;
  actors::change_api change;
  change.definition = w.state().definition;
  change.definition.guard = events::change_level::error;
  change.definition.rules.push_back(model_world::rule("/**", events::rule_action::prefer_incoming));
  REQUIRE(w.sim.change(change));
  SECTION("though it may choose it") {
    w.sim.model().write(takes("incoming"));
  }
  SECTION("nor the rule that stands in for it") {}
  w.sync(spec_with("Number"));
  w.sim.advance(1s);
  CHECK(w.stands() == "current");
  CHECK(w.state().open.size() == 1);
}

TEST_CASE("a slow model holds up neither syncs nor people", "[model]") {
  model_world w;
  w.sim.model().write(takes("incoming"));
  w.sim.model().hold();
  w.disagree();
  w.sim.advance(1h);
  CHECK(w.sync(spec_with("Long", "list all")).outcome == events::sync_outcome::changed);
  CHECK(w.published()["paths"]["/pets"]["get"]["summary"] == "list all");
  w.edit(w.published().dump().replace(w.published().dump().find("\"Pets\""), 6, "\"Dogs\""));
  CHECK(w.state().open.size() == 1);
  w.sim.model().release();
  w.sim.advance(1s);
  // What was asked about is as it was, so that the answer counts.
  CHECK(w.stands() == "incoming");
  CHECK(w.published()["info"]["title"] == "Dogs");
  CHECK(w.sim.model().asked().size() == 1);
}

TEST_CASE("an answer about values that have moved on does not count, and they are asked about",
          "[model]") {
  model_world w;
  w.sim.model().write(takes("incoming"));
  w.sim.model().hold();
  w.disagree();
  w.sim.advance(1s);
  w.sync(spec_with("Number"));
  w.sim.model().release();
  w.sim.advance(1s);
  const auto facts = w.records("model_answered");
  REQUIRE(facts.size() == 2);
  std::vector<std::string> failed;
  for (const auto& fact : facts)
    failed.push_back(failed_check(fact["verdicts"][0]));
  CHECK(std::count(failed.begin(), failed.end(), "fresh") == 1);
  CHECK(w.stands() == "Number");
}

TEST_CASE("an answer for a conflict that a person has decided meanwhile does not count",
          "[model]") {
  model_world w;
  w.sim.model().write(takes("incoming"));
  w.sim.model().hold();
  w.disagree();
  REQUIRE(w.sim.change(decision(w.state().open.begin()->first, "current")));
  w.sim.model().release();
  w.sim.advance(1s);
  CHECK(w.stands() == "current");
  CHECK(failed_check(w.answered()["verdicts"][0]) == "fresh");
  CHECK(w.records("conflict_resolved").size() == 1);
}

TEST_CASE("what was being asked at a crash is asked again", "[model]") {
  model_world w;
  w.sim.model().write(takes("incoming"));
  w.sim.model().hold();
  w.disagree();
  w.sim.advance(1s);
  w.sim.crash();
  w.sim.model().release(); // the answer to the dead is nobody's
  w.sim.advance(1s);
  CHECK(w.stands() == "incoming");
  CHECK(w.sim.model().asked().size() == 2);
  CHECK(w.records("model_asked").size() == 2);
  CHECK(w.records("model_answered").size() == 1);
}

TEST_CASE("a model that dies is started again", "[model]") {
  model_world w;
  w.sim.model().write(takes("incoming"));
  caf::anon_send_exit(w.sim.house().entities->model(), caf::exit_reason::unhandled_exception);
  w.sim.advance(1s);
  CHECK(w.sim.views().engine().actor_failures == 1);
  w.disagree();
  w.sim.advance(1s);
  CHECK(w.stands() == "incoming");
}

TEST_CASE("the same question is answered from the log", "[model]") {
  model_world w{in_mode(events::model_mode::propose)};
  w.sim.model().write(takes("incoming"));
  w.disagree();
  w.sim.advance(1s);
  w.sync(spec_with("Text")); // the source takes it back, and that ends the conflict
  CHECK(w.state().open.empty());
  w.sim.crash(); // nothing but the log knows
  w.disagree();  // and does it again
  w.sim.advance(1s);
  const auto facts = w.records("model_answered");
  REQUIRE(facts.size() == 2);
  CHECK_FALSE(facts[0].value("repeated", false));
  CHECK(facts[1].value("repeated", false));
  CHECK(facts[1]["question"] == facts[0]["question"]);
  CHECK(facts[1]["answer"] == facts[0]["answer"]);
  CHECK(facts[1].value("requests", 0) == 0);
  CHECK(w.sim.model().asked().size() == 1);
  const auto state = w.state();
  REQUIRE(state.open.size() == 1);
  REQUIRE(state.open.begin()->second->opinion);
  CHECK(state.open.begin()->second->opinion->verdict.choice == "incoming");
  CHECK(w.sim.views().metrics().model_tokens == 120);
  CHECK(w.sim.views().metrics().model_repeated == 1);
}

TEST_CASE("where no answer is usable the rules after the one that asked decide", "[model]") {
  for (const std::string text : {"", "no idea", R"({"answers":[]})"}) {
    INFO(text);
    model_world w;
    actors::change_api change;
    change.definition = w.state().definition;
    change.definition.rules.push_back(
        model_world::rule("/components/**", events::rule_action::prefer_incoming));
    REQUIRE(w.sim.change(change));
    if (!text.empty()) w.sim.model().write(text); // else it is down
    w.disagree();
    w.sim.advance(1s);
    CHECK(w.stands() == "incoming");
    CHECK(w.state().open.empty());
    CHECK(w.answered()["verdicts"][0]["outcome"] == "fallback");
    const auto resolved = w.records("conflict_resolved");
    REQUIRE(resolved.size() == 1);
    CHECK(resolved[0]["rule"] == "rules[1]");
  }
}

TEST_CASE("the rules after the one that asked know what kind of conflict it is", "[model]") {
  model_world w;
  actors::change_api change;
  change.definition = w.state().definition;
  auto edited = model_world::rule("/**", events::rule_action::prefer_incoming);
  edited.kind = "edit/edit";
  auto deleted = model_world::rule("/**", events::rule_action::prefer_current);
  deleted.kind = "edit/delete";
  change.definition.rules.insert(change.definition.rules.end(), {edited, deleted});
  REQUIRE(w.sim.change(change));
  w.sim.model().write("no answer");
  auto without = nlohmann::json::parse(spec_with("Text"));
  without["components"]["schemas"]["Pet"]["properties"].erase("tag");
  w.sim.network().set("pets", without.dump());
  REQUIRE(w.sim.sync("pets"));
  w.sim.advance(1s);
  const auto resolved = w.records("conflict_resolved");
  REQUIRE(resolved.size() == 1);
  CHECK(resolved[0]["rule"] == "rules[2]");
  CHECK(resolved[0]["choice"] == "current");
}

TEST_CASE("what a check refuses is for people, whatever the later rules say", "[model]") {
  model_world w;
  actors::change_api change;
  change.definition = w.state().definition;
  change.definition.rules.push_back(model_world::rule("/**", events::rule_action::prefer_incoming));
  REQUIRE(w.sim.change(change));
  w.sim.model().write(takes("incoming", 0.1));
  w.disagree();
  w.sim.advance(1s);
  CHECK(w.stands() == "current");
  CHECK(w.answered()["verdicts"][0]["outcome"] == "proposed");
}

TEST_CASE("a budget that is used up sends nothing", "[model]") {
  auto model = in_mode(events::model_mode::propose);
  model.tokens_per_api = 7'000; // one question at a time
  model_world w{model};
  w.sim.model().set([](const sources::model_request&) -> sources::model_outcome {
    sources::model_text out;
    out.text = takes("incoming");
    out.prompt_tokens = 5'000;
    return out;
  });
  w.disagree();
  w.sim.advance(1s);
  CHECK(w.answered()["status"] == "answered");
  w.sync(spec_with("Number"));
  w.sim.advance(1s);
  CHECK(w.records("model_answered").back()["failure"] == "budget");
  w.sim.crash(); // a restart is no new hour
  w.sync(spec_with("Text", "other"));
  w.sync(spec_with("Long", "other again"));
  w.sim.advance(1s);
  CHECK(w.sim.model().asked().size() == 1);
  w.sim.advance(61min);
  w.sync(spec_with("Number", "other again"));
  w.sim.advance(1s);
  CHECK(w.sim.model().asked().size() == 2);
}

TEST_CASE("budgets are for one API and for all", "[model]") {
  actors::model_budget budget;
  events::model_definition limits;
  limits.tokens_per_api = 100;
  limits.tokens_per_hour = 150;
  const events::timestamp start{std::chrono::hours{1'000}};
  CHECK_FALSE(budget.reserve("a", 80, limits, start));
  CHECK(budget.reserve("a", 30, limits, start));
  CHECK(budget.reserve("b", 80, limits, start));
  CHECK_FALSE(budget.reserve("b", 70, limits, start));
  budget.settle("a", 80, 10, start);
  CHECK_FALSE(budget.reserve("a", 60, limits, start));
  budget.settle("a", 60, 0, start);
  budget.settle("b", 70, 70, start);
  CHECK(budget.reserve("b", 40, limits, start + 59min));
  CHECK_FALSE(budget.reserve("b", 40, limits, start + 61min));
  actors::model_budget later;
  later.remember("a", {{start, 90}});
  CHECK(later.reserve("a", 20, limits, start + 1min));
}

TEST_CASE("a replay asks nobody, and comes to the same", "[model]") {
  model_world w{in_mode(events::model_mode::propose)};
  w.sim.model().write(takes("base", 0.5));
  w.disagree();
  w.sim.advance(1s);
  const auto asked = w.sim.model().asked().size();
  const auto before = replay_json(w.sim.views());
  CHECK(replay_json(*w.sim.house().box->get()) == before);
  w.sim.advance(1s);
  CHECK(w.sim.model().asked().size() == asked);
  const auto metrics = json::parse(metrics_json(w.sim.views()));
  CHECK(metrics["modelRequests"] == 1);
  CHECK(metrics["modelTokens"] == 120);
  CHECK(metrics["modelProposed"] == 1);
  CHECK(metrics["modelRefused"] == 1);
  CHECK(w.sim.views().metrics().model_refused_by.at("confidence") == 1);
}

TEST_CASE("the same script gives the same records", "[model]") {
  const auto run = [] {
    model_world w;
    w.sim.model().write(takes("incoming"));
    w.disagree();
    w.sim.advance(10s);
    return w.sim.exported();
  };
  CHECK(run() == run());
}
