#include "sources/http_answer.hpp"
#include "sources/http_url.hpp"
#include "specs/digest.hpp"
#include "tests/support/fetch_support.hpp"

#include <catch2/catch.hpp>

#include <chrono>

using namespace apisync;
using namespace apisync::sources;
using namespace apisync::test;
using namespace std::chrono_literals;

namespace {

const wall_time now{std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 8h};

http_answer answer(long status, std::string body, std::string type = "application/json") {
  http_answer made;
  made.status = status;
  made.body = std::move(body);
  made.content_type = std::move(type);
  made.url = "https://api.example/openapi.json";
  return made;
}

validators taken_before(const std::string& body) {
  validators last;
  last.etag = "\"1\"";
  last.bytes_hash = sha256::of(body).hex();
  return last;
}

failure_class class_for(long status) {
  return failure_of(judge({}, answer(status, "sorry"), now)).type;
}

} // namespace

TEST_CASE("each status has its class") {
  for (const long status : {404, 410})
    CHECK(class_for(status) == failure_class::gone);
  for (const long status : {401, 403})
    CHECK(class_for(status) == failure_class::auth);
  for (const long status : {408, 425, 429, 500, 502, 503, 504, 599})
    CHECK(class_for(status) == failure_class::transient);
  for (const long status : {201, 204, 206, 300, 305, 400, 405, 406, 418, 451})
    CHECK(class_for(status) == failure_class::permanent);
  CHECK(class_for(304) == failure_class::transient); // nothing was taken before
}

TEST_CASE("a document is a version with its validators") {
  auto said = answer(200, "{\"openapi\":\"3.1.0\"}");
  said.etag = "W/\"abc\"";
  said.last_modified = "Mon, 23 Nov 2026 07:00:00 GMT";
  const auto found = found_by(judge({}, said, now));
  REQUIRE(found.versions.size() == 1);
  CHECK(*found.versions[0].bytes == "{\"openapi\":\"3.1.0\"}");
  CHECK(found.versions[0].media_type == "application/json");
  CHECK(found.seen.etag == "W/\"abc\"");
  CHECK(found.seen.last_modified == "Mon, 23 Nov 2026 07:00:00 GMT");
}

TEST_CASE("the same bytes are nothing new, and new validators are kept") {
  fetch_request request;
  request.last = taken_before("{}");
  auto said = answer(200, "{}");
  said.etag = "\"2\"";
  const auto found = found_by(judge(request, said, now));
  CHECK(found.versions.empty());
  CHECK(found.seen.etag == "\"2\"");
  CHECK(found.seen.bytes_hash == request.last.bytes_hash);
}

TEST_CASE("not modified keeps what was known and takes what is new") {
  fetch_request request;
  request.last = taken_before("{}");
  CHECK(found_by(judge(request, answer(304, ""), now)).seen == request.last);
  auto said = answer(304, "");
  said.etag = "\"2\"";
  CHECK(found_by(judge(request, said, now)).seen.etag == "\"2\"");
}

TEST_CASE("a page for people is named by its title") {
  const auto page = "<!-- x -->\n<!DOCTYPE HTML><html><head><TITLE lang=en>\n Sign\t in \n</TITLE>";
  auto said = answer(200, page, "application/json");
  const auto plain = failure_of(judge({}, said, now));
  CHECK(plain.type == failure_class::permanent);
  CHECK(plain.problem.message.find("an HTML page titled “Sign in”") != std::string::npos);
  said.redirected = true;
  CHECK(failure_of(judge({}, said, now)).problem.message.find("redirected") != std::string::npos);
  CHECK(failure_of(judge({}, answer(403, page), now)).problem.message.find("“Sign in”") !=
        std::string::npos);
}

TEST_CASE("a document with the wrong type is still a document") {
  CHECK(judge({}, answer(200, "openapi: 3.1.0\n", "text/html; charset=utf-8"), now));
  CHECK(judge({}, answer(200, "{}", "text/html"), now));
  CHECK(failure_of(judge({}, answer(200, "<p>no</p>", "text/html"), now)).problem.code ==
        errc::parse_error);
}

TEST_CASE("HTML is recognised by how it begins") {
  for (const auto* text :
       {"<html>", "  \n<HTML lang=en>", "\xEF\xBB\xBF<!doctype html>",
        "<?xml version=\"1.0\"?>\n<!DOCTYPE html>", "<!-- a --><!-- b --><head>"})
    CHECK(looks_like_html(text));
  for (const auto* text :
       {"", "{}", "openapi: 3.0.0", "<", "<!--", "<xml>", "\"<html>\"", "# <html>"})
    CHECK_FALSE(looks_like_html(text));
}

TEST_CASE("a title is bounded and never cut inside a character") {
  std::string long_title = "<title>";
  for (int i = 0; i < 200; ++i)
    long_title += "é";
  const auto title = html_title(long_title);
  CHECK(title.size() == 120);
  CHECK(html_title("<title>a\x01\xFF</title>") == "a \xEF\xBF\xBD");
  CHECK(html_title("<title").empty());
  CHECK(html_title("no title").empty());
  CHECK(html_title("<title></title>").empty());
}

TEST_CASE("an empty body is retried") {
  CHECK(failure_of(judge({}, answer(200, " \n"), now)).type == failure_class::transient);
}

TEST_CASE("Retry-After is seconds or a date, at most a day") {
  CHECK(parse_retry_after("120", now) == 120s);
  CHECK(parse_retry_after(" 0 ", now) == 0s);
  CHECK(parse_retry_after("99999999999999999999999", now) == 24h);
  CHECK(parse_retry_after("86401", now) == 24h);
  CHECK(parse_retry_after("Mon, 23 Nov 2026 08:01:30 GMT", now) == 90s);
  CHECK(parse_retry_after("Mon, 23 Nov 2026 07:00:00 GMT", now) == 0s);
  for (const auto* text : {"", "-5", "soon", "1.5x"})
    CHECK_FALSE(parse_retry_after(text, now));
  auto said = answer(503, "");
  said.retry_after = "7";
  CHECK(failure_of(judge({}, said, now)).retry_after == 7s);
  CHECK_FALSE(failure_of(judge({}, answer(404, ""), now)).retry_after);
}

TEST_CASE("a URL is http or https, without a password, and printed without its query") {
  const auto url = http_url::parse("HTTPS://Api.Example:8443/a/../b.json?token=secret#x");
  REQUIRE(url);
  CHECK(url->scheme == "https");
  CHECK(url->host == "api.example");
  CHECK(url->port == 8'443);
  CHECK(url->printable.find("secret") == std::string::npos);
  CHECK(http_url::parse("http://[::1]/")->host == "::1");
  CHECK(http_url::parse("http://a/")->port == 80);
  CHECK(http_url::parse("http://a/x")->same_origin(*http_url::parse("http://a:80/y")));
  CHECK_FALSE(http_url::parse("http://a/")->same_origin(*http_url::parse("https://a/")));
  for (const auto* text : {"", "file:///etc/passwd", "ftp://a/", "http://", "//a", "a.json",
                           "http://user:pass@a/", "gopher://a/"}) {
    INFO(text);
    CHECK_FALSE(http_url::parse(text));
  }
}
