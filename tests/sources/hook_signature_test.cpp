#include "sources/hook_signature.hpp"
#include "sources/signature.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace apisync;
using namespace apisync::sources;
using namespace std::chrono_literals;
using events::hook_format;

namespace {

using headers = std::map<std::string, std::string>;

constexpr std::chrono::sys_seconds now{1'614'265'400s};

result<hook_delivery> verify(hook_format format, const headers& with, std::string_view body,
                             std::vector<std::string> secrets) {
  const hook_message message{[&](std::string_view name) -> std::string_view {
                               const auto found = with.find(std::string{name});
                               return found == with.end() ? std::string_view{} : found->second;
                             },
                             body};
  return verify_hook(format, secrets, message, now);
}

const std::string secret = "It's a Secret to Everybody";

/// HMAC-SHA256 of `{"ref":"main"}` under `secret`, as openssl dgst makes it.
const std::string body = R"({"ref":"main"})";

} // namespace

// "Validating webhook deliveries" in GitHub's documentation has this secret, payload and signature.
TEST_CASE("GitHub's documented example is accepted") {
  const headers with{{"X-Hub-Signature-256",
                      "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"},
                     {"X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"},
                     {"X-GitHub-Event", "push"}};
  const auto delivery = verify(hook_format::github, with, "Hello, World!", {secret});
  REQUIRE(delivery);
  CHECK(delivery->id == "72d3162e-cc78-11e3-81ab-4c9367dc0958");
  CHECK(delivery->event == "push");
  CHECK_FALSE(delivery->is_ping());
  CHECK(verify(hook_format::github, with, "Hello, World?", {secret}).error().code ==
        errc::forbidden);
  CHECK(verify(hook_format::github, with, "Hello, World!", {"another"}).error().code ==
        errc::forbidden);
}

// "Manage webhooks" in Bitbucket's documentation has this one, of another payload.
TEST_CASE("Bitbucket's documented example is accepted") {
  const headers with{{"X-Hub-Signature",
                      "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"},
                     {"X-Request-UUID", "5b3c9d"},
                     {"X-Event-Key", "repo:push"}};
  const auto delivery = verify(hook_format::bitbucket, with, "Hello World!", {secret});
  REQUIRE(delivery);
  CHECK(delivery->id == "5b3c9d");
  // SHA-1 signatures of other senders stand in the same header, and are no signature here.
  CHECK_FALSE(verify(hook_format::bitbucket, {{"X-Hub-Signature", "sha1=0123"}}, body, {secret}));
}

TEST_CASE("Gitea and Forgejo sign in hexadecimal without a scheme") {
  for (const std::string vendor : {"Gitea", "Forgejo"}) {
    const headers with{{"X-" + vendor + "-Signature",
                        "757107EA0EB2509FC211221CCE984B8A37570B6D7586C22C46F4379C8B043E17"},
                       {"X-" + vendor + "-Delivery", "f6266f16-1bf3-46a5-9ea4-602e06ead473"},
                       {"X-" + vendor + "-Event", "ping"}};
    const auto delivery = verify(hook_format::gitea, with, "Hello, World!", {secret});
    REQUIRE(delivery);
    CHECK(delivery->id == "f6266f16-1bf3-46a5-9ea4-602e06ead473");
    CHECK(delivery->is_ping());
  }
}

TEST_CASE("GitLab sends the secret itself") {
  const headers with{{"X-Gitlab-Token", "token"}, {"Idempotency-Key", "6b2f"}};
  REQUIRE(verify(hook_format::gitlab, with, body, {"token"}));
  CHECK(verify(hook_format::gitlab, with, body, {"token"})->id == "6b2f");
  for (const std::string wrong : {"token ", "toke", "Token", "x"})
    CHECK(verify(hook_format::gitlab, with, body, {wrong}).error().code == errc::forbidden);
}

// The vector that the libraries of Standard Webhooks test themselves with.
TEST_CASE("Standard Webhooks' vector is accepted near its time, and not far from it") {
  const std::string key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const std::string payload = R"({"test": 2432232314})";
  headers with{
      {"webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"},
      {"webhook-timestamp", "1614265330"},
      {"webhook-signature", "v1,wrong v2,other v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}};
  REQUIRE(verify(hook_format::standard, with, payload, {key}));
  CHECK(verify(hook_format::standard, with, payload, {key})->id == "msg_p5jXN8AQM9LWM0D4loKWxJek");
  CHECK_FALSE(verify(hook_format::standard, with, payload + " ", {key}));
  auto other = with;
  other["webhook-id"] = "msg_other";
  CHECK_FALSE(verify(hook_format::standard, other, payload, {key}));
  for (const auto away : {-301s, 301s}) {
    const auto time = now + away;
    auto late = with;
    late["webhook-timestamp"] = std::to_string(time.time_since_epoch().count());
    late["webhook-signature"] = sign(*signing_key(key), late["webhook-id"], time, payload);
    const auto refused = verify(hook_format::standard, late, payload, {key});
    REQUIRE_FALSE(refused);
    CHECK_THAT(refused.error().message, Catch::Contains("five minutes"));
  }
  for (const std::string time : {"", "soon", "-1", "99999999999999999999", "1614265330.5"}) {
    auto odd = with;
    odd["webhook-timestamp"] = time;
    CHECK(verify(hook_format::standard, odd, payload, {key}).error().code == errc::forbidden);
  }
  CHECK(verify(hook_format::standard, with, payload, {"whsec_!"}).error().code ==
        errc::invalid_argument);
}

TEST_CASE("any of two secrets will do, and none of no length") {
  const headers with{
      {"X-Signature-256", "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"},
      {"X-Delivery-Id", "1"}};
  CHECK(verify(hook_format::hmac, with, "Hello, World!", {"new", secret}));
  CHECK(verify(hook_format::hmac, with, "Hello, World!", {secret, "new"}));
  CHECK_FALSE(verify(hook_format::hmac, with, "Hello, World!", {"new"}));
  CHECK_FALSE(verify(hook_format::hmac, with, "Hello, World!", {}));
  CHECK(verify(hook_format::hmac, with, "Hello, World!", {""}).error().code ==
        errc::invalid_argument);
}

TEST_CASE("a signature that is missing, cut off or of another form is refused") {
  for (const auto format : all_values(hook_format{})) {
    INFO(to_string(format));
    CHECK(verify(format, {}, body, {secret}).error().code == errc::forbidden);
  }
  for (const std::string bad :
       {"sha256=", "sha256=757107ea", "sha1=757107ea0eb2509fc211221cce984b8a37570b6d", "x",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17 "})
    CHECK(verify(hook_format::github, {{"X-Hub-Signature-256", bad}}, "Hello, World!", {secret})
              .error()
              .code == errc::forbidden);
}

TEST_CASE("an id is short and visible") {
  headers with{
      {"X-Signature-256", "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}};
  CHECK(verify(hook_format::hmac, with, "Hello, World!", {secret})->id.empty());
  for (const auto& bad : {std::string(201, 'a'), std::string{"a b"}, std::string{"\x01"}}) {
    with["X-Delivery-Id"] = bad;
    CHECK(verify(hook_format::hmac, with, "Hello, World!", {secret}).error().code ==
          errc::invalid_argument);
  }
}
