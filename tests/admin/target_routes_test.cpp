#include "tests/admin/world.hpp"
#include "tests/support/scripted_publisher.hpp"

using namespace apisync;
using namespace apisync::admin;
using nlohmann::json;

namespace {

/// A service with an API and a target that has its document.
class world {
public:
  world() {
    actors::house_options options;
    options.store = storage::make_memory_store();
    network->set("main", R"({"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{}})");
    options.fetcher = network;
    options.publisher = places;
    service_ = std::move(*actors::service::start(std::move(options)));
    app_ = std::make_unique<app>(*service_, access_policy{}, app_options{});
    auto config = std::make_shared<events::config>();
    auto& api = config->apis.emplace_back();
    api.id = "billing";
    auto& source = config->sources.emplace_back();
    source.id = "main";
    source.api = "billing";
    source.path = "main.json";
    auto& portal = config->targets.emplace_back();
    portal.id = "portal";
    portal.api = "billing";
    portal.path = "portal.json";
    REQUIRE(service_->configure({config, "apisync.yaml"}));
  }

  json call(int status, std::string method, std::string_view target) const {
    auto asked = test::world::make(std::move(method), target);
    const auto answer = app_->answer(asked);
    INFO(target << ": " << answer.body);
    REQUIRE(answer.status == status);
    return json::parse(answer.body);
  }

  json get(std::string_view target) const { return call(200, "GET", target); }

  /// Asks until the target has written so often, half a minute at most.
  bool reaches(int writes) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (std::chrono::steady_clock::now() < end)
      if (get("/v1/targets/portal")["writes"] == writes) return true;
    return false;
  }

  std::shared_ptr<test::scripted_fetcher> network = std::make_shared<test::scripted_fetcher>();
  std::shared_ptr<test::scripted_publisher> places = std::make_shared<test::scripted_publisher>();

private:
  std::unique_ptr<actors::service> service_;
  std::unique_ptr<app> app_;
};

} // namespace

TEST_CASE("targets are listed and shown as they are declared and as they stand") {
  const world w;
  w.call(202, "POST", "/v1/sources/main/sync");
  REQUIRE(w.reaches(1));
  const auto all = w.get("/v1/targets")["items"];
  REQUIRE(all.size() == 1);
  const auto& portal = all[0];
  CHECK(portal["id"] == "portal");
  CHECK(portal["place"] == "portal.json");
  CHECK(portal["state"] == "written");
  CHECK(portal["written"]["revision"] == 1);
  CHECK(portal["written"]["verbatim"] == true);
  CHECK(portal["lastError"].is_null());
  CHECK(w.get("/v1/status")["targets"]["written"] == 1);
  CHECK(w.get("/v1/metrics")["targetsWritten"] == 1);
  w.call(404, "GET", "/v1/targets/nobody");
}

TEST_CASE("a target is written again when somebody asks for it") {
  const world w;
  w.call(202, "POST", "/v1/sources/main/sync");
  REQUIRE(w.reaches(1));
  w.places->put("portal", "damaged");
  w.call(202, "POST", "/v1/targets/portal/write");
  REQUIRE(w.reaches(2));
  CHECK(w.places->at("portal")->find("openapi") != std::string::npos);
  CHECK(w.get("/v1/events?type=target_ordered")["items"][0]["by"] == "user:local");
  CHECK(w.call(404, "POST", "/v1/targets/nobody/write")["code"] == "not_found");
}
