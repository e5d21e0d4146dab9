#include "specs/parse.hpp"
#include "tools/change_report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <regex>
#include <set>

using namespace apisync;
using nlohmann::json;

namespace {

specs::document_ptr parsed(const std::string& text) {
  auto made = specs::parse(text);
  REQUIRE(made);
  return made->document;
}

/// Two operations that share a schema, of which one loses a response; and text that every format
/// has markup of its own for.
constexpr auto before = R"(openapi: 3.0.3
info: {title: T, version: 1.4.2}
paths:
  /a:
    get: &op
      responses:
        "200": &ok
          description: ok
          content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}
        "201": *ok
  /b:
    get: *op
components:
  schemas:
    S:
      type: object
      properties:
        "<b>`%,:&'": {type: string, enum: ["<i>", "x"]}
)";

constexpr auto after = R"(openapi: 3.0.3
info: {title: T, version: 1.4.2}
paths:
  /a:
    get: &op
      responses:
        "200": &ok
          description: ok
          content: {application/json: {schema: {$ref: '#/components/schemas/S'}}}
  /b:
    get: *op
components:
  schemas:
    S:
      type: object
      properties:
        "<b>`%,:&'": {type: string, enum: ["<i>", "x", "</script>"]}
        other: {$ref: 'elsewhere.yaml#/A'}
)";

specs::compat_report sample() {
  specs::compat_options how{"2026-06-30"};
  how.rules.ignored.push_back({.rule = "response-success-status-removed",
                               .method = "GET",
                               .path = "/b",
                               .pointer = {},
                               .until = {},
                               .reason = "nobody calls it | yet",
                               .where = {}});
  auto report = specs::judge(*parsed(before), *parsed(after), how);
  report.skipped.push_back({"/paths/~1b", "a <reason>"});
  return report;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("text stands under the operations that it is about, and ends with the sum") {
  auto const report = sample();
  auto const text = tools::text_report({report, "old.yaml", "new.yaml"}, false);
  CHECK(has(text, "GET /a (response)\n  error    Response success status removed: 201\n"));
  CHECK(has(text, "GET /a (response), GET /b (response)\n"));
  CHECK(has(text, "response-success-status-removed at old.yaml:10:9 /paths/~1a/get/responses/201"));
  CHECK(has(text, "not compared /paths/~1b: a <reason>\n"));
  CHECK(has(text, "ignored response-success-status-removed at /paths/~1b/get/responses/201: "
                  "nobody calls it | yet\n"));
  CHECK(has(text, "\nbreaking: 1 error, 1 warning, "));
  CHECK(has(text, "; version step: major (2.0.0 after 1.4.2); 1 not compared\n"));
  CHECK_FALSE(has(text, "\x1b["));
  CHECK(has(tools::text_report({report, "a", "b"}, true), "\x1b["));
}

TEST_CASE("expanded text has a group for each operation") {
  auto const report = sample();
  auto const text = tools::text_report({report, "old.yaml", "new.yaml", true}, false);
  CHECK(has(text, "GET /a\n"));
  CHECK(has(text, "GET /b\n"));
  CHECK_FALSE(has(text, "GET /a (response), GET /b"));
}

TEST_CASE("nothing changed is said in a word") {
  specs::compat_report const report;
  CHECK(tools::text_report({report, "a", "b"}, false) == "unchanged\n");
  CHECK(tools::github_report({report, "a", "b"}).empty());
  CHECK(has(tools::markdown_report({report, "a", "b"}), "None."));
  CHECK(json::parse(tools::sarif_report({report, "a", "b"}, "1"))["runs"][0]["results"].empty());
  CHECK(has(tools::html_report({report, "a", "b"}), "<b>unchanged</b>"));
}

TEST_CASE("Markdown has the levels as headings, and text is no markup") {
  auto const report = sample();
  auto const text = tools::markdown_report({report, "old`.yaml", "new.yaml"});
  CHECK(has(text, "# Changes from `` old`.yaml `` to `new.yaml`"));
  CHECK(has(text, "Version step: major (2.0.0 after 1.4.2)."));
  CHECK(has(text, "\n## Breaking changes\n\n- Response success status removed: 201 "
                  "(`response-success-status-removed`)\n  - `GET /a (response)`\n"));
  CHECK(has(text, "\n## Not compared\n"));
  CHECK(has(text, "\n## Ignored\n\n"));
  CHECK(has(text, "nobody calls it \\| yet"));
  CHECK_FALSE(has(text, "</script>"));
}

TEST_CASE("annotations are commands that no text can end") {
  auto const report = sample();
  auto const text = tools::github_report({report, "old.yaml", "dir/new,1.yaml"});
  std::regex const command{"::(error|warning|notice) file=[^,:]+(,line=[0-9]+,col=[0-9]+)?,"
                           "title=[^,:]+::.*"};
  std::istringstream lines{text};
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count)
    CHECK(std::regex_match(line, command));
  CHECK(count == report.findings.size() + report.skipped.size());
  CHECK(has(text, "::error file=dir/new%2C1.yaml,title=response-success-status-removed::"));
  CHECK(has(text, "::warning file=dir/new%2C1.yaml,line=17,col=56,"
                  "title=response-property-enum-value-added::"));
  CHECK(has(text, "%25,:&'"));
}

TEST_CASE("SARIF has the shape of 2.1.0") {
  auto const report = sample();
  auto const log = json::parse(tools::sarif_report({report, "/old dir/o.yaml", "n#.yaml"}, "1.2"));
  CHECK(log["version"] == "2.1.0");
  REQUIRE(log["runs"].size() == 1);
  auto const& run = log["runs"][0];
  auto const& driver = run["tool"]["driver"];
  CHECK(driver["name"] == "apisync");
  CHECK(driver["version"] == "1.2");
  std::set<std::string> ids;
  for (auto const& rule : driver["rules"]) {
    CHECK(ids.insert(rule["id"]).second);
    CHECK(rule["shortDescription"]["text"].is_string());
  }
  REQUIRE(run["results"].size() == report.findings.size() + report.ignored.size());
  std::size_t suppressed = 0;
  for (auto const& result : run["results"]) {
    CHECK(std::set<std::string>{"error", "warning", "note"}.contains(result["level"]));
    CHECK(driver["rules"][result["ruleIndex"].get<std::size_t>()]["id"] == result["ruleId"]);
    CHECK_FALSE(result["message"]["text"].get<std::string>().empty());
    REQUIRE(result["locations"].size() == 1);
    CHECK(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "n%23.yaml");
    for (auto const& related : result.value("relatedLocations", json::array()))
      CHECK(related["physicalLocation"]["artifactLocation"]["uri"] == "file:///old%20dir/o.yaml");
    CHECK(result["partialFingerprints"].size() == 1);
    if (result.contains("suppressions")) {
      ++suppressed;
      CHECK(result["suppressions"][0]["kind"] == "external");
      CHECK(result["suppressions"][0]["justification"] == "nobody calls it | yet");
    }
  }
  CHECK(suppressed == 1);
  auto const& invocation = run["invocations"][0];
  CHECK(invocation["executionSuccessful"] == true);
  CHECK(invocation["toolExecutionNotifications"].size() == report.skipped.size());
}

TEST_CASE("a page is whole, and no text in it is markup") {
  auto const report = sample();
  auto const page = tools::html_report({report, "<old>.yaml", "new.yaml"});
  CHECK(page.starts_with("<!doctype html>"));
  CHECK(page.ends_with("</body>\n</html>\n"));
  CHECK(has(page, "default-src 'none'"));
  CHECK(has(page, "&lt;old&gt;.yaml"));
  for (auto const* raw :
       {"<b>`", "<i>\"", "</script", "<reason>", "<script", "http-equiv=\"refresh"})
    CHECK_FALSE(has(page, raw));
  // Every tag that is opened is closed.
  for (const std::string tag :
       {"section", "div", "ul", "li", "pre", "code", "details", "span", "h2"}) {
    auto const count = [&](const std::string& start) {
      std::size_t found = 0;
      for (auto at = page.find(start); at != std::string::npos; at = page.find(start, at + 1))
        ++found;
      return found;
    };
    INFO(tag);
    CHECK(count("<" + tag + ">") + count("<" + tag + " ") == count("</" + tag + ">"));
  }
}
