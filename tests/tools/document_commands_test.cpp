#include "tests/tools/command_line.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using apisync::test::command_line;
using nlohmann::json;

namespace {

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

std::string read(const std::string& file) {
  std::ifstream in{file};
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

constexpr auto two_operations = R"(openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /a:
    get: {summary: A, responses: {"200": {description: ok}}}
  /b:
    get: {summary: B, responses: {"200": {description: ok}}}
)";

constexpr auto one_operation = R"(openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /a:
    get: {summary: A, responses: {"200": {description: ok}}}
)";

} // namespace

TEST_CASE("a removed operation is an error, and fails when asked to") {
  directory const files;
  auto const before = files.with("old.yaml", two_operations);
  auto const after = files.with("new.yaml", one_operation);
  command_line apisync;
  REQUIRE(apisync({"diff", before, after}) == 0);
  REQUIRE(apisync.said("GET /b"));
  REQUIRE(apisync.said("breaking"));
  REQUIRE(apisync({"diff", before, after, "--fail-on", "error"}) == 1);
  REQUIRE(apisync({"diff", after, after, "--fail-on", "warning"}) == 0);
  REQUIRE(apisync({"diff", before, after, "--format", "json"}) == 0);
  auto const report = json::parse(apisync.out.str());
  REQUIRE(report["summary"]["error"] == 1);
  REQUIRE(report["changes"][0]["operations"][0]["path"] == "/b");
  REQUIRE(report["changes"][0]["operations"][0]["method"] == "GET");
  REQUIRE(report["changes"][0]["new"].empty());
  REQUIRE(report["changes"][0]["old"]["line"] > 1);
  REQUIRE(apisync({"diff", before, after, "--format", "json", "--expand"}) == 0);
  REQUIRE(json::parse(apisync.out.str())["changes"][0]["path"] == "/b");
  REQUIRE(apisync({"diff", before, after, "--format", "markdown", "-o", files.path + "/c.md"}) ==
          0);
  REQUIRE(read(files.path + "/c.md").find("## Breaking changes") != std::string::npos);
}

TEST_CASE("rules and the day decide what fails, and stale exceptions are told") {
  directory const files;
  auto const before = files.with("old.yaml", two_operations);
  auto const after = files.with("new.yaml", one_operation);
  auto const rules = files.with("rules.yaml", "ignore:\n"
                                              "  - operation: GET /b\n"
                                              "    until: 2026-12-31\n"
                                              "    reason: nobody calls it\n"
                                              "  - {rule: endpoint-added, reason: soon}\n");
  command_line apisync;
  REQUIRE(apisync({"diff", before, after, "--rules", rules, "--fail-on", "error"}) == 0);
  CHECK(apisync.complained("rules.yaml:5:5: warning: no change matches the exception (soon)"));
  CHECK(apisync.said("nobody calls it"));
  REQUIRE(apisync({"diff", "--fail-on", "error", before, after, "--rules", rules, "--as-of",
                   "2027-01-01"}) == 1);
  CHECK(apisync.complained("rules.yaml:2:5: warning: the exception's last day has passed"));
  REQUIRE(apisync({"diff", before, after, "--rules", rules, "--format", "json"}) == 0);
  auto const report = json::parse(apisync.out.str());
  CHECK(report["ignored"][0]["reason"] == "nobody calls it");
  CHECK(report["version"]["step"] == "none");
  REQUIRE(apisync({"diff", before, after, "--rules", files.with("bad.yaml", "level: {}")}) == 2);
  CHECK(apisync.complained("bad.yaml:1:1: 'level' means nothing here"));
  REQUIRE(apisync({"diff", before, after, "--as-of", "2026-02-30"}) == 2);
  CHECK(apisync.complained("--as-of must be a day"));
}

TEST_CASE("what could not be compared fails when asked to, alone or in a list") {
  directory const files;
  auto const before = files.with("old.yaml", "openapi: 3.0.3\npaths: {/a: {$ref: 'a.yaml#/A'}}\n");
  auto const after = files.with("new.yaml", "openapi: 3.0.3\npaths: {/a: {$ref: 'a.yaml#/B'}}\n");
  command_line apisync;
  CHECK(apisync({"diff", before, after, "--references", "keep", "--fail-on", "error"}) == 0);
  CHECK(apisync.said("not compared"));
  CHECK(apisync({"diff", before, after, "--references", "keep", "--fail-on",
                 "error,not-compared"}) == 1);
  CHECK(apisync({"diff", before, after, "--fail-on", "anything"}) == 2);
}

TEST_CASE("every format of a difference is written, to the output and to a file") {
  directory const files;
  auto const before = files.with("old.yaml", two_operations);
  auto const after = files.with("new.yaml", one_operation);
  command_line apisync;
  for (const std::string format : {"text", "json", "markdown", "html", "github", "sarif"}) {
    INFO(format);
    REQUIRE(apisync({"diff", before, after, "--format", format}) == 0);
    CHECK(apisync.said("api-path-removed-without-deprecation"));
    auto const file = files.path + "/" + format;
    auto const printed = apisync.out.str();
    REQUIRE(apisync({"diff", before, after, "--format", format, "-o", file}) == 0);
    CHECK(read(file) == printed);
  }
}

TEST_CASE("a file that cannot be read or parsed is wrong input, named with its place") {
  directory const files;
  auto const good = files.with("good.yaml", one_operation);
  auto const twice = files.with("twice.json", "{\"a\":1,\n\"a\":2}");
  command_line apisync;
  REQUIRE(apisync({"diff", good, files.path + "/missing.yaml"}) == 2);
  REQUIRE(apisync.complained("missing.yaml: cannot read the file"));
  REQUIRE(apisync({"diff", good, files.path}) == 2);
  REQUIRE(apisync({"diff", good, files.with("bad.json", "{\"a\":")}) == 2);
  REQUIRE(apisync.complained("bad.json:1:"));
  REQUIRE(apisync({"diff", good, twice}) == 2);
  REQUIRE(apisync.complained("twice.json:2:"));
  REQUIRE(apisync({"diff", good, twice, "--duplicates", "last"}) == 0);
}

TEST_CASE("a clean merge has both sides and a contested one ends with 1") {
  directory const files;
  auto const base = files.with("base.json", "{\n    \"a\": 1,\n    \"b\": 1\n}\n");
  auto const current = files.with("current.json", "{\n    \"a\": 2,\n    \"b\": 1\n}\n");
  auto const incoming = files.with("incoming.json", "{\n    \"a\": 1,\n    \"b\": 3\n}\n");
  auto const contested = files.with("contested.json", "{\n    \"a\": 4,\n    \"b\": 1\n}\n");
  auto const out = files.path + "/out.json";
  command_line apisync;
  REQUIRE(apisync({"merge", base, current, incoming}) == 0);
  REQUIRE(apisync.out.str() == "{\n    \"a\": 2,\n    \"b\": 3\n}\n");
  REQUIRE(apisync({"merge", base, base, incoming, "-o", out}) == 0);
  REQUIRE(read(out) == read(incoming));
  REQUIRE(apisync({"merge", base, current, contested, "-o", out, "--report", out + "r"}) == 1);
  REQUIRE(apisync.complained("conflict edit/edit at /a"));
  REQUIRE(json::parse(read(out))["a"] == 2);
  REQUIRE(json::parse(read(out + "r"))["conflicts"][0]["incoming"] == 4);
  REQUIRE(apisync({"merge", base, current, contested, "--strategy", "prefer-incoming"}) == 0);
  REQUIRE(json::parse(apisync.out.str())["a"] == 4);
  REQUIRE(apisync({"merge", base, current, incoming, "--format", "yaml"}) == 0);
  REQUIRE(apisync.out.str() == "a: 2\nb: 3\n");
  REQUIRE(apisync({"merge", files.with("empty", ""), current, current}) == 0);
}

TEST_CASE("a merge keeps the text of the current side, and takes the words of the other") {
  directory const files;
  auto const base = files.with("base.yaml", "# ours\na:   'x' # why\nb: {c: 1}\nd: 1\n");
  auto const current = files.with("current.yaml", "# ours\na:   'y' # why\nb: {c: 1}\nd: 1\n");
  auto const incoming = files.with("incoming.yaml", "a: x\nb: {c: 2}\n# new\ne:  \"3\"\nd: 1\n");
  command_line apisync;
  REQUIRE(apisync({"merge", base, current, incoming}) == 0);
  REQUIRE(apisync.out.str() == "# ours\na:   'y' # why\nb: {c: 2}\n# new\ne:  \"3\"\nd: 1\n");
}

TEST_CASE(
    "conflict markers enclose contested lines, and texts that are no specification are merged "
    "as git does it") {
  directory const files;
  auto const spec = [](const std::string& version) {
    return "openapi: 3.0.3 # o\ninfo: {title: T, version: '1'}\npaths: {}\nx-v: " + version + "\n";
  };
  auto const base = files.with("base", spec("1"));
  auto const current = files.with("current", spec("2"));
  auto const incoming = files.with("incoming", spec("3"));
  command_line apisync;
  REQUIRE(apisync({"merge", base, current, incoming, "-o", current, "--markers", "--marker-size",
                   "9", "--name", "api.yaml"}) == 1);
  REQUIRE(apisync.complained("api.yaml: conflict edit/edit at /x-v"));
  auto const head = spec("").substr(0, spec("").find("x-v"));
  REQUIRE(read(current) == head + "<<<<<<<<< current\nx-v: 2\n||||||||| base\nx-v: 1\n"
                                  "=========\nx-v: 3\n>>>>>>>>> incoming\n");

  auto const broken = files.with("broken", "a: [1\nb\nc\n");
  auto const mended = files.with("mended", "a: [1]\nb\nc\n");
  auto const other = files.with("other", "a: [1\nb\nc\nd\n");
  REQUIRE(apisync({"merge", broken, mended, other}) == 2);
  REQUIRE(apisync({"merge", broken, mended, other, "--markers"}) == 0);
  REQUIRE(apisync.out.str() == "a: [1]\nb\nc\nd\n");
  REQUIRE(apisync.complained("merged line by line"));
  REQUIRE(apisync({"merge", broken, mended, files.with("else", "a: [2\nb\nc\n"), "--markers"}) ==
          1);
  REQUIRE(apisync.said("<<<<<<< current\na: [1]\n||||||| base\na: [1\n=======\na: [2\n"
                       ">>>>>>> incoming\nb\n"));
}

TEST_CASE("validate tells sound documents from others") {
  directory const files;
  command_line apisync;
  auto const good = files.with("good.yaml", one_operation);
  REQUIRE(apisync({"validate", good}) == 0);
  REQUIRE(apisync.said("valid OpenAPI 3.0.3"));
  auto const dangling = files.with(
      "dangling.yaml",
      "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    $ref: '#/nowhere'\n");
  REQUIRE(apisync({"validate", good, dangling}) == 1);
  REQUIRE(apisync.said("#/nowhere"));
  REQUIRE(apisync({"validate", files.with("other.json", "{\"hello\":1}")}) == 1);
  REQUIRE(apisync({"validate", files.with("html", "<html>")}) != 0);
  REQUIRE(apisync({"validate", good, dangling, "--format", "json"}) == 1);
  auto const report = json::parse(apisync.out.str());
  REQUIRE(report["files"][0]["valid"] == true);
  REQUIRE(report["files"][1]["valid"] == false);
}

TEST_CASE("config check names every problem with its place") {
  directory const files;
  command_line apisync;
  auto const good = files.with("good.yaml", "sources:\n  - id: s\n    api: a\n    kind: file\n"
                                            "    path: x.yaml\n");
  CHECK(apisync({"config", "check", good}) == 0);
  auto const bad = files.with("bad.yaml", "sorces: []\n");
  REQUIRE(apisync({"config", "check", bad}) == 2);
  REQUIRE(apisync.complained("bad.yaml:1:"));
  REQUIRE(apisync({"config", "check", bad, "--format", "json"}) == 2);
  REQUIRE(json::parse(apisync.out.str())["valid"] == false);
}

TEST_CASE("validate says what to do, and where, in text and JSON") {
  directory const files;
  command_line apisync;
  auto const file =
      files.with("a.yaml", "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n"
                           "    get:\n      sumary: s\n      responses: {'200': "
                           "{description: d}}\n");
  REQUIRE(apisync({"validate", file}) == 1);
  REQUIRE(apisync.said(file + ":6:7: error: an operation has no member 'sumary'"));
  REQUIRE(apisync.said("did you mean 'summary'?"));
  REQUIRE(apisync({"validate", file, "--format", "json"}) == 1);
  auto const report = json::parse(apisync.out.str());
  auto const& problem = report["files"][0]["problems"][0];
  REQUIRE(problem["level"] == "error");
  REQUIRE(problem["rule"] == "unknown-member");
  REQUIRE(problem["pointer"] == "/paths/~1a/get/sumary");
  REQUIRE(problem["line"] == 6);
  REQUIRE(problem["column"] == 7);
  REQUIRE(problem["file"] == file);
  REQUIRE(!problem["advice"].get<std::string>().empty());
}

TEST_CASE("names given twice are refused, or read as other tools do with a warning") {
  directory const files;
  command_line apisync;
  auto const file = files.with("a.yaml", std::string{one_operation} + "x-a: 1\nx-a: 2\n");
  REQUIRE(apisync({"validate", file}) == 2);
  REQUIRE(apisync({"validate", file, "--duplicates", "last", "--format", "json"}) == 0);
  auto const report = json::parse(apisync.out.str());
  REQUIRE(report["files"][0]["problems"][0]["rule"] == "repeated-name");
  REQUIRE(report["files"][0]["problems"][0]["line"] == 7);
  REQUIRE(apisync({"diff", file, file}) == 2);
  REQUIRE(apisync({"diff", file, file, "--duplicates", "last"}) == 0);
}

TEST_CASE("limits of a call are kept to the byte") {
  directory const files;
  command_line apisync;
  auto const file = files.with("a.yaml", one_operation);
  auto const size = std::string{one_operation}.size();
  REQUIRE(apisync({"validate", file, "--max-bytes", std::to_string(size)}) == 0);
  REQUIRE(apisync({"validate", file, "--max-bytes", std::to_string(size - 1)}) == 2);
  REQUIRE(apisync({"validate", file, "--max-depth", "6"}) == 0);
  REQUIRE(apisync({"validate", file, "--max-depth", "5"}) == 2);
  REQUIRE(apisync({"validate", file, "--max-key-bytes", "11"}) == 0);
  REQUIRE(apisync({"validate", file, "--max-key-bytes", "10"}) == 2);
}

TEST_CASE("a document of several files is judged and compared as one") {
  directory const files;
  command_line apisync;
  auto const first =
      files.with("openapi.yaml", "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n"
                                 "  /a:\n    get:\n      responses: {'200': {$ref: "
                                 "'parts.yaml#/ok'}}\n");
  (void)files.with("parts.yaml",
                   "ok: {description: d, content: {application/json: {schema: {type: strin}}}}\n");
  REQUIRE(apisync({"validate", first}) == 1);
  REQUIRE(apisync.said("parts.yaml:1:60: error: 'type' must be one of"));
  (void)files.with("parts.yaml",
                   "ok: {description: d, content: {application/json: {schema: {type: string}}}}\n");
  REQUIRE(apisync({"validate", first}) == 0);
  auto const second =
      files.with("new.yaml", "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n"
                             "  /a:\n    get:\n      responses: {'200': {$ref: "
                             "'newer.yaml#/ok'}}\n");
  (void)files.with(
      "newer.yaml",
      "ok: {description: d, content: {application/json: {schema: {type: integer}}}}\n");
  REQUIRE(apisync({"diff", first, second, "--fail-on", "error"}) == 1);
  (void)files.with("parts.yaml", "ko: {}\n");
  REQUIRE(apisync({"validate", first}) == 2);
  REQUIRE(apisync.complained("the reference 'parts.yaml#/ok' cannot be followed"));
  REQUIRE(apisync({"validate", first, "--references", "keep"}) == 0);
}

TEST_CASE("files outside the document's folder are read where the call allows it") {
  directory const files;
  command_line apisync;
  std::filesystem::create_directory(files.path + "/api");
  (void)files.with("common.yaml", "ok: {description: d}\n");
  auto const first =
      files.with("api/openapi.yaml", "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n"
                                     "paths:\n  /a:\n    get:\n      responses: "
                                     "{'200': {$ref: '../common.yaml#/ok'}}\n");
  REQUIRE(apisync({"validate", first}) == 2);
  REQUIRE(apisync.complained("--root"));
  REQUIRE(apisync({"validate", first, "--root", files.path}) == 0);
}

TEST_CASE("overlays are checked, and put on what is compared") {
  directory const files;
  command_line apisync;
  auto const two = files.with("two.yaml", two_operations);
  auto const one = files.with("one.yaml", one_operation);
  auto const overlay =
      files.with("o.yaml", "overlay: 1.0.0\ninfo: {title: T, version: '1'}\nactions:\n"
                           "  - {target: \"$.paths['/b']\", remove: true}\n");
  REQUIRE(apisync({"validate", overlay}) == 0);
  REQUIRE(apisync.said("valid Overlay 1.0.0"));
  REQUIRE(apisync({"diff", two, one, "--fail-on", "error"}) == 1);
  REQUIRE(apisync({"diff", two, one, "--fail-on", "error", "--overlay", overlay}) == 0);
  REQUIRE(apisync.complained("selects nothing")); // in the one that has no /b
  auto const broken =
      files.with("b.yaml", "overlay: 1.0.0\ninfo: {title: T, version: '1'}\nactions:\n"
                           "  - {target: 'paths', remove: true}\n");
  REQUIRE(apisync({"validate", broken}) == 1);
  REQUIRE(apisync({"diff", two, one, "--overlay", broken}) == 2);
}

TEST_CASE("overlays are put on what was merged") {
  directory const files;
  command_line apisync;
  auto const base = files.with("base.yaml", two_operations);
  auto const overlay =
      files.with("o.yaml", "overlay: 1.0.0\ninfo: {title: T, version: '1'}\nactions:\n"
                           "  - {target: \"$.paths['/b']\", remove: true}\n"
                           "  - {target: \"$.paths['/z']\", remove: true}\n");
  REQUIRE(apisync({"merge", base, base, base, "--overlay", overlay}) == 0);
  REQUIRE(apisync.said("/a:"));
  REQUIRE_FALSE(apisync.said("/b:"));
  REQUIRE(apisync.complained("$.paths['/z'] selects nothing"));
  REQUIRE(apisync({"merge", base, base, base, "--markers", "--overlay", overlay}) == 2);
}
