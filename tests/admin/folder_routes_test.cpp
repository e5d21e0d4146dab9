#include "tests/admin/world.hpp"
#include "tests/support/scripted_finder.hpp"

using namespace apisync;
using namespace apisync::admin;
using nlohmann::json;

namespace {

/// A service with two folders, of which one cannot be searched.
class world {
public:
  world() {
    actors::house_options options;
    options.store = storage::make_memory_store();
    network->set("specs.billing",
                 R"({"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{}})");
    options.fetcher = network;
    options.finder = files;
    files->put("specs", {{"specs/billing.json"},
                         {{"specs/b.json", {{}, "it is empty"}}, {"specs/c.json", {{}, ""}}},
                         {}});
    files->put("gone", {{}, {}, "there is no such directory (gone)"});
    service_ = std::move(*actors::service::start(std::move(options)));
    app_ = std::make_unique<app>(*service_, access_policy{}, app_options{});
    auto config = events::read_config("folders:\n"
                                      "  - {id: specs, files: specs, api: '{name}'}\n"
                                      "  - {id: gone, files: 'gone/*.json', api: '{name}'}\n",
                                      "apisync.yaml");
    REQUIRE(config);
    REQUIRE(service_->configure(
        {std::make_shared<events::config>(std::move(*config)), "apisync.yaml"}));
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (service_->now()->engine().searched.size() < 2 && std::chrono::steady_clock::now() < end)
      std::this_thread::yield();
  }

  json get(int status, std::string_view target) const { return json::parse(text(status, target)); }

  std::string text(int status, std::string_view target) const {
    auto asked = test::world::make("GET", target);
    const auto answer = app_->answer(asked);
    INFO(target << ": " << answer.body);
    REQUIRE(answer.status == status);
    return answer.body;
  }

private:
  std::shared_ptr<test::scripted_fetcher> network = std::make_shared<test::scripted_fetcher>();
  std::shared_ptr<test::scripted_finder> files = std::make_shared<test::scripted_finder>();
  std::unique_ptr<actors::service> service_;
  std::unique_ptr<app> app_;
};

} // namespace

TEST_CASE("folders are told with what was found in them", "[routes][folder]") {
  const world w;
  const auto specs = w.get(200, "/v1/folders/specs");
  CHECK(specs["files"] == "specs");
  CHECK(specs["api"] == "{name}");
  CHECK(specs["searchInterval"] == 60'000);
  CHECK(specs["state"] == "searched");
  CHECK(specs["documents"] == 1);
  CHECK(specs["sources"] == 1);
  CHECK(specs["unread"] == json{"specs/b.json: it is empty"});
  CHECK(specs["unreadInAll"] == 1);
  CHECK(specs["problem"].is_null());

  const auto gone = w.get(200, "/v1/folders/gone");
  CHECK(gone["state"] == "failing");
  CHECK(gone["problem"] == "there is no such directory (gone)");
  w.get(404, "/v1/folders/none");

  const auto source = w.get(200, "/v1/sources/specs.billing");
  CHECK(source["declared"] == "folder");
  CHECK(source["folder"] == "specs");
  const auto counts = w.get(200, "/v1/status")["folders"];
  CHECK(counts["total"] == 2);
  CHECK(counts["failing"] == 1);
}

TEST_CASE("the page and the metrics show how folders stand", "[routes][folder]") {
  const world w;
  using Catch::Contains;
  CHECK_THAT(w.text(200, "/"), Contains("Folders") && Contains("there is no such directory"));
  CHECK_THAT(w.text(200, "/metrics"), Contains("apisync_folders{state=\"failing\"} 1\n") &&
                                          Contains("apisync_folders{state=\"searched\"} 1\n"));
}

TEST_CASE("folders are listed a page at a time", "[routes][folder]") {
  const world w;
  const auto first = w.get(200, "/v1/folders?limit=1");
  REQUIRE(first["items"].size() == 1);
  CHECK(first["items"][0]["id"] == "gone");
  const auto second =
      w.get(200, "/v1/folders?limit=1&cursor=" + first["nextCursor"].get<std::string>());
  REQUIRE(second["items"].size() == 1);
  CHECK(second["items"][0]["id"] == "specs");
  CHECK(second["nextCursor"].is_null());
}
