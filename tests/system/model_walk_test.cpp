// What docs/ai.md promises, with the real program and a model behind a real endpoint.
#include "tests/support/model_server.hpp"
#include "tests/system/eventually.hpp"
#include "tests/system/served_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <atomic>
#include <optional>

using namespace apisync;
using nlohmann::json;
using test::eventually;

namespace {

constexpr auto key = "sk-walk-4f9c2a7781d3";
constexpr auto person = "jane.roe@corp.example";

std::string spec(const std::string& list) {
  return "openapi: 3.0.3\ninfo: {title: Orders, version: '1'}\npaths:\n  /orders:\n    get:\n"
         "      summary: " +
         list + "\n      description: Ask " + person +
         ".\n      responses: {'200': {description: fine}}\n";
}

/// A service with one API, of which every conflict goes to the model.
class walk : public test::served_folder {
public:
  walk() {
    folder.write("orders.yaml", spec("List"));
    folder.write("key", std::string{key} + "\n");
  }

  void configure(const std::string& endpoint, const std::string& mode) const {
    folder.write("apisync.yaml",
                 "sources:\n  - {id: file, api: orders, file: orders.yaml, watch: false, "
                 "interval: 1h}\napis:\n  - {id: orders, rules: [{action: ai}]}\nmodel: {url: '" +
                     endpoint + "', model: scripted, key: 'file:key', mode: " + mode +
                     ", allowAddresses: [loopback]}\n");
  }

  /// A person and upstream change the same place. Returns the conflict's id.
  std::string disagree(const std::string& ours, const std::string& theirs) const {
    folder.write("edit.yaml", spec(ours));
    said({"api", "edit", "orders", folder / "edit.yaml"});
    folder.write("orders.yaml", spec(theirs));
    said({"source", "sync", "file", "--wait"});
    return got("/v1/conflicts?state=all")["items"].back()["id"];
  }

  /// Waits for the model's word on a conflict.
  json opinion(const std::string& id, const std::string& state) const {
    json conflict;
    const bool there = eventually([&] {
      conflict = got("/v1/conflicts/" + id);
      return conflict.contains("opinion") && conflict["opinion"]["state"] == state;
    });
    INFO(conflict.dump(2));
    REQUIRE(there);
    return conflict;
  }
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a model is asked over kill -9, a person confirms, and a replay asks nobody", "[model]") {
  std::atomic<bool> thinks{true};
  std::optional<test::model_server> model{
      std::in_place, [&](const test::model_call& call, const test::http_connection& to) {
        if (thinks) return to.wait_for_close();
        const auto id = call.conflicts.at(0).at("id").get<std::string>();
        to.send(test::json_answer(200, test::completion(test::answer_text({{id}}))));
      }};
  walk w;
  w.configure(model->url(), "propose");
  w.start();
  w.said({"source", "sync", "file", "--wait"});
  const auto id = w.disagree("Our list", "Their list");
  REQUIRE(eventually([&] { return model->calls() == 1; }));
  CHECK(has(w.said({"api", "spec", "orders"}), "Our list")); // what is contested stays meanwhile
  CHECK(w.end(SIGKILL) == 128 + SIGKILL);

  thinks = false;
  w.start();
  const auto proposed = w.opinion(id, "proposed");
  CHECK(proposed["state"] == "open");
  CHECK(proposed["opinion"]["choice"] == "incoming");
  CHECK(has(w.said({"conflict", "show", id}), "it says more"));
  w.said({"conflict", "resolve", id, "--take", "proposal"});
  CHECK(has(w.said({"api", "spec", "orders"}), "Their list"));

  w.configure(model->url(), "auto");
  w.reload();
  const auto second = w.disagree("Our orders", "Their orders");
  const auto decided = w.opinion(second, "resolved");
  CHECK(decided["state"] == "resolved");
  CHECK(decided["resolution"]["by"] == "model:scripted");
  CHECK(has(w.said({"api", "spec", "orders"}), "Their orders"));
  const auto answered = w.got("/v1/status");
  CHECK(w.end(SIGTERM) == 0);

  // The key went to the endpoint and nowhere else; what is personal did not go there.
  CHECK(model->malformed() == 0);
  const auto requests = model->requests();
  CHECK(requests.size() >= 3);
  for (const auto& request : requests) {
    CHECK(request.headers.at("authorization") == std::string{"Bearer "} + key);
    CHECK_FALSE(has(request.body, person));
    CHECK_FALSE(has(request.body, key));
  }
  model.reset();
  const auto log = test::run_program({"log", "show", "--data", w.folder / "data"}).output;
  CHECK(has(log, "model_asked"));
  CHECK(has(log, "model_answered"));
  CHECK_FALSE(has(log, key));
  const auto past =
      test::run_program({"log", "replay", "--data", w.folder / "data", "--format", "json", "--at",
                         std::to_string(answered["sequence"].get<std::uint64_t>())});
  REQUIRE(past.status == 0);
  CHECK(json::parse(past.output)["status"] == answered);
}
