#include "admin/http_server.hpp"
#include "tests/admin/raw_client.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <vector>

using namespace apisync;
using namespace apisync::admin;
using namespace std::chrono_literals;
using apisync::test::raw_client;

namespace {

server_options small_limits() {
  server_options options;
  options.listen = {"127.0.0.1", 0};
  options.threads = 4;
  options.event_streams = 2;
  options.waiting = 4;
  options.channel.head_bytes = 2048;
  options.channel.body_bytes = 100'000;
  return options;
}

response echo(request& asked) {
  response answer;
  answer.content_type = "text/plain";
  answer.body = asked.method + " " + asked.target.path + " " + std::to_string(asked.body.size());
  return answer;
}

std::unique_ptr<http_server> serve(server_options options, http_server::handler handler = echo) {
  auto started = http_server::start(std::move(options), std::move(handler));
  REQUIRE(started);
  return std::move(*started);
}

std::string get(std::string_view target, std::string_view fields = "") {
  return "GET " + std::string{target} + " HTTP/1.1\r\nHost: localhost\r\n" + std::string{fields} +
         "\r\n";
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("several requests travel on one connection, and on one packet") {
  auto const server = serve(small_limits());
  raw_client client{server->address().port};
  client.send(get("/one") + get("/two%2Fx?y=1"));
  REQUIRE(has(client.read_answer(), "GET /one 0"));
  REQUIRE(has(client.read_answer(), "GET /two%2Fx 0"));
  client.send("POST /three HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
  REQUIRE(has(client.read_answer(), "POST /three 5"));
  client.send("POST /four HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
              "3\r\nabc\r\n0\r\n\r\n" +
              get("/five"));
  REQUIRE(has(client.read_answer(), "POST /four 3"));
  REQUIRE(has(client.read_answer(), "GET /five 0"));
}

TEST_CASE("a POST that states no length has no body, and is answered at once") {
  auto const server = serve(small_limits());
  raw_client client{server->address().port};
  client.send("POST /pause HTTP/1.1\r\nHost: localhost\r\n\r\n" + get("/next"));
  CHECK(has(client.read_answer(), "POST /pause 0"));
  CHECK(has(client.read_answer(), "GET /next 0"));
}

TEST_CASE("HEAD answers the length without the body") {
  auto const server = serve(small_limits());
  raw_client client{server->address().port};
  client.send("HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  auto const answer = client.read_all();
  REQUIRE(has(answer, "200 OK"));
  REQUIRE(has(answer, "Content-Length: 9"));
  REQUIRE(answer.ends_with("\r\n\r\n"));
}

TEST_CASE("a chunked body over the limit is cut off and answered 413") {
  auto const server = serve(small_limits());
  raw_client client{server->address().port};
  client.send("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  std::string const chunk = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
  std::size_t sent = 0;
  while (sent < 64U << 20U && client.send(chunk))
    sent += chunk.size();
  REQUIRE(sent < 64U << 20U);
}

TEST_CASE("a body over the limit says what the limit is") {
  auto const server = serve(small_limits());
  raw_client stated{server->address().port};
  stated.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 100001\r\n\r\n");
  stated.send(std::string(100'001, 'x'));
  auto answer = stated.read_all();
  REQUIRE(has(answer, " 413 "));
  REQUIRE(has(answer, "longer than 100000 bytes"));

  raw_client chunked{server->address().port};
  chunked.send("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 11; ++i)
    chunked.send("4000\r\n" + std::string(0x4000, 'x') + "\r\n");
  answer = chunked.read_all();
  REQUIRE(has(answer, " 413 "));
  REQUIRE(has(answer, "application/problem+json"));
}

TEST_CASE("a huge header line is refused before it is held in memory") {
  auto const server = serve(small_limits());
  raw_client client{server->address().port};
  client.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(100'000, 'x'));
  auto const answer = client.read_all();
  REQUIRE(has(answer, " 431 "));
  REQUIRE(has(answer, "\"code\":\"limit_exceeded\""));
}

TEST_CASE("a slow client is answered 408 when its time is over") {
  auto options = small_limits();
  options.channel.read_time = 50ms;
  auto const server = serve(options);
  raw_client head{server->address().port};
  head.send("GET / HTTP/1.1\r\nHo");
  REQUIRE(has(head.read_all(), " 408 "));
  raw_client body{server->address().port};
  body.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  REQUIRE(has(body.read_all(), " 408 "));
}

TEST_CASE("a client that does not read its answer loses the connection") {
  auto options = small_limits();
  options.threads = 1;
  options.event_streams = 0;
  options.channel.write_time = 50ms;
  std::string const large(32U << 20U, 'x');
  auto const server = serve(options, [&](request& asked) {
    response answer;
    answer.body = asked.target.path == "/large" ? large : "small";
    return answer;
  });
  raw_client greedy{server->address().port};
  greedy.send(get("/large"));
  raw_client other{server->address().port};
  other.send(get("/small"));
  REQUIRE(has(other.read_answer(), "small"));
}

TEST_CASE("more connections than threads and waiting places are answered 503") {
  auto options = small_limits();
  std::promise<void> release;
  auto const released = release.get_future().share();
  auto const server = serve(options, [&](request& asked) {
    if (asked.target.path == "/block") released.wait();
    return echo(asked);
  });
  std::vector<raw_client> clients;
  for (int i = 0; i < 4 + 2 + 4; ++i) {
    clients.emplace_back(server->address().port);
    clients.back().send(get("/block"));
  }
  std::string refused;
  for (int i = 0; i < 20 && refused.empty(); ++i) { // until the accepting thread has seen them all
    raw_client extra{server->address().port};
    refused = extra.read_until("}");
  }
  REQUIRE(has(refused, " 503 "));
  REQUIRE(has(refused, "Retry-After"));
  release.set_value();
  for (auto& client : clients)
    REQUIRE(has(client.read_answer(), "GET /block"));
}

TEST_CASE("idle connections give way to new ones") {
  auto options = small_limits();
  options.idle = 60s;
  auto const server = serve(options);
  std::vector<raw_client> idle;
  for (int i = 0; i < 6; ++i) {
    idle.emplace_back(server->address().port);
    idle.back().send(get("/idle"));
    REQUIRE(has(idle.back().read_answer(), "GET /idle"));
  }
  raw_client client{server->address().port};
  client.send(get("/new"));
  REQUIRE(has(client.read_answer(), "GET /new"));
}

TEST_CASE("one range is ignored, many are refused") {
  auto const server = serve(small_limits());
  raw_client one{server->address().port};
  one.send(get("/abc", "Range: bytes=0-1\r\n"));
  REQUIRE(has(one.read_answer(), "GET /abc 0"));
  raw_client many{server->address().port};
  many.send(get("/abc", "Range: bytes=0-1,0-2,0-3\r\n"));
  REQUIRE(has(many.read_all(), " 416 "));
}

TEST_CASE("what two readers could understand differently is refused") {
  auto const server = serve(small_limits());
  for (std::string_view const head : {
           "GET / HTTP/1.1\nHost: a\n\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
           "GET / HTTP/1.1\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
           "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
           "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
           "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
           "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n",
       }) {
    INFO(head);
    raw_client client{server->address().port};
    client.send(head);
    REQUIRE(has(client.read_until("}"), " 400 "));
  }
}

TEST_CASE("a body on GET never becomes the next request") {
  auto const server = serve(small_limits());
  raw_client client{server->address().port};
  auto const inner = get("/smuggled");
  client.send("GET /outer HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(inner.size()) +
              "\r\n\r\n" + inner);
  auto const answer = client.read_all();
  REQUIRE(has(answer, "GET /outer"));
  REQUIRE_FALSE(has(answer, "smuggled"));
}

TEST_CASE("an encoded body is refused, so that none unpacks to more than the limit") {
  auto const server = serve(small_limits());
  raw_client client{server->address().port};
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx");
  REQUIRE(has(client.read_all(), " 415 "));
}

TEST_CASE("all bodies together have a budget") {
  shared_budget bodies;
  bodies.most = 1000;
  auto options = small_limits();
  options.bodies = &bodies;
  auto const server = serve(options);
  raw_client client{server->address().port};
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000\r\n\r\n" +
              std::string(2000, 'x'));
  REQUIRE(has(client.read_all(), " 503 "));
  raw_client small{server->address().port};
  small.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\nConnection: close\r\n\r\n" +
             std::string(900, 'x'));
  REQUIRE(has(small.read_all(), "POST / 900"));
}

TEST_CASE("an exception in a handler is a problem, not an end") {
  auto const server = serve(
      small_limits(), [](request&) -> response { throw std::runtime_error{"broken promise"}; });
  raw_client client{server->address().port};
  client.send(get("/"));
  auto const answer = client.read_answer();
  REQUIRE(has(answer, " 500 "));
  REQUIRE(has(answer, "\"code\":\"internal\""));
}

namespace {

response ticking(request& asked) {
  response answer;
  if (asked.target.path != "/stream") return echo(asked);
  answer.content_type = "text/event-stream";
  answer.stream = [](stream_writer& writer) {
    std::mutex mutex;
    std::condition_variable never;
    for (int i = 0; writer.open() && writer.write("id: " + std::to_string(i) + "\ndata: {}\n\n");
         ++i) {
      std::unique_lock lock{mutex};
      never.wait_for(lock, 20ms);
    }
  };
  return answer;
}

} // namespace

TEST_CASE("event streams are counted apart and leave the threads to the others") {
  auto options = small_limits();
  options.threads = 1;
  auto const server = serve(options, ticking);
  std::vector<raw_client> streams;
  for (int i = 0; i < 2; ++i) {
    streams.emplace_back(server->address().port);
    streams.back().send(get("/stream"));
    REQUIRE(has(streams.back().read_until("id: 1"), "text/event-stream"));
  }
  raw_client third{server->address().port};
  third.send(get("/stream"));
  REQUIRE(has(third.read_answer(), " 503 "));
  third.send(get("/other"));
  REQUIRE(has(third.read_answer(), "GET /other"));
}

TEST_CASE("a stream that its reader leaves frees its place") {
  auto options = small_limits();
  options.event_streams = 1;
  auto const server = serve(options, ticking);
  for (int i = 0; i < 3; ++i) {
    std::string seen;
    for (int tries = 0; tries < 1000 && !has(seen, "id: 0"); ++tries) {
      raw_client reader{server->address().port};
      reader.send(get("/stream"));
      seen = reader.read_until("}"); // the end of an event, and of a refusal
    }
    REQUIRE(has(seen, "id: 0"));
  }
}

TEST_CASE("stopping ends idle connections and streams at once") {
  auto options = small_limits();
  options.idle = 60s;
  auto server = serve(options, ticking);
  raw_client idle{server->address().port};
  idle.send(get("/x"));
  REQUIRE(has(idle.read_answer(), "GET /x"));
  raw_client stream{server->address().port};
  stream.send(get("/stream"));
  stream.read_until("id: 0");
  auto const before = std::chrono::steady_clock::now();
  server->stop();
  REQUIRE(std::chrono::steady_clock::now() - before < 5s);
  idle.read_all();
  REQUIRE(idle.closed());
  REQUIRE_THROWS(raw_client{server->address().port});
}

TEST_CASE("a taken port is an error that says what to do") {
  auto const first = serve(small_limits());
  auto options = small_limits();
  options.listen.port = first->address().port;
  auto const second = http_server::start(options, echo);
  REQUIRE_FALSE(second);
  REQUIRE(second.error().code == errc::unavailable);
  REQUIRE(second.error().where == "127.0.0.1:" + std::to_string(first->address().port));
  REQUIRE(has(second.error().message, "--listen"));
}

TEST_CASE("an address to listen on is read strictly") {
  REQUIRE(parse_listen_address("127.0.0.1:8420") == listen_address{"127.0.0.1", 8420});
  REQUIRE(parse_listen_address("[::1]:0") == listen_address{"::1", 0});
  REQUIRE(parse_listen_address("[::1]:0")->to_string() == "[::1]:0");
  for (auto const* text :
       {"", "8420", ":8420", "localhost", "localhost:", "a:65536", "a:1x", "::1:8420"})
    REQUIRE_FALSE(parse_listen_address(text));
  REQUIRE(is_loopback("LOCALHOST"));
  REQUIRE(is_loopback("127.8.9.1"));
  REQUIRE(is_loopback("[::1]"));
  REQUIRE(is_loopback("::ffff:127.0.0.1"));
  REQUIRE_FALSE(is_loopback("10.0.0.1"));
  REQUIRE_FALSE(is_loopback("localhost.example.com"));
}
