#include "sources/http_fetcher.hpp"
#include "tests/support/fetch_support.hpp"
#include "tests/support/http_fixture.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

using namespace apisync;
using namespace apisync::sources;
using namespace apisync::test;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view document = "{\"openapi\":\"3.1.0\"}";

/// A fetcher that may ask the loopback interface and nothing else that is not public.
struct fetcher_under_test {
  static http_settings settings() {
    http_settings made;
    made.addresses = *address_policy::parse({"loopback"});
    made.now = [] { return wall_time(std::chrono::sys_days(std::chrono::year(2026) / 11 / 23)); };
    return made;
  }
  http_fetcher fetcher{settings()};
};

fetch_request request(std::string url) {
  fetch_request made;
  made.source = "petstore";
  made.from.type = location::kind::http;
  made.from.url = std::move(url);
  return made;
}

/// Answers every request with the same bytes.
http_fixture::handler always(std::string bytes) {
  return [bytes = std::move(bytes)](const http_request&, const http_connection& connection) {
    connection.send(bytes);
  };
}

/// What a fetch of a server that always answers so comes to.
fetch_outcome outcome_of(const std::string& bytes, fetch_limits limits = {}) {
  const http_fixture server(always(bytes));
  fetcher_under_test tested;
  auto asked = request(server.url("/openapi.json"));
  asked.limits = limits;
  return fetch_now(tested.fetcher, asked);
}

/// A gzip stream (RFC 1952) of about `size` times `a`, a thousandth of that in length: one block
/// with fixed codes (RFC 1951 §3.2.6) of one literal and copies of 258 bytes.
std::string gzip_bomb(std::size_t size) {
  std::string out("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  unsigned bits = 0;
  unsigned count = 0;
  const auto put = [&](unsigned value, unsigned length) { // codes: most significant bit first
    for (unsigned i = length; i-- > 0;) {
      bits |= ((value >> i) & 1U) << count;
      if (++count == 8) {
        out += static_cast<char>(bits);
        bits = count = 0;
      }
    }
  };
  put(1, 1);    // the last block
  put(2, 2);    // fixed codes: 01, least significant bit first
  put(0x91, 8); // literal `a`
  for (std::size_t made = 1; made < size; made += 258) {
    put(0xC5, 8); // length 258
    put(0, 5);    // distance 1
  }
  put(0, 7); // the end of the block
  put(0, 7);
  return out;
}

} // namespace

TEST_CASE("a document is fetched, and asked for conditionally the next time") {
  const http_fixture server([](const http_request& asked, const http_connection& connection) {
    const auto known = asked.headers.find("if-none-match");
    if (known != asked.headers.end() && known->second == "\"v1\"")
      connection.send("HTTP/1.1 304 Not Modified\r\nETag: \"v1\"\r\nConnection: close\r\n\r\n");
    else
      connection.send(http_fixture::answer(
          200, "ETag: \"v1\"\r\nLast-Modified: Mon, 23 Nov 2026 07:00:00 GMT\r\n", document));
  });
  fetcher_under_test tested;
  auto asked = request(server.url("/openapi.json"));
  const auto first = found_by(fetch_now(tested.fetcher, asked));
  REQUIRE(first.versions.size() == 1);
  CHECK(*first.versions[0].bytes == document);

  asked.last = first.seen;
  const auto second = found_by(fetch_now(tested.fetcher, asked));
  CHECK(second.versions.empty());
  CHECK(second.seen == first.seen);
  const auto seen = server.requests();
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].headers.count("if-none-match") == 0);
  CHECK(seen[1].headers.at("if-modified-since") == "Mon, 23 Nov 2026 07:00:00 GMT");
}

TEST_CASE("a compressed document is decoded") {
  const std::string packed(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\xca\x2f\x48\xcd\x4b\x2c\xc8"
      "\x54\xb2\x52\x32\xd6\x33\xd4\x33\x50\xaa\x05\x00\x5e\x3c\xe3\x4e\x13\x00\x00\x00",
      39);
  const auto outcome = outcome_of(http_fixture::answer(200, "Content-Encoding: gzip\r\n", packed));
  CHECK(*found_by(outcome).versions.at(0).bytes == document);
}

TEST_CASE("a small answer that unpacks to a large one is cut at the limit") {
  const auto bomb = gzip_bomb(64U << 20);
  REQUIRE(bomb.size() < 1U << 20);
  fetch_limits limits;
  limits.bytes = 2U << 20;
  const auto failure =
      failure_of(outcome_of(http_fixture::answer(200, "Content-Encoding: gzip\r\n", bomb), limits));
  CHECK(failure.type == failure_class::permanent);
  CHECK(failure.problem.code == errc::limit_exceeded);
  CHECK(failure.problem.message.find("2097152") != std::string::npos);
}

TEST_CASE("a body over the limit is refused, with a length and without") {
  fetch_limits limits;
  limits.bytes = 1'000;
  const std::string large(1'001, 'x');
  CHECK(failure_of(outcome_of(http_fixture::answer(200, "", large), limits)).problem.code ==
        errc::limit_exceeded);
  CHECK(failure_of(outcome_of("HTTP/1.1 200 OK\r\n\r\n" + large, limits)).problem.code ==
        errc::limit_exceeded);
  CHECK(outcome_of(http_fixture::answer(200, "", std::string(1'000, 'x')), limits));
}

TEST_CASE("headers that are too large are refused") {
  std::string many = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 200; ++i)
    many += "X-Filler: " + std::string(1'000, 'x') + "\r\n";
  for (const auto& bytes :
       {many + "\r\n{}", "HTTP/1.1 200 OK\r\nX: " + std::string(1U << 20, 'x')}) {
    const auto failure = failure_of(outcome_of(bytes));
    CHECK(failure.type == failure_class::permanent);
    CHECK(failure.problem.code == errc::limit_exceeded);
  }
}

TEST_CASE("an answer that ends too early is retried and never taken") {
  const auto cut =
      failure_of(outcome_of("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"openapi\":\"3.1"));
  CHECK(cut.type == failure_class::transient);
  CHECK(cut.problem.message == "the answer was cut off before its end");
  const auto chunked = failure_of(
      outcome_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{\"openapi\""));
  CHECK(chunked.type == failure_class::transient);
  CHECK(failure_of(outcome_of("")).type == failure_class::transient);
  CHECK(failure_of(outcome_of("HTTP/1.1 200 OK\r\nContent-Le")).type == failure_class::transient);
  const auto damaged =
      failure_of(outcome_of(http_fixture::answer(200, "Content-Encoding: gzip\r\n", document)));
  CHECK(damaged.type == failure_class::transient);
}

TEST_CASE("what does not speak HTTP is refused") {
  const auto failure = failure_of(outcome_of("SSH-2.0-OpenSSH_9.2\r\n"));
  CHECK(failure.type == failure_class::permanent);
}

TEST_CASE("errors of the server come with their class and its wish to wait") {
  CHECK(failure_of(outcome_of(http_fixture::answer(404, "", "no"))).type == failure_class::gone);
  const auto busy = failure_of(outcome_of(http_fixture::answer(429, "Retry-After: 17\r\n", "no")));
  CHECK(busy.type == failure_class::transient);
  CHECK(busy.retry_after == 17s);
  const auto later = failure_of(outcome_of(http_fixture::answer(
      503, "Retry-After: Mon, 23 Nov 2026 00:00:40 GMT\r\n", std::string(1U << 20, 'x'))));
  CHECK(later.retry_after == 40s);
  const auto page = failure_of(outcome_of(http_fixture::answer(
      200, "Content-Type: text/html\r\n", "<!doctype html><title>Swagger UI</title>")));
  CHECK(page.problem.message.find("“Swagger UI”") != std::string::npos);
}

TEST_CASE("a server that does not answer in time is given up") {
  const http_fixture server([](const http_request&, const http_connection& connection) {
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
    connection.wait_for_close();
  });
  fetcher_under_test tested;
  auto asked = request(server.url("/"));
  asked.limits.total_timeout = 100ms;
  const auto failure = failure_of(fetch_now(tested.fetcher, asked));
  CHECK(failure.type == failure_class::transient);
  CHECK(failure.problem.message.find("in time") != std::string::npos);
}

TEST_CASE("a refused connection is retried") {
  std::string url;
  { url = http_fixture(always("")).url("/"); }
  fetcher_under_test tested;
  CHECK(failure_of(fetch_now(tested.fetcher, request(url))).type == failure_class::transient);
}

TEST_CASE("redirects are followed a bounded number of times") {
  const http_fixture server([](const http_request& asked, const http_connection& connection) {
    const int step = std::stoi(asked.target.substr(1));
    connection.send(step == 3 ? http_fixture::answer(200, "", document)
                              : http_fixture::answer(
                                    302, "Location: /" + std::to_string(step + 1) + "\r\n", "x"));
  });
  fetcher_under_test tested;
  auto asked = request(server.url("/0"));
  asked.limits.redirects = 3;
  CHECK(fetch_now(tested.fetcher, asked));
  asked.limits.redirects = 2;
  const auto failure = failure_of(fetch_now(tested.fetcher, asked));
  CHECK(failure.type == failure_class::permanent);
  CHECK(failure.problem.code == errc::limit_exceeded);
}

TEST_CASE("a redirect leads neither to a denied address nor out of HTTP") {
  for (const std::string target :
       {"http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://[::ffff:10.0.0.1]/",
        "http://[fe80::1]/", "http://0.0.0.0/", "http://0xa9fea9fe/", "http://2852039166/"}) {
    INFO(target);
    const auto denied =
        failure_of(outcome_of(http_fixture::answer(302, "Location: " + target + "\r\n", "")));
    CHECK(denied.type == failure_class::permanent);
    CHECK(denied.problem.code == errc::forbidden);
  }
  for (const std::string target : {"file:///etc/passwd", "gopher://127.0.0.1/", "ftp://a/"}) {
    INFO(target);
    const auto refused =
        failure_of(outcome_of(http_fixture::answer(302, "Location: " + target + "\r\n", "")));
    CHECK(refused.type == failure_class::permanent);
  }
}

TEST_CASE("loopback is denied unless the source or the configuration allows it") {
  const http_fixture server(always(http_fixture::answer(200, "", document)));
  auto settings = fetcher_under_test::settings();
  settings.addresses = {};
  http_fetcher strict(std::move(settings));
  auto asked = request(server.url("/"));
  const auto denied = failure_of(fetch_now(strict, asked));
  CHECK(denied.problem.code == errc::forbidden);
  CHECK(denied.problem.message.find("“loopback”") != std::string::npos);
  CHECK(server.requests().empty());
  asked.from.allow_addresses = {"127.0.0.1:" + std::to_string(server.port())};
  CHECK(fetch_now(strict, asked));
  asked.from.allow_addresses = {"no/such"};
  CHECK(failure_of(fetch_now(strict, asked)).problem.code == errc::invalid_argument);
}

TEST_CASE("a kept connection is checked like a new one") {
  const http_fixture server([](const http_request&, const http_connection& connection) {
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
    connection.wait_for_close();
  });
  auto settings = fetcher_under_test::settings();
  settings.addresses = {};
  http_fetcher strict(std::move(settings));
  auto asked = request(server.url("/"));
  asked.from.allow_addresses = {"loopback"};
  CHECK(fetch_now(strict, asked));
  asked.from.allow_addresses.clear();
  CHECK(failure_of(fetch_now(strict, asked)).problem.code == errc::forbidden);
  CHECK(server.requests().size() == 1);
}

TEST_CASE("headers are sent to the origin they are for, with their secrets, and to no other") {
  const http_fixture other(always(http_fixture::answer(200, "", document)));
  const http_fixture server([&](const http_request& asked, const http_connection& connection) {
    const auto target = asked.target == "/same" ? other.url("/other") : std::string("/same");
    connection.send(http_fixture::answer(307, "Location: " + target + "\r\n", ""));
  });
  const scratch_directory scratch;
  scratch.write("key", "k3y\n");
  auto settings = fetcher_under_test::settings();
  settings.allowed = *roots::open({scratch.path()});
  http_fetcher fetcher(std::move(settings));
  auto asked = request(server.url("/"));
  asked.from.headers = {{"X-Api-Key", "file:" + (scratch / "key")}, {"accept", "text/yaml"}};
  CHECK(fetch_now(fetcher, asked));
  const auto own = server.requests();
  REQUIRE(own.size() == 2);
  CHECK(own[1].headers.at("x-api-key") == "k3y");
  CHECK(own[1].headers.at("accept") == "text/yaml");
  REQUIRE(other.requests().size() == 1);
  CHECK(other.requests()[0].headers.count("x-api-key") == 0);
}

TEST_CASE("a header that cannot be made fails the fetch without a request") {
  const http_fixture server(always(http_fixture::answer(200, "", document)));
  fetcher_under_test tested;
  const std::vector<std::pair<std::string, std::string>> rows{
      {"Authorization", "env:APISYNC_TEST_UNSET"},
      {"Authorization", "file:/etc/hostname"},
      {"X-Bad", "a\r\nX-Other: b"},
      {"X Bad", "a"},
      {"X-Bad:", "a"}};
  for (const auto& [name, value] : rows) {
    INFO(name << ": " << value);
    auto asked = request(server.url("/"));
    asked.from.headers = {{name, value}};
    const auto failure = failure_of(fetch_now(tested.fetcher, asked));
    CHECK(failure.type != failure_class::transient);
  }
  CHECK(server.requests().empty());
}

TEST_CASE("a full queue refuses, and the end of the fetcher cancels what is under way") {
  const http_fixture server(
      [](const http_request&, const http_connection& connection) { connection.wait_for_close(); });
  std::vector<pending_fetch> fetches;
  {
    auto settings = fetcher_under_test::settings();
    settings.in_flight_max = 2;
    settings.waiting_max = 3;
    http_fetcher fetcher(std::move(settings));
    for (int i = 0; i < 2; ++i)
      fetches.emplace_back(fetcher, request(server.url("/")));
    REQUIRE(server.wait_for_requests(2)); // both places are taken, so the rest waits
    for (int i = 0; i < 4; ++i)
      fetches.emplace_back(fetcher, request(server.url("/")));
    CHECK(failure_of(fetches.back().get()).problem.code == errc::overloaded);
    fetches.pop_back();
  }
  for (auto& fetch : fetches) {
    CHECK(failure_of(fetch.get()).problem.code == errc::cancelled);
    CHECK(fetch.answers() == 1);
  }
}

TEST_CASE("bodies together stay within the budget") {
  const http_fixture server(always(http_fixture::answer(200, "", std::string(10'000, 'x'))));
  auto settings = fetcher_under_test::settings();
  settings.buffered_max = 9'999;
  http_fetcher fetcher(std::move(settings));
  const auto failure = failure_of(fetch_now(fetcher, request(server.url("/"))));
  CHECK(failure.type == failure_class::transient);
  CHECK(failure.problem.code == errc::overloaded);
}

TEST_CASE("many fetches from one server all end well") {
  const http_fixture server(always(http_fixture::answer(200, "", document)));
  fetcher_under_test tested;
  std::vector<pending_fetch> fetches;
  for (int i = 0; i < 200; ++i)
    fetches.emplace_back(tested.fetcher, request(server.url("/" + std::to_string(i))));
  for (auto& fetch : fetches)
    CHECK(found_by(fetch.get()).versions.size() == 1);
}
