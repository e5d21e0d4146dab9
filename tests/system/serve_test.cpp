#include "tests/support/scratch_directory.hpp"
#include "tests/system/eventually.hpp"
#include "tests/system/service_process.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <filesystem>

using namespace apisync;
using nlohmann::json;
using test::eventually;

namespace {

std::string spec(const std::string& summary, bool with_delete) {
  std::string text = "openapi: 3.0.3\ninfo: {title: Bills, version: 1.0.0}\npaths:\n  /bills:\n"
                     "    get:\n      summary: " +
                     summary + "\n      responses: {'200': {description: fine}}\n";
  if (with_delete) text += "    delete:\n      responses: {'204': {description: gone}}\n";
  return text;
}

/// A folder with a configuration: a file source and a URL that this service itself serves.
struct organisation {
  test::scratch_directory folder;
  std::string config;
  std::string data = folder / "data";

  organisation() {
    folder.write("bills.yaml", spec("all bills", true));
    config = folder.write("apisync.yaml", "roots: [.]\n"
                                          "data: data\n"
                                          "allowAddresses: [loopback]\n"
                                          "sources:\n"
                                          "  - {id: bills, api: bills, file: bills.yaml, "
                                          "interval: 1h}\n");
  }

  [[nodiscard]] std::vector<std::string> serve() const {
    return {"serve", "--config", config, "--listen", "127.0.0.1:0"};
  }
};

json get(std::uint16_t port, const std::string& target) {
  const auto reply = test::http(port, "GET", target);
  INFO(target << ": " << reply.status << ' ' << reply.body);
  REQUIRE(reply.status == 200);
  return json::parse(reply.body);
}

void sync(std::uint16_t port, const std::string& source) {
  const auto reply = test::http(port, "POST", "/v1/sources/" + source + "/sync?wait=true");
  INFO(reply.body);
  REQUIRE(reply.status == 200);
}

json replay(const std::string& data, const std::string& at = {}) {
  std::vector<std::string> call{"log", "replay", "--data", data, "--format", "json"};
  if (!at.empty()) call.insert(call.end(), {"--at", at});
  const auto done = test::run_program(call);
  INFO(done.output);
  REQUIRE(done.status == 0);
  return json::parse(done.output);
}

} // namespace

TEST_CASE("an edit and a breaking change survive kill -9, and the replay equals the service's "
          "answers",
          "[serve]") {
  const organisation org;
  json status;
  json metrics;
  {
    test::program service{org.serve()};
    const auto port = test::port_of(service);
    REQUIRE(eventually([&] { return get(port, "/v1/apis")["items"][0]["revision"] == 1; }));
    const auto self = R"({"id":"self","api":"self","kind":"http","role":"authority",)"
                      R"("url":"http://127.0.0.1:)" +
                      std::to_string(port) + R"(/openapi.json","interval":3600000})";
    REQUIRE(test::http(port, "POST", "/v1/sources", self).status == 201);
    sync(port, "self");
    org.folder.write("bills.yaml", spec("every bill", true));
    sync(port, "bills");
    CHECK(service.finish(SIGKILL) == 128 + SIGKILL);
  }
  org.folder.write("bills.yaml", spec("every bill", false));
  {
    test::program service{org.serve()};
    const auto port = test::port_of(service);
    sync(port, "bills");
    const auto revisions = get(port, "/v1/apis/bills/revisions")["items"];
    REQUIRE(revisions.size() == 3);
    CHECK(revisions[0]["number"] == 3);
    CHECK(revisions[0]["verdict"] == "breaking");
    CHECK(get(port, "/v1/apis/self/revisions")["items"].size() == 1);
    const auto changes = get(port, "/v1/changes?level=error")["items"];
    REQUIRE_FALSE(changes.empty());
    CHECK(test::http(port, "GET", "/v1/apis/bills/spec").body == spec("every bill", false));
    // Between two events: what is asked reflects one sequence.
    do {
      status = get(port, "/v1/status");
      metrics = get(port, "/v1/metrics");
    } while (status["sequence"] != metrics["sequence"]);
    const auto at = std::to_string(status["sequence"].get<std::uint64_t>());
    const auto past = replay(org.data, at); // beside the running service
    CHECK(past["status"] == status);
    CHECK(past["metrics"] == metrics);
    CHECK(service.finish(SIGTERM) == 0);
  }
  const auto at = std::to_string(status["sequence"].get<std::uint64_t>());
  const auto past = replay(org.data, at);
  CHECK(past["status"] == status);
  CHECK(past["metrics"] == metrics);
  const auto verified = test::run_program({"log", "verify", "--data", org.data});
  INFO(verified.output);
  CHECK(verified.status == 0);
}

TEST_CASE("a change of a watched file is a revision without anybody's asking", "[serve]") {
  const organisation org;
  test::program service{org.serve()};
  const auto port = test::port_of(service);
  REQUIRE(eventually([&] { return get(port, "/v1/apis")["items"][0]["revision"] == 1; }));
  org.folder.write("bills.yaml", spec("every bill", true));
  CHECK(eventually([&] { return get(port, "/v1/apis")["items"][0]["revision"] == 2; }));
}

TEST_CASE("bad input ends with a clear error and status 2", "[serve]") {
  const test::scratch_directory folder;
  const auto says = [&](const std::string& text, const std::string& expected) {
    const auto config = folder.write("apisync.yaml", text);
    const auto done = test::run_program({"serve", "--config", config, "--data", folder / "data"});
    INFO(done.output);
    CHECK(done.status == 2);
    CHECK(done.output.find(expected) != std::string::npos);
  };
  says("sourcez: []\n", "apisync.yaml:1:1");
  says("sources:\n  - {id: a, api: x, file: a.yaml, interval: soon}\n", "apisync.yaml:2:");
  says("sources:\n  - {id: a, api: x, file: a.yaml}\n  - {id: a, api: y, file: b.yaml}\n",
       "apisync.yaml:3:");
  says("sources:\n  - {id: a, api: x, file: a.yaml}\n  - {id: b, api: x, file: b.yaml}\n", "role");
  says("a: 1\na: 2\n", "apisync.yaml:2:1");
  says("[", "apisync.yaml");
  says("listen: 0.0.0.0:8420\n", "token");
  CHECK(test::run_program({"serf"}).status == 2);
  CHECK(test::run_program({"serve", "--colour"}).status == 2);
  CHECK(test::run_program({"serve", "--config", folder / "none.yaml"}).status == 2);
  CHECK(test::run_program({"status", "--server", "http://127.0.0.1:1"}).status == 3);
}

TEST_CASE("a data directory in use is left alone", "[serve]") {
  const test::scratch_directory folder;
  const auto data = folder / "data";
  test::program service{{"serve", "--data", data, "--listen", "127.0.0.1:0"}};
  const auto port = test::port_of(service);
  const auto second = test::run_program({"serve", "--data", data, "--listen", "127.0.0.1:0"});
  INFO(second.output);
  CHECK(second.status == 2);
  CHECK(second.output.find(data) != std::string::npos);
  const auto taken = test::run_program(
      {"serve", "--data", folder / "other", "--listen", "127.0.0.1:" + std::to_string(port)});
  INFO(taken.output);
  CHECK(taken.status == 2);
  CHECK(taken.output.find(std::to_string(port)) != std::string::npos);
  CHECK(get(port, "/v1/status")["state"] == "running");
  CHECK(service.finish(SIGTERM) == 0);
}

TEST_CASE("a log without its anchor is not served", "[serve]") {
  const test::scratch_directory folder;
  const auto data = folder / "data";
  {
    test::program service{{"serve", "--data", data, "--listen", "127.0.0.1:0"}};
    test::port_of(service);
    CHECK(service.finish(SIGINT) == 0);
  }
  bool found = false;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{data})
    if (entry.path().filename().string().find("anchor") != std::string::npos) {
      std::filesystem::remove(entry.path());
      found = true;
      break;
    }
  REQUIRE(found);
  const auto refused = test::run_program({"serve", "--data", data, "--listen", "127.0.0.1:0"});
  INFO(refused.output);
  CHECK(refused.status == 1);
  CHECK(refused.output.find("anchor") != std::string::npos);
}
