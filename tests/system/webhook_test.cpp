#include "tests/support/http_fixture.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/system/eventually.hpp"
#include "tests/system/service_process.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <atomic>
#include <ctime>
#include <set>

using namespace apisync;
using nlohmann::json;
using test::eventually;

namespace {

constexpr std::string_view secret = "a secret of this test";

/// What docs/webhooks.md tells receivers to do, done without the service's own code.
bool genuine(const test::http_request& got) {
  const auto& time = got.headers.at("webhook-timestamp");
  const auto signed_text = got.headers.at("webhook-id") + '.' + time + '.' + got.body;
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(signed_text.data()), signed_text.size(), mac,
       &length);
  unsigned char text[2 * EVP_MAX_MD_SIZE];
  const auto end = EVP_EncodeBlock(text, mac, static_cast<int>(length));
  const std::string expected = "v1," + std::string(text, text + end);
  const auto age = std::time(nullptr) - std::stoll(time);
  return got.headers.at("webhook-signature") == expected && age >= 0 && age < 300;
}

std::string spec(int version) {
  return "openapi: 3.0.3\ninfo: {title: Bills, version: '" + std::to_string(version) +
         "'}\npaths:\n  /bills" + std::to_string(version) +
         ":\n    get:\n      responses: {'200': {description: fine}}\n";
}

json get(std::uint16_t port, const std::string& target) {
  const auto reply = test::http(port, "GET", target);
  INFO(target << ": " << reply.status << ' ' << reply.body);
  REQUIRE(reply.status == 200);
  return json::parse(reply.body);
}

} // namespace

TEST_CASE("a receiver gets every revision signed, over kill -9 and while it is down", "[webhook]") {
  std::atomic<int> status{200};
  const test::http_fixture receiver(
      [&](const test::http_request&, const test::http_connection& connection) {
        connection.send(test::http_fixture::answer(status, "", ""));
      });
  const test::scratch_directory folder;
  folder.write("secret", secret);
  folder.write("bills.yaml", spec(1));
  const auto config = folder.write(
      "apisync.yaml", "data: data\n"
                      "allowAddresses: [loopback]\n"
                      "settings: {retryBase: 10ms, retryCap: 100ms, lossPercent: 100}\n"
                      "sources: [{id: bills, api: bills, file: bills.yaml, interval: 1h}]\n"
                      "webhooks:\n"
                      "  - {id: chat, url: '" +
                          receiver.url("/hook") +
                          "', secret: 'file:secret', events: [revision_added], maxRetries: 100}\n");
  const std::vector<std::string> serve{"serve", "--config", config, "--listen", "127.0.0.1:0"};
  const auto revise = [&](std::uint16_t port, int version) {
    folder.write("bills.yaml", spec(version));
    const auto reply = test::http(port, "POST", "/v1/sources/bills/sync?wait=true");
    INFO(reply.body);
    REQUIRE(reply.status == 200);
  };
  {
    test::program service{serve};
    const auto port = test::port_of(service);
    REQUIRE(eventually([&] { return get(port, "/v1/webhooks/chat")["delivered"] == 1; }));
    status = 503;
    revise(port, 2);
    revise(port, 3);
    REQUIRE(eventually([&] { return get(port, "/v1/webhooks/chat")["state"] == "failing"; }));
    CHECK(get(port, "/v1/status")["webhooks"]["failing"] == 1);
    CHECK(service.finish(SIGKILL) == 128 + SIGKILL);
  }
  status = 200;
  json answered;
  {
    test::program service{serve};
    const auto port = test::port_of(service);
    REQUIRE(eventually([&] { return get(port, "/v1/webhooks/chat")["delivered"] == 3; }));
    status = 422;
    revise(port, 4);
    REQUIRE(eventually([&] { return get(port, "/v1/webhooks/chat")["deadLetters"] == 1; }));
    const auto dead = get(port, "/v1/webhooks/chat/dead-letters")["items"][0];
    CHECK(dead["type"] == "revision_added");
    CHECK(dead["reason"] == "answered 422");
    status = 200;
    const auto again = test::run_program(
        {"webhook", "resend", "chat", "--server", "http://127.0.0.1:" + std::to_string(port)});
    INFO(again.output);
    CHECK(again.status == 0);
    REQUIRE(eventually([&] { return get(port, "/v1/webhooks/chat")["delivered"] == 4; }));
    answered = get(port, "/v1/status");
    CHECK(answered["deadLetters"] == 0);
    CHECK(service.finish(SIGTERM) == 0);
  }
  std::set<std::string> ids;
  std::set<int> revisions;
  for (const auto& got : receiver.requests()) {
    CHECK(genuine(got));
    CHECK(got.method == "POST");
    CHECK(got.target == "/hook");
    const auto body = json::parse(got.body);
    CHECK(body["id"] == got.headers.at("webhook-id"));
    ids.insert(body["id"]);
    revisions.insert(body["data"]["number"].get<int>());
  }
  CHECK(revisions == std::set<int>{1, 2, 3, 4});
  CHECK(ids.size() == 4); // repeats are known by their id
  const auto past =
      test::run_program({"log", "replay", "--data", folder / "data", "--format", "json", "--at",
                         std::to_string(answered["sequence"].get<std::uint64_t>())});
  INFO(past.output);
  REQUIRE(past.status == 0);
  CHECK(json::parse(past.output)["status"] == answered);
}
