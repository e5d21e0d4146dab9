#include "admin/etag.hpp"
#include "admin/pagination.hpp"
#include "admin/problem.hpp"
#include "admin/request_options.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <random>

using namespace apisync;
using namespace apisync::admin;

namespace {

request with_query(std::string_view query) {
  request made;
  made.method = "GET";
  made.target = *parse_target("/?" + std::string{query});
  return made;
}

request with_header(std::string method, std::string name, std::string value) {
  request made;
  made.method = std::move(method);
  made.headers.add(std::move(name), std::move(value));
  return made;
}

} // namespace

TEST_CASE("a target is split before it is decoded") {
  auto const target = parse_target("/a%2Fb/c%20d/?x=1&y=a+b%2B&z#f");
  REQUIRE(target);
  REQUIRE(target->segments == std::vector<std::string>{"a/b", "c d", ""});
  REQUIRE(target->query == name_values{{"x", "1"}, {"y", "a b+"}, {"z", ""}});
  REQUIRE(parse_target("/")->segments.empty());
  for (auto const* text : {"", "a", "/%", "/%1", "/%g1", "/%00", "/?a=%"})
    REQUIRE_FALSE(parse_target(text));
}

TEST_CASE("any text survives percent-encoding and base64url") {
  std::mt19937 random{7};
  for (int i = 0; i < 300; ++i) {
    std::string text(random() % 40, '\0');
    for (auto& c : text)
      c = static_cast<char>(random() % 255 + 1);
    REQUIRE(percent_decode(percent_encode(text)) == text);
    REQUIRE(base64url_decode(base64url_encode(text)) == text);
  }
  REQUIRE(base64url_encode("\xfb\xff") == "-_8");
  for (auto const* text : {"=", "A", "AB=", "A+", "AB", "AAAAA"}) {
    INFO(text);
    REQUIRE((text == std::string{"AB"} || !base64url_decode(text)));
  }
  REQUIRE_FALSE(base64url_decode("AB")); // stray bits
}

TEST_CASE("a page has bounds and a cursor goes on where it ended") {
  REQUIRE(parse_page(with_query(""))->limit == 100);
  REQUIRE(parse_page(with_query("limit=1000"))->limit == 1000);
  for (auto const* query : {"limit=0", "limit=1001", "limit=x", "limit=-1",
                            "limit=", "cursor=", "cursor=!!", "cursor=QQ"})
    REQUIRE(parse_page(with_query(query)).error().code == errc::invalid_argument);
  REQUIRE(parse_page(with_query("cursor=" + make_cursor("api/billing")))->after == "api/billing");
}

TEST_CASE("a moment is a sequence or a time") {
  REQUIRE(std::get<std::uint64_t>(**parse_at(with_query("at=17"))) == 17);
  auto const time = parse_at(with_query("at=2026-11-23T08:00:00Z"));
  REQUIRE(std::holds_alternative<std::chrono::sys_time<std::chrono::microseconds>>(**time));
  REQUIRE_FALSE(*parse_at(with_query("")));
  REQUIRE(parse_at(with_query("at=yesterday")).error().where == "at");
}

TEST_CASE("an idempotency key is bounded and plain") {
  REQUIRE(idempotency_key(with_header("POST", "Idempotency-Key", "k-1")) == "k-1");
  REQUIRE(idempotency_key(with_header("POST", "Other", "k-1")) == "");
  REQUIRE_FALSE(idempotency_key(with_header("POST", "Idempotency-Key", std::string(201, 'x'))));
  REQUIRE_FALSE(idempotency_key(with_header("POST", "Idempotency-Key", "\xc3\xa9")));
}

TEST_CASE("a reader that has the document is spared it") {
  auto const tag = make_etag("abc");
  REQUIRE(not_modified(with_header("GET", "If-None-Match", "\"x\", W/\"abc\""), tag)->status ==
          304);
  REQUIRE(not_modified(with_header("HEAD", "If-None-Match", "*"), tag));
  REQUIRE_FALSE(not_modified(with_header("GET", "If-None-Match", "\"abd\""), tag));
  REQUIRE_FALSE(not_modified(with_header("GET", "Accept", "*/*"), tag));
  REQUIRE_FALSE(not_modified(with_header("PUT", "If-None-Match", "\"abc\""), tag));
}

TEST_CASE("a write does not overtake another") {
  auto const tag = make_etag("abc");
  REQUIRE_FALSE(check_preconditions(with_header("PUT", "If-Match", "\"abc\""), tag));
  REQUIRE_FALSE(check_preconditions(with_header("PUT", "If-Match", "*"), tag));
  REQUIRE_FALSE(check_preconditions(with_header("PUT", "Accept", "*"), tag));
  REQUIRE(check_preconditions(with_header("PUT", "If-Match", "W/\"abc\""), tag)->status == 412);
  REQUIRE(check_preconditions(with_header("PUT", "If-Match", "\"abd\""), tag)->status == 412);
  REQUIRE(check_preconditions(with_header("PUT", "If-Match", "*"), "")->status == 412);
  REQUIRE(check_preconditions(with_header("PUT", "If-None-Match", "*"), tag)->status == 412);
  REQUIRE_FALSE(check_preconditions(with_header("PUT", "If-None-Match", "*"), ""));
}

TEST_CASE("an error becomes problem details") {
  auto const answer =
      to_response(error{errc::not_found, "there is no API \"\xff\"", "/v1/apis/x"}, "/v1/apis/x");
  REQUIRE(answer.status == 404);
  REQUIRE(answer.content_type == "application/problem+json");
  auto const body = nlohmann::json::parse(answer.body);
  REQUIRE(body["code"] == "not_found");
  REQUIRE(body["title"] == "Not Found");
  REQUIRE(body["status"] == 404);
  REQUIRE(body["instance"] == "/v1/apis/x");
  REQUIRE(to_response(error{errc::overloaded, "x", ""}, "/").headers.get("retry-after") == "1");
}
