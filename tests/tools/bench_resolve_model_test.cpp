#include "specs/print.hpp"
#include "tests/support/model_server.hpp"
#include "tests/support/read_document.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/support/scripted_model.hpp"
#include "tools/bench.hpp"
#include "tools/bench_resolve_model.hpp"
#include "tools/cli.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <sstream>

using namespace apisync;
using namespace apisync::test;
using namespace apisync::tools;
using nlohmann::json;

namespace {

/// A document with a summary, whose second operation is as given.
specs::document_ptr spec(const std::string& summary, const std::string& other = "other") {
  return apisync::tests::read_document(
      R"({"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{
    "/a":{"get":{"summary":")" +
      summary + R"(","responses":{"200":{"description":"fine"}}}},
    "/b":{"get":{"summary":")" +
      other + R"(","responses":{"200":{"description":"fine"}}}}}})");
}

events::model_definition definition() {
  events::model_definition out;
  out.url = "https://model.example/v1";
  out.model = "scripted";
  out.mode = events::model_mode::auto_checked;
  return out;
}

std::string answers(const std::vector<json>& list) {
  auto out = json::array();
  for (auto const& one : list)
    out.push_back({{"id", one[0]},
                   {"choice", one[1]},
                   {"value", one[2]},
                   {"reason", "so"},
                   {"confidence", one[3]}});
  return json{{"answers", out}}.dump();
}

} // namespace

TEST_CASE("a model is scored against what people committed", "[bench][model]") {
  const merged_versions merge{spec("a", "b"), spec("ours", "ours"), spec("theirs", "theirs"),
                              spec("theirs", "ours")};
  scripted_model model;
  SECTION("right in one place, wrong in the other") {
    model.write(answers({{"c1", "incoming", nullptr, 0.9}, {"c2", "incoming", nullptr, 0.9}}));
    const auto score = score_merge(merge, model, definition());
    CHECK(score.conflicts == 2);
    CHECK(score.questions == 1);
    CHECK(score.answered == 2);
    CHECK(score.as_people == 1);
    CHECK(score.counted == 2);
    CHECK(score.counted_people == 1);
    CHECK(score.prompt_tokens == 100);
    CHECK(score.choices.at("incoming") == 2);
  }
  SECTION("unsure where it is wrong") {
    model.write(answers({{"c1", "incoming", nullptr, 0.9}, {"c2", "incoming", nullptr, 0.3}}));
    const auto score = score_merge(merge, model, definition());
    CHECK(score.counted == 1);
    CHECK(score.counted_people == 1);
    CHECK(score.refused.at("confidence") == 1);
  }
  SECTION("a value of its own that people wrote too") {
    model.write(answers({{"c1", "value", "\"theirs\"", 0.9}, {"c2", "value", "\"mine\"", 0.9}}));
    const auto score = score_merge(merge, model, definition());
    CHECK(score.as_people == 1);
    CHECK(score.counted == 1);
    CHECK(score.refused.at("words") == 1);
  }
  SECTION("nonsense, and nothing") {
    model.write("both are fine");
    CHECK(score_merge(merge, model, definition()).failed.at("schema") == 1);
    model.set({});
    const auto score = score_merge(merge, model, definition());
    CHECK(score.failed.at("unreachable") == 1);
    CHECK(score.answered == 0);
  }
  SECTION("lazy") {
    model.write(answers({{"c1", "current", nullptr, 0.9}}));
    CHECK(score_merge(merge, model, definition()).refused.at("schema") == 1);
  }
}

TEST_CASE("figures are shares of what was asked, and the cost by price", "[bench][model]") {
  model_score one;
  one.conflicts = 4;
  one.answered = 4;
  one.as_people = 3;
  one.counted = 2;
  one.counted_people = 2;
  one.prompt_tokens = 1'000'000;
  one.answer_tokens = 500'000;
  model_score sum;
  sum.add(one);
  sum.add(one);
  std::map<std::string, double> figures;
  for (auto const& result : results_of(sum, {2, 8}))
    figures[result.name] = result.value;
  CHECK(figures.at("model, conflicts") == 8);
  CHECK(figures.at("model, answered as people decided") == 0.75);
  CHECK(figures.at("model, counted") == 0.5);
  CHECK(figures.at("model, counted as people decided") == 1);
  CHECK(figures.at("model, cost") == 12);
}

TEST_CASE("bench resolve asks an endpoint about true merges, and prints the figures",
          "[bench][model]") {
  scratch_directory const folder;
  for (auto const* name : {"1", "2"}) {
    auto const at = [&](const std::string& version) {
      return "merges/" + std::string{name} + "/" + version + ".json";
    };
    folder.write(at("base"), specs::to_json(spec("a")->root()));
    folder.write(at("ours"), specs::to_json(spec("ours")->root()));
    folder.write(at("theirs"), specs::to_json(spec("theirs")->root()));
    folder.write(at("merged"), specs::to_json(spec(*name == '1' ? "theirs" : "ours")->root()));
  }
  model_server server{[](const model_call& call, const http_connection& to) {
    to.send(json_answer(200, call.body["model"] == "small" ? completion(answer_text({{}})) : ""));
  }};
  std::istringstream in;
  std::ostringstream out, err;
  invocation call{
      .in = in,
      .out = out,
      .err = err,
      .environment = [](const std::string&) -> std::optional<std::string> { return {}; },
      .now = [] { return events::timestamp{}; }};
  static constexpr std::array<command_group, 1> groups{add_bench};
  const std::vector<std::string> arguments{"bench",      "resolve",    "--cases", folder.path(),
                                           "--endpoint", server.url(), "--model", "small",
                                           "--format",   "json"};
  REQUIRE(run(arguments, groups, call) == exit_status::good);
  CHECK(server.calls() == 2);
  CHECK(server.malformed() == 0);
  std::map<std::string, double> figures;
  INFO(out.str());
  auto const report = json::parse(out.str());
  for (auto const& result : report["results"])
    figures[result["case"]] = result["value"];
  CHECK(figures.at("model, conflicts") == 2);
  CHECK(figures.at("model, counted") == 1);
  CHECK(figures.at("model, counted as people decided") == 0.5);
  CHECK(figures.at("model, tokens sent") == 200);
}
