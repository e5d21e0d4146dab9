#include "specs/compat.hpp"
#include "specs/rule_config.hpp"
#include "tests/specs/text_document.hpp"

#include <catch2/catch.hpp>

using namespace apisync::specs;
using namespace apisync::specs::testing;

namespace {

rule_config config(const std::string& text) {
  auto made = read_rule_config(*doc(text), "rules.yaml");
  if (!made) FAIL(render(made.error()));
  return *made;
}

std::string problem(const std::string& text) {
  const auto made = read_rule_config(*doc(text), "rules.yaml");
  return made ? "none" : render(made.error());
}

/// Two operations that lose a response, and a third.
std::string api(const std::string& status) {
  const auto operation = "{'responses':{" + status + "}}";
  return "{'openapi':'3.0.3','paths':{'/a':{'get':" + operation + ",'put':" + operation +
         "},'/b':{'get':" + operation + "}}}";
}

const auto* const removed_rule = "response-success-status-removed";

compat_report judged(const std::string& rules, const std::string& as_of = "2026-06-30") {
  return judge(*doc(api("'200':{}")), *doc(api("")), {as_of, config(rules)});
}

} // namespace

TEST_CASE("levels of rules are changed, and rules turned off") {
  CHECK(judged("{}").count(severity::error) == 3);
  const auto softer = judged("{'levels':{'response-success-status-removed':'warning'}}");
  CHECK(softer.count(severity::error) == 0);
  CHECK(softer.count(severity::warning) == 3);
  CHECK(softer.verdict() == verdict::compatible);
  const auto off = judged("{'levels':{'response-success-status-removed':'off'}}");
  CHECK(off.findings.empty());
  CHECK(off.ignored.empty());
}

TEST_CASE("an exception covers a rule, an operation or a place, and says why") {
  const auto by_rule =
      judged("{'ignore':[{'rule':'response-success-status-removed','reason':'agreed'}]}");
  CHECK(by_rule.findings.empty());
  REQUIRE(by_rule.ignored.size() == 3);
  CHECK(by_rule.ignored[0].reason == "agreed");
  CHECK(by_rule.verdict() == verdict::unchanged);
  CHECK(judged("{'ignore':[{'operation':'get /a','reason':'r'}]}").findings.size() == 2);
  CHECK(judged("{'ignore':[{'operation':'* /a','reason':'r'}]}").findings.size() == 1);
  CHECK(judged("{'ignore':[{'operation':'GET /*','reason':'r'}]}").findings.size() == 1);
  CHECK(judged("{'ignore':[{'pointer':'/paths/~1a','reason':'r'}]}").findings.size() == 1);
  CHECK(judged("{'ignore':[{'pointer':'/paths/~1','reason':'r'}]}").findings.size() == 3);
  CHECK(judged("{'ignore':[{'rule':'endpoint-added','operation':'GET /a','reason':'r'}]}")
            .findings.size() == 3);
}

TEST_CASE("of a change that reaches several operations, an exception covers those it names") {
  const auto shared = [](const std::string& words) {
    const std::string body =
        "{'responses':{'200':{'content':{'a/json':{'schema':{'$ref':'#/components/schemas/S'}}}}}}";
    return "{'openapi':'3.0.3','paths':{'/a':{'get':" + body + "},'/b':{'get':" + body +
           "}},'components':{'schemas':{'S':{'type':'object'," + words + "}}}}";
  };
  const auto report = judge(
      *doc(shared("'properties':{'x':{}},'required':['x']")), *doc(shared("'required':['x']")),
      {"2026-06-30", config("{'ignore':[{'operation':'GET /a','reason':'r'}]}")});
  REQUIRE(report.findings.size() == 1);
  REQUIRE(report.ignored.size() == 1);
  REQUIRE(report.findings[0].operations.size() == 1);
  CHECK(report.findings[0].operations[0].path == "/b");
  REQUIRE(report.ignored[0].found.operations.size() == 1);
  CHECK(report.ignored[0].found.operations[0].path == "/a");
}

TEST_CASE("an exception ends with its last day, and one that matches nothing is told") {
  const auto* const rules = "{'ignore':[{'operation':'GET /a','until':'2026-06-30','reason':'r'},"
                            "{'operation':'GET /nowhere','reason':'s'}]}";
  const auto on_the_day = judged(rules);
  CHECK(on_the_day.findings.size() == 2);
  REQUIRE(on_the_day.idle.size() == 1);
  CHECK(on_the_day.idle[0].index == 1);
  CHECK_FALSE(on_the_day.idle[0].expired);
  const auto later = judged(rules, "2026-07-01");
  CHECK(later.findings.size() == 3);
  REQUIRE(later.idle.size() == 2);
  CHECK(later.idle[0].expired);
}

TEST_CASE("what breaks nobody any more asks for no higher version") {
  const auto versioned = [](const std::string& status) {
    return "{'openapi':'3.0.3','info':{'version':'1.0.0'},'paths':{'/a':{'get':{'responses':{" +
           status + "}}}}}";
  };
  const auto report = judge(*doc(versioned("'200':{}")), *doc(versioned("")),
                            {"", config("{'levels':{'response-success-status-removed':'info'}}")});
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings[0].rule == removed_rule);
}

TEST_CASE("drafts are judged where the rules say so") {
  const auto level = [](const std::string& words) {
    return "{'openapi':'3.0.3','paths':{'/a':{'get':{'x-stability-level':'alpha'," + words + "}}}}";
  };
  const auto before = level("'responses':{'200':{}}");
  const auto after = level("'responses':{}");
  const auto judged_from = [&](const std::string& word) {
    return judge(*doc(before), *doc(after), {"", config("{'stability':'" + word + "'}")})
        .count(severity::error);
  };
  CHECK(judged_from("beta") == 0);
  CHECK(judged_from("alpha") == 1);
  CHECK(judged_from("draft") == 1);
}

TEST_CASE("notice is asked for by level of stability") {
  const auto both = config("{'deprecation':{'noticeDays':90}}");
  CHECK(both.notice_days(stability::stable) == 90);
  CHECK(both.notice_days(stability::beta) == 90);
  CHECK(both.notice_days(stability::alpha) == 0);
  const auto apart = config("{'deprecation':{'noticeDays':{'stable':180,'beta':30}}}");
  CHECK(apart.notice_days(stability::stable) == 180);
  CHECK(apart.notice_days(stability::beta) == 30);
}

TEST_CASE("a file of rules that is wrong says what and where") {
  CHECK(problem("[]") == "rules.yaml:1:1: the file of rules must be an object");
  CHECK(problem("{'level':{}}") == "rules.yaml:1:2: 'level' means nothing here: there are levels, "
                                   "ignore, deprecation, stability");
  CHECK(problem("{'levels':{\n'no-such-rule':'info'}}") ==
        "rules.yaml:2:1: there is no rule 'no-such-rule'");
  CHECK(problem("{'levels':{'endpoint-added':'loud'}}").find("1:12: the level of a rule is") !=
        std::string::npos);
  CHECK(problem("{'ignore':[{'rule':'endpoint-added'}]}").find("needs a reason") !=
        std::string::npos);
  CHECK(problem("{'ignore':[{'reason':'all of it'}]}").find("would match every change") !=
        std::string::npos);
  for (const auto* wrong : {"'rule':'no'", "'operation':'/a'", "'pointer':'a'",
                            "'until':'2026-02-30'", "'rules':'x'", "'rule':1"})
    CHECK(problem("{'ignore':[{'reason':'r'," + std::string{wrong} + "}]}").find("rules.yaml:1:") ==
          0);
  for (const auto* wrong : {"-1", "'soon'", "1.5", "99999", "{'gamma':1}"})
    CHECK(problem("{'deprecation':{'noticeDays':" + std::string{wrong} + "}}")
              .find("rules.yaml:1:") == 0);
  CHECK(problem("{'stability':'ready'}").find("stability is draft") != std::string::npos);
  CHECK(problem("null") == "none");
}
