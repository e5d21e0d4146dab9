#include "sources/signature.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::sources;
using namespace std::chrono_literals;

// The vector that the libraries of Standard Webhooks test themselves with.
TEST_CASE("a signature is what receivers' libraries expect") {
  const auto key = signing_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  REQUIRE(key);
  CHECK(sign(*key, "msg_p5jXN8AQM9LWM0D4loKWxJek", std::chrono::sys_seconds{1614265330s},
             R"({"test": 2432232314})") == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST_CASE("a signature covers the id, the time and the body") {
  const std::chrono::sys_seconds time{1'700'000'000s};
  const auto signature = sign("key", "chat.1.ab", time, "{}");
  CHECK(sign("key", "chat.1.ab", time, "{}") == signature);
  CHECK(sign("yek", "chat.1.ab", time, "{}") != signature);
  CHECK(sign("key", "chat.2.ab", time, "{}") != signature);
  CHECK(sign("key", "chat.1.ab", time + 1s, "{}") != signature);
  CHECK(sign("key", "chat.1.ab", time, "[]") != signature);
}

TEST_CASE("a secret is a key as it stands, or base64 after whsec_") {
  CHECK(signing_key("any words") == "any words");
  CHECK(signing_key("whsec_YWI=") == "ab");
  CHECK(signing_key("whsec_YQ==") == "a");
  CHECK(signing_key("whsec_YWJj") == "abc");
  for (const auto* bad : {"", "whsec_", "whsec_YWJ", "whsec_====", "whsec_not base64!"})
    CHECK(signing_key(bad).error().code == errc::invalid_argument);
}
