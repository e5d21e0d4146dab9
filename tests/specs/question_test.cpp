#include "specs/merge.hpp"
#include "specs/question.hpp"
#include "specs/question_answer.hpp"
#include "tests/support/read_document.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace apisync;
using namespace apisync::specs;
using apisync::tests::read_document;
using nlohmann::json;

namespace {

const redaction_rules no_rules;

document_ptr spec(const std::string& summary, const std::string& more = "") {
  return read_document(R"({"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{
    "/pets":{"get":{"operationId":"list","summary":")" +
                       summary + R"(","responses":{"200":{"description":"fine"}})" + more + R"(}},
    "/far":{"get":{"summary":"far away","responses":{"200":{"description":"fine"}}}}}})");
}

/// The conflicts of a merge, as places of a question.
std::vector<contested_place> places_of(const document_ptr& base, const document_ptr& current,
                                       const document_ptr& incoming) {
  std::vector<contested_place> out;
  for (const auto& one : merge(base, current, incoming).conflicts)
    out.push_back({one.id, std::string{to_string(one.kind)}, one.pointer, one.identity, one.base,
                   one.current, one.incoming, base, current, incoming});
  return out;
}

std::string answer(const std::string& id, const std::string& choice, const std::string& value,
                   const std::string& confidence = "0.9") {
  return R"({"answers":[{"id":")" + id + R"(","choice":")" + choice + R"(","value":)" + value +
         R"(,"reason":"because","confidence":)" + confidence + "}]}";
}

const std::vector<asked_place> one_place{{"abc", "c1", true, 0}};
const std::vector<asked_place> two_places{{"abc", "c1", true, 0}, {"def", "c2", false, 0}};

} // namespace

TEST_CASE("a question has the place, its three values and what is near, and not the rest",
          "[question]") {
  const auto places = places_of(spec("list"), spec("list pets", R"(,"deprecated":true)"),
                                spec("list all", R"(,"description":"write to ann@example.com")"));
  REQUIRE(places.size() == 1);
  const auto questions = make_questions(places, no_rules);
  REQUIRE(questions.size() == 1);
  const auto& asked = questions.front();
  REQUIRE(asked.places.size() == 1);
  CHECK(asked.places[0].id == places[0].id);
  CHECK(asked.places[0].may_propose);
  CHECK(asked.places[0].withheld == 1);
  const auto told = json::parse(asked.user);
  REQUIRE(told["conflicts"].size() == 1);
  const auto& entry = told["conflicts"][0];
  CHECK(entry["id"] == "c1");
  CHECK(entry["place"] == "/paths/~1pets/get/summary");
  CHECK(entry["candidates"] ==
        json{{"base", "list"}, {"current", "list pets"}, {"incoming", "list all"}});
  CHECK(entry["around"]["at"] == "/paths/~1pets/get");
  CHECK(entry["around"]["now"]["operationId"] == "list");
  CHECK(entry["currentAlsoChanged"][0]["at"] == "/paths/~1pets/get/deprecated");
  CHECK(entry["incomingAlsoChanged"][0]["at"] == "/paths/~1pets/get/description");
  CHECK(asked.user.find("far away") == std::string::npos);
  CHECK(asked.user.find("ann@example.com") == std::string::npos);
  CHECK(json::parse(asked.schema)["properties"]["answers"]["items"]["properties"]["id"]["enum"] ==
        json{"c1"});
}

TEST_CASE("the same places give the same question", "[question]") {
  const auto ask = [] {
    return make_questions(places_of(spec("a"), spec("b"), spec("c")), no_rules).front().user;
  };
  CHECK(ask() == ask());
}

TEST_CASE("a deleted side has no candidate", "[question]") {
  auto without = read_document(R"({"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{
    "/far":{"get":{"summary":"far away","responses":{"200":{"description":"fine"}}}}}})");
  const auto places = places_of(spec("a"), without, spec("b"));
  REQUIRE_FALSE(places.empty());
  const auto asked = make_questions(places, no_rules).front();
  const auto entry = json::parse(asked.user)["conflicts"][0];
  CHECK_FALSE(entry["candidates"].contains("current"));
  CHECK(entry["candidates"].contains("incoming"));
}

TEST_CASE("a value that cannot be shown whole may only be chosen", "[question]") {
  std::string mine = "x", theirs = "y";
  mine += std::string(30'000, 'm');
  theirs += std::string(30'000, 't');
  const auto questions = make_questions(places_of(spec("a"), spec(mine), spec(theirs)), no_rules);
  REQUIRE(questions.size() == 1);
  CHECK_FALSE(questions[0].places[0].may_propose);
  CHECK(questions[0].user.size() <= question_limits{}.bytes_max);
  CHECK(questions[0].schema.find(R"("base","value"])") == std::string::npos);
  const auto small = make_questions(places_of(spec("a"), spec("b"), spec("c")), no_rules);
  CHECK(small[0].schema.find(R"("base","value"])") != std::string::npos);
}

TEST_CASE("many places are split into questions within the limits", "[question]") {
  const auto many = [](const std::string& text) {
    std::string paths;
    for (int i = 0; i < 60; ++i)
      paths += (i > 0 ? ",\"/p" : "\"/p") + std::to_string(i) + R"(":{"get":{"summary":")" + text +
               std::to_string(i) + R"(","responses":{"200":{"description":"fine"}}}})";
    return read_document(R"({"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{)" +
                         paths + "}}");
  };
  const auto places = places_of(many("a"), many(std::string(900, 'b')), many("c"));
  REQUIRE(places.size() == 60);
  const question_limits limits{8'192, 16};
  const auto questions = make_questions(places, no_rules, limits);
  std::size_t asked = 0;
  for (const auto& one : questions) {
    CHECK(one.user.size() <= limits.bytes_max);
    CHECK(one.places.size() <= limits.places_max);
    CHECK(json::parse(one.user)["conflicts"].size() == one.places.size());
    CHECK(one.places.front().alias == "c1");
    for (const auto& place : one.places)
      CHECK(place.id == places[asked++].id);
  }
  CHECK(asked == places.size());
}

TEST_CASE("marks that an answer keeps stand for the values' own texts", "[question]") {
  const auto places =
      places_of(spec("ask a@example.com"), spec("ask b@example.com"), spec("ask c@example.com"));
  const auto asked = make_questions(places, no_rules).front();
  const auto told = json::parse(asked.user)["conflicts"][0]["candidates"];
  const auto marks = shown_values(places[0], no_rules, "c1");
  CHECK(*marks.put_back(told["incoming"].get<std::string>()) == "ask c@example.com");
  CHECK(*marks.put_back(told["base"].get<std::string>()) == "ask a@example.com");
}

TEST_CASE("an answer as asked for is read", "[question]") {
  const auto read = parse_answer(answer("c1", "value", R"("{\"a\":1}")"), one_place);
  REQUIRE(read);
  REQUIRE(read->size() == 1);
  CHECK(read->front().choice == "value");
  CHECK(read->front().confidence_percent == 90);
  CHECK(read->front().problem.empty());
  CHECK(read->front().value->root().find("a").text() == "1");
  CHECK(parse_answer(" ```json\n" + answer("c1", "base", "null") + "\n``` ", one_place));
  CHECK(parse_answer(R"({"answers":[]})", one_place)->empty());
  CHECK(parse_answer(answer("c1", "current", "null", "0.799"), one_place)
            ->front()
            .confidence_percent == 79);
  CHECK(parse_answer(answer("c1", "current", "null", "1"), one_place)->front().confidence_percent ==
        100);
}

TEST_CASE("an answer that is not as asked for does not count", "[question]") {
  const std::string text = GENERATE_COPY(
      as<std::string>{}, "", "I would take the incoming one.", R"({"answers":)",
      R"({"answers":{}})", R"({"answer":[]})", R"({"answers":[],"also":1})",
      R"({"answers":[{"id":"c1","choice":"current"}]})", answer("c9", "current", "null"),
      answer("/info", "value", "\"1\""), answer("c1", "delete", "null"),
      answer("c1", "current", "null", "\"high\""), answer("c1", "current", "null", "1.5"),
      answer("c1", "current", "null", "-0.1"), answer("c1", "current", "null", "1e999"),
      "Sure! ```json\n" + answer("c1", "current", "null") + "\n```",
      answer("c1", "current", "null") + answer("c1", "incoming", "null"), R"({"answers":[1]})",
      std::string(300'000, ' ') + answer("c1", "current", "null"), std::string(5'000, '['),
      R"({"answers":[],"answers":[]})");
  INFO(text.substr(0, 100));
  CHECK_FALSE(parse_answer(text, one_place));
}

TEST_CASE("a place that is answered twice, or more of them than were asked, spoil the answer",
          "[question]") {
  const std::string one =
      R"({"id":"c1","choice":"current","value":null,"reason":"","confidence":1})";
  CHECK_FALSE(parse_answer(R"({"answers":[)" + one + ',' + one + "]}", two_places));
  CHECK_FALSE(parse_answer(R"({"answers":[)" + one + ',' + one + "]}", one_place));
}

TEST_CASE("a value where none may be given spoils that place alone", "[question]") {
  const std::string text =
      R"({"answers":[{"id":"c1","choice":"incoming","value":null,"reason":"r","confidence":1},
      {"id":"c2","choice":"value","value":"1","reason":"r","confidence":1}]})";
  const auto read = parse_answer(text, two_places);
  REQUIRE(read);
  CHECK((*read)[0].problem.empty());
  CHECK_FALSE((*read)[1].problem.empty());
  CHECK_FALSE(parse_answer(answer("c1", "value", "null"), one_place)->front().problem.empty());
  CHECK_FALSE(parse_answer(answer("c1", "value", R"("{no")"), one_place)->front().problem.empty());
  CHECK_FALSE(parse_answer(answer("c1", "current", "\"1\""), one_place)->front().problem.empty());
}
