#include "tests/support/http_fixture.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/system/service_process.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>

using namespace apisync;
using nlohmann::json;

namespace {

const std::string bills = "openapi: 3.0.3\ninfo: {title: Bills, version: '1'}\npaths:\n  /bills:\n"
                          "    get: {responses: {'200': {description: fine}}}\n";

/// A folder with a service's configuration, and the program run against it.
struct organisation {
  test::scratch_directory folder;
  std::string config = folder / "apisync.yaml";
  std::string data = folder / "data";

  explicit organisation(const std::string& text) {
    folder.write("bills.yaml", bills);
    folder.write("apisync.yaml", text);
  }

  [[nodiscard]] std::vector<std::string> serve() const {
    return {"serve", "--config", config, "--data", data, "--listen", "127.0.0.1:0"};
  }

  [[nodiscard]] static test::finished_program ask(std::uint16_t port,
                                                  std::vector<std::string> call) {
    call.insert(call.end(), {"--server", "http://127.0.0.1:" + std::to_string(port)});
    return test::run_program(std::move(call));
  }

  [[nodiscard]] static json status(std::uint16_t port) {
    return json::parse(ask(port, {"status", "--format", "json"}).output);
  }
};

const std::string one_file =
    "roots: [.]\nsources: [{id: bills, api: bills, file: bills.yaml, interval: 1h}]\n";

} // namespace

TEST_CASE("a sync that hangs does not hold up the end, and is done after the next start",
          "[steer]") {
  test::http_fixture net{[](const test::http_request& asked, const test::http_connection& out) {
    if (asked.target == "/hangs") out.wait_for_close();
  }};
  const organisation org{"allowAddresses: [loopback]\nsources: [{id: slow, api: slow, http: '" +
                         net.url("/hangs") + "'}]\n"};
  {
    test::program service{org.serve()};
    test::port_of(service);
    REQUIRE(net.wait_for_requests(1));
    const auto asked = std::chrono::steady_clock::now();
    CHECK(service.finish(SIGTERM) == 0);
    CHECK(std::chrono::steady_clock::now() - asked < std::chrono::seconds{15});
  }
  const auto ends =
      test::run_program({"log", "show", "--data", org.data, "--type", "sync_interrupted"});
  CHECK(ends.output.find("shutdown") != std::string::npos);
  test::program again{org.serve()};
  test::port_of(again);
  CHECK(net.wait_for_requests(2));
}

TEST_CASE("a pause and a stop survive a restart, by kill too", "[steer]") {
  const organisation org{one_file};
  for (const std::string verb : {"pause", "stop"}) {
    const auto mode = verb == "pause" ? "paused" : "stopped";
    {
      test::program service{org.serve()};
      const auto port = test::port_of(service);
      CHECK(organisation::ask(port, {"engine", verb}).output ==
            "engine " + std::string{mode} + "\n");
      CHECK(service.finish(verb == "pause" ? SIGTERM : SIGKILL) != -1);
    }
    test::program service{org.serve()};
    const auto port = test::port_of(service);
    CHECK(organisation::status(port)["state"] == mode);
    const auto refused = organisation::ask(port, {"source", "sync", "bills", "--wait"});
    CHECK(refused.status == 2);
    CHECK(refused.output.find(mode) != std::string::npos);
    CHECK(organisation::ask(port, {"engine", "start"}).status == 0);
    CHECK(organisation::ask(port, {"source", "sync", "bills", "--wait"}).status == 0);
  }
}

TEST_CASE("a plan says what a reload then does", "[steer]") {
  const organisation org{one_file};
  test::program service{org.serve()};
  const auto port = test::port_of(service);
  auto plan = organisation::ask(port, {"config", "plan", org.config});
  CHECK(plan.status == 0);
  CHECK(plan.output == "nothing to change: what the file declares is what there is\n");

  org.folder.write("apisync.yaml",
                   "listen: 127.0.0.1:1\nroots: [.]\nsettings: {interval: 1m}\n"
                   "sources: [{id: invoices, api: bills, file: bills.yaml, interval: 1h}]\n");
  plan = organisation::ask(port, {"config", "plan", org.config});
  CHECK(plan.status == 0);
  CHECK(plan.output == "~ setting interval: 5m → 1m\n"
                       "+ source invoices\n    api: bills\n    file: bills.yaml\n"
                       "    role: authority\n    interval: 1h\n    watch: true\n"
                       "    priority: medium\n"
                       "- source bills\n"
                       "1 to add, 1 to change, 1 to remove; nothing was applied\n"
                       "takes effect when the service is started anew: listen\n");
  const auto beside = test::run_program({"config", "plan", org.config, "--data", org.data});
  CHECK(beside.status == 0);
  CHECK(plan.output.starts_with(beside.output)); // a log knows nothing of `listen`
  const auto as_json = json::parse(
      organisation::ask(port, {"config", "plan", org.config, "--format", "json"}).output);
  CHECK(as_json["changes"].size() == 3);
  CHECK(as_json["restart"] == json{"listen"});

  service.send(SIGHUP);
  service.wait_for("the configuration was applied");
  service.wait_for("'listen' has changed");
  plan = organisation::ask(port, {"config", "plan", org.config});
  CHECK(plan.output.starts_with("nothing to change"));
  CHECK(organisation::ask(port, {"source", "list"}).output.find("invoices") != std::string::npos);

  // What cannot be applied is bad news before, and changes nothing after.
  CHECK(organisation::ask(port, {"source", "add", "made", "--api", "users", "--file", "bills.yaml"})
            .status == 0);
  org.folder.write("apisync.yaml", "sources: [{id: users, api: users, file: bills.yaml}]\n");
  plan = organisation::ask(port, {"config", "plan", org.config});
  CHECK(plan.status == 1);
  CHECK(plan.output.find("authority") != std::string::npos);
  service.send(SIGHUP);
  service.wait_for("authority");
  CHECK(organisation::ask(port, {"source", "show", "invoices"}).status == 0);

  org.folder.write("apisync.yaml", "sourcez: []\n");
  plan = organisation::ask(port, {"config", "plan", org.config});
  CHECK(plan.status == 2);
  CHECK(plan.output.find("apisync.yaml:1:1") != std::string::npos);
  CHECK(
      test::run_program({"config", "plan", org.config, "--server", "http://127.0.0.1:1"}).status ==
      2);
  org.folder.write("apisync.yaml", one_file);
  CHECK(
      test::run_program({"config", "plan", org.config, "--server", "http://127.0.0.1:1"}).status ==
      3);
  CHECK(test::run_program({"config", "plan", org.config, "--data", org.folder / "none"}).status ==
        2);
}

TEST_CASE("what is printed for people has no raw JSON in it", "[steer]") {
  const organisation org{
      "roots: [.]\nsources:\n"
      "  - {id: bills, api: bills, file: bills.yaml, interval: 1h}\n"
      "  - {id: other, api: bills, role: contributor, file: other.yaml, interval: 1h}\n"
      "  - {id: torn, api: torn, file: torn.yaml, interval: 1h}\n"};
  org.folder.write("other.yaml",
                   bills + "  /users:\n    get: {responses: {'200': {description: x}}}\n");
  org.folder.write("torn.yaml", "openapi: [");
  test::program service{org.serve()};
  const auto port = test::port_of(service);
  for (const std::string source : {"bills", "other", "torn"})
    static_cast<void>(organisation::ask(port, {"source", "sync", source, "--wait"}));
  org.folder.write("other.yaml",
                   "openapi: 3.0.3\ninfo: {title: Invoices, version: '2'}\npaths: {}\n");
  static_cast<void>(organisation::ask(port, {"source", "sync", "other", "--wait"}));
  const std::vector<std::vector<std::string>> calls{
      {"status"},
      {"engine", "status"},
      {"engine", "metrics"},
      {"config", "show"},
      {"config", "set", "interval", "45s"},
      {"api", "list"},
      {"api", "show", "bills"},
      {"api", "history", "bills"},
      {"api", "diff", "bills", "--from", "1", "--to", "2"},
      {"api", "changes"},
      {"source", "list"},
      {"source", "show", "torn"},
      {"source", "explain", "torn"},
      {"source", "sync", "bills"},
      {"job", "list"},
      {"job", "show", "bills"},
      {"conflict", "list"},
      {"config", "plan", org.config},
  };
  for (const auto& call : calls) {
    const auto done = organisation::ask(port, call);
    INFO(call[0] << ' ' << call.back() << ":\n" << done.output);
    CHECK(done.status == 0);
    CHECK_FALSE(done.output.empty());
    CHECK(done.output.find("{\"") == std::string::npos);
    CHECK(done.output.find("[{") == std::string::npos);
    CHECK(done.output.find("null") == std::string::npos);
  }
  const auto settings = organisation::ask(port, {"config", "show"}).output;
  INFO(settings);
  for (const auto* length : {"circuitPause", "hostWindow", "maxInterval", "minInterval",
                             "orphanAfter", "probeInterval", "retryBase", "retryCap", "spread"}) {
    const auto at = settings.find(length);
    REQUIRE(at != std::string::npos);
    const auto line = settings.substr(at, settings.find('\n', at) - at);
    INFO(line);
    CHECK(line.find_last_of("smhdw") == line.find_last_not_of(' ')); // with its unit
  }
  CHECK(organisation::ask(port, {"config", "set", "interval", "45s"}).output ==
        "interval is 45s\n");
}
