#include "tests/support/http_fixture.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/system/eventually.hpp"
#include "tests/system/service_process.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace apisync;
using nlohmann::json;
using test::eventually;

namespace {

std::string read(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::string spec(const std::string& version, const std::string& summary = "all bills") {
  return "# The bills.\nopenapi: 3.0.3\ninfo:\n  title: Bills\n  version: '" + version +
         "' # ours\npaths:\n  /bills:\n    get:\n      summary: " + summary +
         "\n      responses: {'200': {description: fine}}\n";
}

void run(const std::string& command) {
  INFO(command);
  REQUIRE(std::system(command.c_str()) == 0); // NOLINT(concurrency-mt-unsafe): one thread
}

} // namespace

TEST_CASE("files, servers and branches get every document, over kill -9 and while they are down",
          "[target]") {
  std::atomic<int> status{204};
  const test::http_fixture gateway(
      [&](const test::http_request&, const test::http_connection& connection) {
        connection.send(test::http_fixture::answer(status, "", ""));
      });
  const test::scratch_directory folder;
  const auto source = folder.write("bills.yaml", spec("1"));
  const auto repository = folder / "specs.git";
  run("git init -q --bare '" + repository + "'");
  std::filesystem::create_directory(folder / "out");
  const auto config = folder.write(
      "apisync.yaml", "data: data\nallowAddresses: [loopback]\n"
                      "settings: {retryBase: 10ms, retryCap: 100ms, lossPercent: 100}\n"
                      "sources: [{id: bills, api: bills, file: bills.yaml, interval: 1h}]\n"
                      "targets:\n"
                      "  - {id: copy, api: bills, file: out/copy.json}\n"
                      "  - {id: home, api: bills, file: bills.yaml}\n"
                      "  - {id: gateway, api: bills, http: '" +
                          gateway.url("/specs") +
                          "'}\n"
                          "  - {id: history, api: bills, git: {repository: specs.git, branch: "
                          "specs, path: a/b.yaml}}\n");
  folder.write("out/copy.json", R"({"openapi": "3.0.3",  "info": {}})");
  const std::vector<std::string> serve{"serve", "--config", config, "--listen", "127.0.0.1:0"};
  const auto get = [](std::uint16_t port, const std::string& target) {
    return json::parse(test::http(port, "GET", target).body);
  };
  const auto require = [&](std::uint16_t port, const std::string& target, std::uint64_t revision) {
    json state;
    const bool has = eventually([&] {
      state = get(port, "/v1/targets/" + target);
      return state["written"].is_object() && state["written"]["revision"] == revision;
    });
    INFO(state.dump(2));
    REQUIRE(has);
  };
  const auto edit = [&](std::uint16_t port, const std::string& text) {
    const auto edited = test::run_program({"api", "edit", "bills", folder.write("edit.yaml", text),
                                           "--server", "http://127.0.0.1:" + std::to_string(port)});
    INFO(edited.output);
    REQUIRE(edited.status == 0);
  };
  const std::vector<std::string> all{"copy", "home", "gateway", "history"};
  {
    test::program service{serve};
    const auto port = test::port_of(service);
    for (const auto& target : all)
      require(port, target, 1);
    CHECK(get(port, "/v1/targets/home")["writes"] == 0); // it was there already
    CHECK(json::parse(read(folder / "out/copy.json"))["info"]["version"] == "1");

    status = 503;
    edit(port, spec("1", "every bill"));
    require(port, "home", 2);
    CHECK(read(source) == spec("1", "every bill")); // somebody's edit has come home
    REQUIRE(eventually([&] { return get(port, "/v1/targets/gateway")["state"] == "failing"; }));
    CHECK(service.finish(SIGKILL) == 128 + SIGKILL);
  }
  status = 204;
  json answered;
  {
    test::program service{serve};
    const auto port = test::port_of(service);
    for (const auto& target : all)
      require(port, target, 2);
    // The source reads what was written for it, and nothing comes of that.
    const auto synced = test::http(port, "POST", "/v1/sources/bills/sync?wait=true");
    INFO(synced.body);
    CHECK(synced.status == 200);
    CHECK(get(port, "/v1/apis/bills")["revision"] == 2);

    std::filesystem::remove(folder / "out/copy.json");
    const auto again = test::run_program(
        {"target", "write", "copy", "--server", "http://127.0.0.1:" + std::to_string(port)});
    INFO(again.output);
    CHECK(again.status == 0);
    REQUIRE(eventually([&] { return std::filesystem::exists(folder / "out/copy.json"); }));
    require(port, "copy", 2);
    answered = get(port, "/v1/status");
    CHECK(answered["targets"]["written"] == 4);
    CHECK(service.finish(SIGTERM) == 0);
  }
  CHECK(gateway.requests().back().body == spec("1", "every bill"));
  run("test \"$(git --git-dir='" + repository + "' show specs:a/b.yaml)\" = \"$(cat '" + source +
      "')\"");
  run("test $(git --git-dir='" + repository + "' rev-list --count specs) = 2");
  run("git --git-dir='" + repository + "' fsck --strict");
  const auto past =
      test::run_program({"log", "replay", "--data", folder / "data", "--format", "json", "--at",
                         std::to_string(answered["sequence"].get<std::uint64_t>())});
  REQUIRE(past.status == 0);
  CHECK(json::parse(past.output)["status"] == answered);
}
