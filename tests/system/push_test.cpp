#include "tests/support/scratch_directory.hpp"
#include "tests/system/service_process.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <ctime>

using namespace apisync;
using nlohmann::json;

namespace {

constexpr std::string_view secret = "a secret of this test";

std::string spec(const std::string& path) {
  return "openapi: 3.0.3\ninfo: {title: Ledger, version: '1'}\npaths:\n  /" + path +
         ":\n    get:\n      responses: {'200': {description: fine}}\n";
}

/// The headers that docs/push.md tells senders to make, made without the program's own code.
std::string signed_headers(const std::string& id, const std::string& body) {
  const auto time = std::to_string(std::time(nullptr));
  const auto text = id + '.' + time + '.' + body;
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &length);
  unsigned char encoded[2 * EVP_MAX_MD_SIZE];
  const auto end = EVP_EncodeBlock(encoded, mac, static_cast<int>(length));
  return "webhook-id: " + id + "\r\nwebhook-timestamp: " + time + "\r\nwebhook-signature: v1," +
         std::string(encoded, encoded + end) + "\r\n";
}

} // namespace

TEST_CASE("a build pushes what runs, over kill -9, and drift tells where git says otherwise",
          "[push]") {
  const test::scratch_directory folder;
  folder.write("secret", secret);
  folder.write("git.yaml", spec("accounts"));
  const auto live = folder.write("live.yaml", spec("accounts"));
  const auto config =
      folder.write("apisync.yaml", "data: data\n"
                                   "sources:\n"
                                   "  - {id: git, api: ledger, file: git.yaml, interval: 1h}\n"
                                   "  - {id: live, api: ledger, role: observer, push: true,\n"
                                   "     hook: {format: standard, secret: 'file:secret'}}\n");
  const std::vector<std::string> serve{"serve", "--config", config, "--listen", "127.0.0.1:0"};
  const auto old = spec("accounts");
  const auto first = signed_headers("build-1", old);
  const auto run = [](std::uint16_t port, std::vector<std::string> words) {
    words.insert(words.end(), {"--server", "http://127.0.0.1:" + std::to_string(port)});
    return test::run_program(std::move(words));
  };
  {
    test::program service{serve};
    const auto port = test::port_of(service);
    REQUIRE(test::http(port, "POST", "/v1/sources/git/sync?wait=true").status == 200);
    const auto brought = test::http(port, "POST", "/v1/hooks/live?wait=true", old, first);
    INFO(brought.body);
    REQUIRE(brought.status == 200);
    CHECK(json::parse(brought.body)["outcome"] == "changed");
    CHECK(run(port, {"api", "drift", "ledger", "--fail-on", "info"}).status == 0);

    folder.write("live.yaml", spec("books"));
    const auto pushed = run(port, {"source", "push", "live", live, "--secret",
                                   "file:" + (folder / "secret"), "--commit", "abc", "--wait"});
    INFO(pushed.output);
    REQUIRE(pushed.status == 0);
    const auto drift = run(port, {"api", "drift", "ledger", "--fail-on", "error"});
    INFO(drift.output);
    CHECK(drift.status == 1);
    CHECK(drift.output.find("live (observer) drifts") != std::string::npos);
    CHECK(test::http(port, "POST", "/v1/hooks/live", spec("lies"), first).status == 403);
    CHECK(service.finish(SIGKILL) == 128 + SIGKILL);
  }
  test::program service{serve};
  const auto port = test::port_of(service);
  const auto again = test::http(port, "POST", "/v1/hooks/live", old, first);
  INFO(again.body);
  REQUIRE(again.status == 202);
  CHECK(json::parse(again.body)["repeated"] == true);
  REQUIRE(run(port, {"source", "sync", "live", "--wait"}).status == 0);
  CHECK(run(port, {"api", "drift", "ledger", "--fail-on", "error"}).status == 1);
  folder.write("git.yaml", spec("books"));
  REQUIRE(test::http(port, "POST", "/v1/sources/git/sync?wait=true").status == 200);
  CHECK(run(port, {"api", "drift", "ledger", "--fail-on", "info"}).status == 0);
  const auto status = test::http(port, "GET", "/v1/status");
  CHECK(service.finish(SIGTERM) == 0);
  const auto past = test::run_program(
      {"log", "replay", "--data", folder / "data", "--format", "json", "--at",
       std::to_string(json::parse(status.body)["sequence"].get<std::uint64_t>())});
  INFO(past.output);
  REQUIRE(past.status == 0);
  CHECK(json::parse(past.output)["status"] == json::parse(status.body));
  CHECK(test::run_program({"log", "verify", "--data", folder / "data"}).status == 0);
}
