// The walk of docs/conflicts.md with the real program: conflicts are caused and settled by rule,
// over HTTP, in the dialogue; one decision is undone, the API rolled back, and the log tells it
// all.
#include "tests/system/served_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>

using namespace apisync;
using nlohmann::json;

namespace {

std::string spec(const std::string& title, const std::string& list, const std::string& create) {
  return "openapi: 3.0.3\ninfo: {title: " + title + ", version: '1'}\npaths:\n  /orders:\n" +
         "    get:\n      summary: " + list + " # told in lists\n" +
         "      responses: {'200': {description: fine}}\n" + "    post:\n      summary: " + create +
         "\n      responses: {'201': {description: made}}\n";
}

constexpr auto plain_rules = "roots: [.]\nsources:\n"
                             "  - {id: file, api: orders, file: orders.yaml, interval: 1h}\n";

/// A service with one API of one file.
class walk : public test::served_folder {
public:
  walk() {
    folder.write("orders.yaml", spec("Orders", "List", "Create"));
    folder.write("apisync.yaml", plain_rules);
    start();
    said({"source", "sync", "file", "--wait"});
  }

  /// Upstream's text and a person's, which both changed the same places.
  void disagree(const std::string& theirs, const std::string& ours) const {
    folder.write("edit.yaml", ours);
    said({"api", "edit", "orders", folder / "edit.yaml"});
    folder.write("orders.yaml", theirs);
    said({"source", "sync", "file", "--wait"});
  }

  [[nodiscard]] std::string served() const { return said({"api", "spec", "orders"}); }
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("conflicts are settled by rule, over HTTP and in a dialogue, and the log tells how",
          "[conflict]") {
  walk w;
  w.disagree(spec("Orders", "Theirs", "Theirs too"), spec("Orders", "Ours", "Ours too"));
  const auto open = w.got("/v1/conflicts")["items"];
  REQUIRE(open.size() == 2);
  const auto first = open[0]["id"].get<std::string>();

  // What it is about.
  const auto shown = w.said({"conflict", "show", first});
  CHECK(has(shown, "within    operation /paths/~1orders/"));
  CHECK(has(shown, "since revision 2 (edit)"));
  CHECK(has(shown, "what a choice changes"));
  const auto preview = w.said({"conflict", "preview", first, "--take", "incoming"});
  CHECK(has(preview, "Theirs"));
  CHECK(has(preview, "# told in lists"));

  // One over HTTP; the second person is told.
  const auto decided = w.post("/v1/conflicts/" + first + "/resolve",
                              R"({"choice":"incoming","reason":"upstream owns it"})");
  REQUIRE(decided.status == 200);
  const auto late = w.post("/v1/conflicts/" + first + "/resolve", R"({"choice":"current"})");
  CHECK(late.status == 409);
  CHECK(has(late.body, "resolved already"));

  // One in the dialogue, undone there, and decided otherwise.
  const auto dialogue = w.said({"conflict", "resolve", "-i"}, "c\n");
  CHECK(has(dialogue, "[1/1]"));
  CHECK(w.got("/v1/conflicts")["items"].empty());
  const auto second = open[1]["id"].get<std::string>();
  w.said({"conflict", "undo", second, "--reason", "too quick"});
  CHECK(w.got("/v1/conflicts")["items"].size() == 1);
  w.said({"conflict", "resolve", "--all", "--api", "orders", "--take", "current"});
  CHECK(has(w.served(), "Theirs"));
  CHECK(has(w.served(), "Ours"));

  // One by a rule that the file gets.
  w.disagree(spec("Orders by them", "Theirs", "Theirs too"), [&] {
    auto ours = w.served();
    ours.replace(ours.find("Orders"), 6, "Our orders");
    return ours;
  }());
  REQUIRE(w.got("/v1/conflicts")["items"].size() == 1);
  w.folder.write("apisync.yaml", std::string{plain_rules} +
                                     "apis:\n  - id: orders\n    rules:\n"
                                     "      - {place: descriptions, action: prefer-incoming}\n");
  w.reload();
  w.said({"source", "sync", "file", "--wait"});
  CHECK(w.got("/v1/conflicts")["items"].empty());
  const auto by_rule = w.got("/v1/conflicts?state=resolved")["items"];
  CHECK(std::any_of(by_rule.begin(), by_rule.end(), [](const json& one) {
    return one["resolution"].value("rule", "") == "rules[0]";
  }));
  CHECK(has(w.served(), "Orders by them"));

  // Back to the first text; the source's is refused from then on.
  w.said({"api", "rollback", "orders", "--to", "1"});
  w.said({"source", "sync", "file", "--wait"});
  CHECK(has(w.served(), "title: Orders,"));
  CHECK(w.end(SIGTERM) == 0);

  const auto log = test::run_program({"log", "show", "--data", w.folder / "data"}).output;
  for (const auto* told : {"conflict_opened", "conflict_resolved", "content_refused",
                           "upstream owns it", "too quick", "rules[0]"}) {
    INFO(told);
    CHECK(has(log, told));
  }
  CHECK(test::run_program({"log", "verify", "--data", w.folder / "data"}).status == 0);
}
