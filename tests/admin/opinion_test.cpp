#include "tests/admin/world.hpp"
#include "tests/support/scripted_model.hpp"

using namespace apisync;
using namespace apisync::test;

namespace {

/// The service with a model that proposes to take the incoming side, and a rule that asks it.
class model_world {
public:
  model_world() : w{model} {
    model->write(R"({"answers":[{"id":"c1","choice":"incoming","value":null,)"
                 R"("reason":"it says more","confidence":0.95}]})");
    auto config = std::make_shared<events::config>();
    config->model.emplace();
    config->model->url = "https://model.example/v1";
    config->model->model = "scripted";
    w.configure(config);
    w.call(201, "POST", "/v1/apis", R"({"id":"billing","rules":[{"action":"ai"}]})");
    id = w.make_conflict();
  }

  /// Asks until the model has said something, half a minute at most.
  json answered() const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    json found;
    do
      found = w.get("/v1/conflicts/" + id);
    while (std::chrono::steady_clock::now() < end &&
           (!found.contains("opinion") || found["opinion"]["state"] == "asking"));
    return found;
  }

  std::shared_ptr<scripted_model> model = std::make_shared<scripted_model>();
  world w;
  std::string id;
};

} // namespace

TEST_CASE("what a model proposes is shown with its checks, and can be confirmed", "[model]") {
  const model_world m;
  const auto conflict = m.answered();
  const auto& opinion = conflict.at("opinion");
  CHECK(opinion["model"] == "scripted");
  CHECK(opinion["state"] == "proposed");
  CHECK(opinion["choice"] == "incoming");
  CHECK(opinion["reason"] == "it says more");
  CHECK(opinion["confidencePercent"] == 95);
  CHECK(opinion["checks"].size() >= 5);
  const auto decided =
      m.w.call(200, "POST", "/v1/conflicts/" + m.id + "/resolve", R"({"choice":"proposal"})");
  CHECK(decided["state"] == "resolved");
  CHECK(decided["resolution"]["choice"] == "incoming");
  CHECK(decided["resolution"]["reason"] == "it says more");
  CHECK(m.w.send(world::make("GET", "/v1/apis/billing/spec")).body.find("the bills") !=
        std::string::npos);
  const auto metrics = m.w.get("/v1/metrics");
  CHECK(metrics["modelProposed"] == 1);
  CHECK(metrics["modelRequests"] == 1);
  const auto text = m.w.send(world::make("GET", "/metrics")).body;
  CHECK(text.find("apisync_model_tokens_total 120") != std::string::npos);
}

TEST_CASE("a proposal that nobody made cannot be chosen", "[model]") {
  world w{nullptr};
  const auto id = w.make_conflict();
  const auto refused =
      w.call(409, "POST", "/v1/conflicts/" + id + "/resolve", R"({"choice":"proposal"})");
  CHECK(refused["detail"].get<std::string>().find("no model") != std::string::npos);
}
