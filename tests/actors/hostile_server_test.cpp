#include "actors/service.hpp"
#include "sources/default_fetcher.hpp"
#include "storage/memory_log.hpp"
#include "tests/support/http_fixture.hpp"

#include <catch2/catch.hpp>

#include <future>
#include <map>
#include <mutex>
#include <string>
#include <vector>

// Servers that are broken, or mean harm: what becomes of a sync with each, from the socket to the
// log. What the transfers themselves do is in tests/sources/http_*_test.cpp.

using namespace apisync;
using namespace std::chrono_literals;
using events::failure_kind;
using events::sync_outcome;
using test::http_connection;
using test::http_fixture;
using test::http_request;

namespace {

constexpr std::size_t document_bytes = 1U << 20;

std::string spec(const std::string& title, const std::string& rest = {}) {
  return R"({"openapi":"3.1.0","info":{"title":")" + title + R"(","version":"1"},"paths":{})" +
         rest + "}";
}

std::string with_paths(int count) {
  std::string paths;
  for (int i = 0; i < count; ++i)
    paths += (i == 0 ? "" : ",") + std::string{"\"/p"} + std::to_string(i) +
             R"(":{"get":{"responses":{"200":{"description":"ok"}}}})";
  return R"({"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{)" + paths + "}}";
}

/// An answer with status 200.
std::string ok(const std::string& body, const std::string& headers = {}) {
  return http_fixture::answer(200, headers, body);
}

/// How a sync ended.
struct met {
  sync_outcome outcome;
  std::optional<failure_kind> failure;
  std::string words; ///< Of the reason.
};

/// What a server does on its so many-th request for a path, and what becomes of each sync.
struct behaviour {
  std::string name;
  std::function<void(const http_connection&, int time)> answer;
  std::vector<met> ends; ///< Of the syncs, one after the other.
};

met failed(failure_kind kind, std::string words) {
  return {sync_outcome::failed, kind, std::move(words)};
}

const met changed{sync_outcome::changed, {}, {}};
const met unchanged{sync_outcome::unchanged, {}, {}};

met kept_out(std::string words) {
  return {sync_outcome::quarantined, {}, std::move(words)};
}

behaviour always(std::string name, std::string bytes, std::vector<met> ends) {
  return {std::move(name),
          [bytes = std::move(bytes)](const http_connection& to, int) { to.send(bytes); },
          std::move(ends)};
}

behaviour in_turn(std::string name, std::vector<std::string> answers, std::vector<met> ends) {
  return {std::move(name),
          [answers = std::move(answers)](const http_connection& to, int time) {
            to.send(answers[static_cast<std::size_t>(time) % answers.size()]);
          },
          std::move(ends)};
}

std::string headers_without_end() {
  std::string out = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 200; ++i)
    out += "X-Filler: " + std::string(1'000, 'x') + "\r\n";
  return out + "\r\n{}";
}

std::string continues() {
  std::string out;
  for (int i = 0; i < 20'000; ++i)
    out += "HTTP/1.1 100 Continue\r\n\r\n";
  return out;
}

std::string alias_bomb() {
  std::string out = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const auto before = "*a" + std::to_string(i - 1);
    out += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k)
      out += (k == 0 ? "" : ", ") + before;
    out += "]\n";
  }
  return out + "openapi: 3.1.0\n";
}

const std::vector<behaviour>& behaviours() {
  using enum failure_kind;
  static const std::vector<behaviour> all{
      // -- that take their time ----------------------------------------------
      {"says nothing",
       [](const http_connection& to, int) { to.wait_for_close(); },
       {failed(transient, "in time")}},
      {"drips",
       [](const http_connection& to, int) {
         to.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
         to.drip("{");
       },
       {failed(transient, "in time")}},
      {"never ends",
       [](const http_connection& to, int) {
         to.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
         while (to.send("400\r\n" + std::string(0x400, 'x') + "\r\n")) {
         }
       },
       {failed(permanent, "1048576")}},
      // -- that break off, or count wrong ------------------------------------
      always("closes without a word", "", {failed(transient, "")}),
      always("breaks off in its head", "HTTP/1.1 200 OK\r\nContent-Le", {failed(transient, "")}),
      always("breaks off in its body",
             "HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + spec("T"),
             {failed(transient, "cut off")}),
      always("breaks off in a chunk",
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n90\r\n{\"openapi\"",
             {failed(transient, "")}),
      always("promises less than it sends",
             "HTTP/1.1 200 OK\r\nContent-Length: 20\r\nConnection: close\r\n\r\n" + spec("T"),
             {kept_out("")}),
      always("sends more after its end",
             "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(spec("T").size()) + "\r\n\r\n" +
                 spec("T") + "and then some",
             {changed}),
      always("has two lengths",
             "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n{}",
             {failed(transient, "")}),
      // -- that lead elsewhere -----------------------------------------------
      always("redirects to itself for ever", http_fixture::answer(302, "Location: ?\r\n", ""),
             {failed(permanent, "redirected more than 5 times")}),
      always("redirects to a cloud's metadata",
             http_fixture::answer(302, "Location: http://169.254.169.254/latest/\r\n", ""),
             {failed(permanent, "169.254.169.254")}),
      always("redirects into a private network",
             http_fixture::answer(307, "Location: http://[::ffff:10.0.0.1]/\r\n", ""),
             {failed(permanent, "10.0.0.1")}),
      always("redirects to a file",
             http_fixture::answer(302, "Location: file:///etc/passwd\r\n", ""),
             {failed(permanent, "")}),
      always("redirects to nowhere", http_fixture::answer(302, "", ""),
             {failed(permanent, "answered 302")}),
      // -- that send more, or something else, than they say ------------------
      always("has a head without end", headers_without_end(), {failed(permanent, "header")}),
      always("only ever says 100 Continue", continues(), {failed(permanent, "header")}),
      always("speaks another protocol", "SSH-2.0-OpenSSH_9.2\r\n", {failed(permanent, "")}),
      always("says gzip and sends text", ok(spec("T"), "Content-Encoding: gzip\r\n"),
             {failed(transient, "")}),
      always("encodes in a way that nobody knows", ok(spec("T"), "Content-Encoding: mars\r\n"),
             {failed(transient, "")}),
      always("is larger than it may be", ok(std::string(document_bytes + 1, ' ')),
             {failed(permanent, "1048576")}),
      // -- that answer something else ----------------------------------------
      always("shows a page", ok("<!doctype html><title>Swagger UI</title>"),
             {failed(permanent, "“Swagger UI”")}),
      {"has people sign in",
       [](const http_connection& to, int time) {
         to.send(time % 2 == 0 ? http_fixture::answer(302, "Location: ?login\r\n", "")
                               : ok("<html><title>Sign in</title></html>"));
       },
       {failed(permanent, "to sign in")}},
      always("answers nothing", ok(""), {failed(transient, "empty body")}),
      always("tells an error with status 200", ok(R"({"error":"out of order"})"),
             {kept_out("error answer")}),
      always("sends no text", ok(std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16)), {kept_out("")}),
      always("has an error of its own",
             http_fixture::answer(500, "Content-Type: text/html\r\n", "<title>Oops</title>"),
             {failed(transient, "500")}),
      always("has too many requests",
             http_fixture::answer(429, "Retry-After: 3000\r\n", "slow down"),
             {failed(transient, "429")}),
      always("wants a credential", http_fixture::answer(401, "", ""), {failed(auth, "credential")}),
      always("refuses a credential", http_fixture::answer(403, "", ""),
             {failed(auth, "credential")}),
      always("has no document", http_fixture::answer(404, "", "no"), {failed(gone, "404")}),
      always("answers a part that nobody asked for",
             http_fixture::answer(206, "Content-Range: bytes 0-1/9\r\n", "{}"),
             {failed(permanent, "206")}),
      always("has not modified what nobody has", "HTTP/1.1 304 Not Modified\r\n\r\n",
             {failed(transient, "without conditions")}),
      // -- whose documents are hostile ---------------------------------------
      always("writes UTF-16", ok(std::string("\xff\xfe{\0\"\0o\0p\0", 10)), {kept_out("")}),
      always("writes Latin-1", ok(spec("Caf\xe9")), {kept_out("UTF-8")}),
      always("breaks off inside its text", ok(R"({"openapi":"3.1.0","info":{"ti)"), {kept_out("")}),
      always("nests 100,000 deep", ok(spec("T", ",\"x-deep\":" + std::string(100'000, '['))),
             {kept_out("")}),
      always("has an alias bomb", ok(alias_bomb()), {kept_out("")}),
      always("has a name twice", ok(spec("T", R"(,"paths":{})")), {kept_out("already given")}),
      in_turn("loses most of its operations", {ok(with_paths(40)), ok(with_paths(2))},
              {changed, kept_out("operations")}),
      // -- that are never the same -------------------------------------------
      in_turn("shuffles its keys",
              {ok(R"({"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{}})"),
               ok(R"({"paths":{},"info":{"version":"1","title":"T"},"openapi":"3.1.0"})")},
              {changed, unchanged, unchanged}),
      in_turn("has a new ETag each time",
              {ok(spec("T"), "ETag: \"1\"\r\n"), ok(spec("T"), "ETag: \"2\"\r\n")},
              {changed, unchanged, unchanged}),
      in_turn("has one ETag for everything",
              {ok(spec("A"), "ETag: \"1\"\r\n"), ok(spec("B"), "ETag: \"1\"\r\n")},
              {changed, changed}),
      in_turn("was modified in the future",
              {ok(spec("A"), "Last-Modified: Fri, 31 Dec 2999 23:59:59 GMT\r\n"),
               ok(spec("B"), "Last-Modified: Fri, 31 Dec 2999 23:59:59 GMT\r\n")},
              {changed, changed}),
      in_turn("flaps between two documents", {ok(spec("A")), ok(spec("B"))},
              {changed, changed, changed, changed}),
  };
  return all;
}

/// A service whose sources are the paths of one server.
class world {
public:
  explicit world(http_fixture::handler answer) : server_{std::move(answer)} {
    sources::fetcher_config config;
    config.allow_addresses = {"loopback"};
    auto fetcher = sources::make_fetcher(config);
    REQUIRE(fetcher);
    actors::house_options options;
    options.store = storage::make_memory_store();
    options.fetcher = std::move(*fetcher);
    auto started = actors::service::start(std::move(options));
    REQUIRE(started);
    service_ = std::move(*started);
  }

  /// Declares them; none is polled in the time that a test takes.
  void declare(const std::vector<events::source_definition>& all) {
    auto config = std::make_shared<events::config>();
    config->sources = all;
    for (const auto& source : all)
      config->apis.emplace_back().id = source.api;
    const auto number = [](std::uint64_t value) { return events::raw_json{std::to_string(value)}; };
    config->settings = {
        {"documentBytes", number(document_bytes)}, {"concurrency", number(64)},
        {"hostConcurrency", number(64)},           {"circuitFailures", number(1'000)},
        {"retryBase", number(3'600'000)},          {"retryCap", number(86'400'000)}};
    const auto done = service_->configure({config, "apisync.yaml"});
    INFO((done ? "" : done.error().message));
    REQUIRE(done);
  }

  [[nodiscard]] events::source_definition source(const std::string& id,
                                                 const std::string& host) const {
    events::source_definition out;
    out.id = id;
    out.api = id;
    out.kind = events::source_kind::http;
    out.url = "http://" + host + ":" + std::to_string(server_.port()) + "/" + id;
    return out;
  }

  actors::service& service() { return *service_; }
  [[nodiscard]] const http_fixture& server() const { return server_; }

  result<actors::sync_ended> sync(const std::string& id) {
    return service_->sync({id, true, {{"user:test", {}, 0}, {}}});
  }

  /// How the sync ended that a new source has by itself; waits for it, a minute at most.
  met first_end(const std::string& id) {
    const auto late = std::chrono::steady_clock::now() + 60s;
    while (std::chrono::steady_clock::now() < late) {
      const auto now = service_->now();
      const auto* job = now->job(id);
      if (job != nullptr && job->last_ended)
        return {job->last_outcome, job->failure, job->problem ? job->problem->reason : ""};
      static_cast<void>(service_->await(now->at() + 1));
    }
    return {sync_outcome::none, {}, "it has not ended"};
  }

private:
  http_fixture server_;
  std::unique_ptr<actors::service> service_;
};

} // namespace

TEST_CASE("each behaviour of a hostile server has its outcome", "[hostile]") {
  const auto& all = behaviours();
  std::mutex mutex;
  std::map<std::string, int> times;
  world w{[&](const http_request& asked, const http_connection& to) {
    const auto number =
        static_cast<std::size_t>(std::stoi(asked.target.substr(asked.target.find('b') + 1)));
    int time = 0;
    {
      const std::scoped_lock lock{mutex};
      time = times["b" + std::to_string(number)]++;
    }
    all[number].answer(to, time);
  }};
  std::vector<events::source_definition> sources;
  for (std::size_t i = 0; i < all.size(); ++i) {
    sources.push_back(w.source("b" + std::to_string(i), "127.0.0.1"));
    sources.back().connection.emplace().timeout = 2s;
  }
  w.declare(sources);

  const auto run = [&](std::size_t number) {
    const auto id = "b" + std::to_string(number);
    std::vector<met> ends{w.first_end(id)};
    while (ends.size() < all[number].ends.size()) {
      const auto end = w.sync(id);
      ends.push_back(end ? met{end->outcome, end->failure, end->reason}
                         : met{sync_outcome::none, {}, end.error().message});
    }
    return ends;
  };
  std::vector<std::future<std::vector<met>>> running;
  for (std::size_t i = 0; i < all.size(); ++i)
    running.push_back(std::async(std::launch::async, run, i));
  CHECK(all.size() >= 30);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto ends = running[i].get();
    for (std::size_t round = 0; round < ends.size(); ++round) {
      INFO("a server that " << all[i].name << ", sync " << round + 1);
      const auto& wanted = all[i].ends[round];
      const auto& end = ends[round];
      INFO(end.words);
      CHECK(to_string(end.outcome) == to_string(wanted.outcome));
      CHECK(end.failure == wanted.failure);
      CHECK_THAT(end.words, Catch::Contains(wanted.words));
    }
  }
}

TEST_CASE("servers that hang do not hold up the others", "[hostile]") {
  world w{[&](const http_request& asked, const http_connection& to) {
    if (asked.target.starts_with("/well"))
      to.send(ok(spec("Well")));
    else
      to.wait_for_close();
  }};
  std::vector<events::source_definition> sources;
  for (int i = 0; i < 30; ++i) {
    sources.push_back(w.source("hangs" + std::to_string(i), "127.0.0.1"));
    sources.back().connection.emplace().timeout = 10min;
  }
  sources.push_back(w.source("well", "localhost"));
  w.declare(sources);
  REQUIRE(w.server().wait_for_requests(30));
  for (int i = 0; i < 20; ++i) {
    const auto end = w.sync("well");
    REQUIRE(end);
    CHECK(end->outcome != sync_outcome::failed);
  }
  const auto status = w.service().now();
  CHECK(status->api("well")->revisions.size() == 1);
  for (int i = 0; i < 30; ++i)
    CHECK(status->job("hangs" + std::to_string(i))->status == events::job_status::running);
}
