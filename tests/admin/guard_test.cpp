#include "admin/guard.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <initializer_list>

using namespace apisync;
using namespace apisync::admin;

namespace {

constexpr std::string_view secret = "0123456789abcdef";

request ask(std::string method, std::initializer_list<std::pair<const char*, std::string>> fields) {
  request made;
  made.method = std::move(method);
  made.remote = made.local = "127.0.0.1";
  for (auto const& [name, value] : fields)
    made.headers.add(name, value);
  return made;
}

access_policy with_tokens() {
  access_policy policy;
  REQUIRE(policy.tokens.add({"ann", role::read}, std::string{secret} + "A"));
  REQUIRE(policy.tokens.add({"bob", role::operate}, std::string{secret} + "B"));
  REQUIRE(policy.tokens.add({"eve", role::admin}, std::string{secret} + "C"));
  return policy;
}

} // namespace

TEST_CASE("only names of this service are answered to") {
  access_policy policy;
  policy.hosts = {"apisync.example.com"};
  for (auto const* host : {"localhost", "localhost:8420", "127.0.0.1:8420", "[::1]:8420",
                           "apisync.example.com", "APISYNC.example.com.:80"}) {
    INFO(host);
    REQUIRE_FALSE(check_host(ask("GET", {{"Host", host}}), policy));
  }
  for (auto const* host : {"evil.example.com", "127.0.0.1.evil.com", "10.0.0.1", "example.com"}) {
    INFO(host);
    auto const refused = check_host(ask("GET", {{"Host", host}}), policy);
    REQUIRE(refused);
    REQUIRE(refused->status == 403);
  }
  REQUIRE(check_host(ask("GET", {}), policy)->status == 400);
  REQUIRE(check_host(ask("GET", {{"Host", "a b"}}), policy)->status == 400);
}

TEST_CASE("the address that was connected to is a name of the service") {
  access_policy policy;
  policy.listen.host = "0.0.0.0";
  auto asked = ask("GET", {{"Host", "10.1.2.3:8420"}});
  REQUIRE(check_host(asked, policy));
  asked.local = "10.1.2.3";
  REQUIRE_FALSE(check_host(asked, policy));
}

TEST_CASE("a web page of another origin cannot write") {
  REQUIRE_FALSE(check_origin(ask("POST", {{"Host", "localhost:8420"}})));
  REQUIRE_FALSE(
      check_origin(ask("POST", {{"Host", "localhost:8420"}, {"Origin", "http://localhost:8420"}})));
  for (auto const* origin : {"http://evil.example.com", "http://localhost:9000", "null", ""}) {
    auto const refused =
        check_origin(ask("POST", {{"Host", "localhost:8420"}, {"Origin", origin}}));
    REQUIRE(refused);
    REQUIRE(refused->status == 403);
  }
  REQUIRE(check_origin(ask("DELETE", {{"Host", "a"}, {"Sec-Fetch-Site", "cross-site"}})));
  REQUIRE_FALSE(check_origin(ask("GET", {{"Host", "a"}, {"Origin", "http://evil.example.com"}})));
}

TEST_CASE("a write says that its body is JSON") {
  constexpr std::array<std::string_view, 1> json{"application/json"};
  auto asked = ask("POST", {{"Content-Type", "Application/JSON; charset=utf-8"}});
  asked.body = "{}";
  REQUIRE_FALSE(check_content_type(asked, json));
  for (auto const* type :
       {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data"}) {
    auto other = ask("POST", {{"Content-Type", type}});
    REQUIRE(check_content_type(other, json)->status == 415);
    other.body = "{}";
    REQUIRE(check_content_type(other, json)->status == 415);
  }
  auto silent = ask("POST", {});
  REQUIRE_FALSE(check_content_type(silent, json));
  silent.body = "{}";
  REQUIRE(check_content_type(silent, json));
}

TEST_CASE("the machine itself needs no token, unless so configured") {
  access_policy policy;
  auto asked = ask("POST", {});
  REQUIRE_FALSE(authorize(asked, role::admin, policy));
  REQUIRE(asked.author == "user:local");
  policy.loopback_needs_token = true;
  REQUIRE(authorize(asked, role::read, policy)->status == 401);
  REQUIRE_FALSE(authorize(asked, role::none, policy));
}

TEST_CASE("a peer elsewhere needs a token, and so does everyone when others can connect") {
  auto policy = with_tokens();
  auto asked = ask("GET", {});
  asked.remote = "10.0.0.7";
  auto refused = authorize(asked, role::read, policy);
  REQUIRE(refused->status == 401);
  REQUIRE(refused->headers.has("WWW-Authenticate"));
  asked.remote = "127.0.0.1";
  policy.listen.host = "0.0.0.0"; // a proxy on this machine speaks for others
  REQUIRE(authorize(asked, role::read, policy)->status == 401);
}

TEST_CASE("a token gives its role and no more") {
  auto const policy = with_tokens();
  auto const as = [](char who) {
    return ask("POST", {{"Authorization", "Bearer " + std::string{secret} + who}});
  };
  auto reader = as('A');
  REQUIRE_FALSE(authorize(reader, role::read, policy));
  REQUIRE(reader.author == "user:ann");
  REQUIRE(authorize(reader, role::operate, policy)->status == 403);
  auto operating = as('B');
  REQUIRE_FALSE(authorize(operating, role::operate, policy));
  REQUIRE(authorize(operating, role::admin, policy)->status == 403);
  auto administrator = as('C');
  REQUIRE_FALSE(authorize(administrator, role::admin, policy));
  auto stranger = as('D'); // on loopback, but a wrong token is never as good as none
  REQUIRE(authorize(stranger, role::read, policy)->status == 401);
}

TEST_CASE("an address that others can reach needs a token to be started at all") {
  access_policy policy;
  REQUIRE(check_policy(policy));
  policy.listen.host = "0.0.0.0";
  REQUIRE(check_policy(policy).error().code == errc::forbidden);
  auto guarded = with_tokens();
  guarded.listen.host = "0.0.0.0";
  REQUIRE(check_policy(guarded));
}

TEST_CASE("a token that could be guessed or mistyped is not taken") {
  token_set tokens;
  REQUIRE_FALSE(tokens.add({"ann", role::read}, "short"));
  REQUIRE_FALSE(tokens.add({"ann", role::read}, std::string{secret} + " x"));
  REQUIRE_FALSE(tokens.add({"ann", role::read}, std::string{secret} + "\n"));
  REQUIRE_FALSE(tokens.add({"", role::read}, secret));
  REQUIRE(tokens.empty());
}
