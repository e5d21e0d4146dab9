#include "sources/git_fetcher.hpp"
#include "sources/http_connection.hpp"
#include "sources/http_fetcher.hpp"
#include "tests/support/fetch_support.hpp"
#include "tests/support/http_fixture.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/support/tls_fixture.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace apisync;
using namespace apisync::sources;
using namespace apisync::test;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

http_settings loopback_settings() {
  http_settings made;
  made.addresses = *address_policy::parse({"loopback"});
  made.now = [] { return wall_time{}; };
  return made;
}

/// A folder of PEM files, an authority, and a fetcher that trusts whom the system trusts.
struct world {
  std::string file(const std::string& name, const std::string& text) {
    folder.write(name, text);
    return "file:" + name;
  }

  [[nodiscard]] http_fetcher fetcher() const {
    auto settings = loopback_settings();
    settings.allowed = *roots::open({folder.path()}, folder.path());
    settings.ca_file = ca_file;
    return http_fetcher{settings};
  }

  [[nodiscard]] fetch_outcome ask(const tls_fixture& server, tls_references tls = {}) const {
    auto anew = fetcher();
    return ask(anew, server, std::move(tls));
  }

  static fetch_outcome ask(http_fetcher& fetcher, const tls_fixture& server, tls_references tls) {
    fetch_request asked;
    asked.source = "petstore";
    asked.from.type = location::kind::http;
    asked.from.url = server.url("/openapi.json");
    asked.from.tls = std::move(tls);
    return fetch_now(fetcher, asked);
  }

  scratch_directory folder;
  std::string ca_file;
  certificate_authority authority{"The Company's Root"};
  certified_key own = authority.issue("specs");
};

bool has_document(const fetch_outcome& outcome) {
  return outcome && outcome->versions.size() == 1 &&
         *outcome->versions.front().bytes == "{\"openapi\":\"3.1.0\"}";
}

} // namespace

TEST_CASE("a server is trusted by the authority that its source names", "[tls]") {
  world w;
  const tls_fixture server{w.own};
  const auto unknown = w.ask(server);
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().type == failure_class::permanent);
  CHECK_THAT(unknown.error().problem.message, Contains("certificate"));
  CHECK(server.requests() == 0);

  const auto ca = w.file("root.pem", w.authority.certificate());
  CHECK(has_document(w.ask(server, {ca, {}, {}})));
  // Another authority of the same name.
  const certificate_authority other{"The Company's Root"};
  CHECK_FALSE(w.ask(server, {w.file("other.pem", other.certificate()), {}, {}}));
  CHECK(server.requests() == 1);
}

TEST_CASE("a client shows its certificate to its own server and to no other", "[tls]") {
  world w;
  const auto ca = w.file("root.pem", w.authority.certificate());
  const auto client = w.authority.issue("apisync");
  const auto certificate = w.file("client.pem", client.certificate);
  const auto key = w.file("client.key", client.key);
  const tls_fixture server{w.own, w.authority.certificate()};

  const auto without = w.ask(server, {ca, {}, {}});
  REQUIRE_FALSE(without);
  INFO(render(without.error().problem));
  // Whether the alert is read before the connection is gone is a matter of luck.
  CHECK(without.error().type != failure_class::permanent);
  CHECK_THAT(without.error().problem.message, Contains("certificate of its clients"));
  CHECK(has_document(w.ask(server, {ca, certificate, key})));
  CHECK(has_document(w.ask(server, {ca, w.file("both.pem", client.certificate + client.key), {}})));

  const certificate_authority other{"Somebody"};
  const auto strange = other.issue("apisync");
  const auto refused =
      w.ask(server, {ca, w.file("strange.pem", strange.certificate + strange.key), {}});
  REQUIRE_FALSE(refused);
  INFO(render(refused.error().problem));
  CHECK_THAT(refused.error().problem.message, Contains("certificate of its clients"));
  CHECK(server.requests() == 2);

  // The certificate would open this door, and is not shown there.
  const tls_fixture gate{w.own, {}, server.url("/openapi.json")};
  w.ca_file = w.folder / "root.pem"; // both are trusted
  REQUIRE(has_document(w.ask(server, {{}, certificate, key})));
  const auto led_away = w.ask(gate, {{}, certificate, key});
  REQUIRE_FALSE(led_away);
  CHECK(gate.requests() == 1);
  CHECK(server.requests() == 3);
}

TEST_CASE("a connection that one source opened is closed to those with other certificates",
          "[tls]") {
  world w;
  const auto ca = w.file("root.pem", w.authority.certificate());
  const auto client = w.authority.issue("apisync");
  const auto both = w.file("both.pem", client.certificate + client.key);
  const tls_fixture server{w.own, w.authority.certificate()};
  auto fetcher = w.fetcher();
  for (std::size_t round = 1; round <= 3; ++round) {
    CHECK(has_document(world::ask(fetcher, server, {ca, both, {}})));
    CHECK_FALSE(world::ask(fetcher, server, {ca, {}, {}}));
    CHECK_FALSE(world::ask(fetcher, server, {{}, both, {}}));
    CHECK_FALSE(world::ask(fetcher, server, {}));
    CHECK(server.requests() == round);
  }
}

TEST_CASE("a git server is met with what its source names", "[tls]") {
  world w;
  const auto ca = w.file("root.pem", w.authority.certificate());
  const auto client = w.authority.issue("apisync");
  const auto both = w.file("both.pem", client.certificate + client.key);
  const tls_fixture server{w.own, w.authority.certificate()};
  const auto ask = [&](tls_references tls) {
    git_settings settings;
    settings.addresses = *address_policy::parse({"loopback"});
    settings.allowed = *roots::open({w.folder.path()}, w.folder.path());
    settings.cache_directory = w.folder / "mirrors";
    settings.now = [] { return wall_time{}; };
    git_fetcher fetcher{settings};
    fetch_request asked;
    asked.source = "petstore";
    asked.from.type = location::kind::git;
    asked.from.url = server.url("/repo.git");
    asked.from.path = "openapi.yaml";
    asked.from.tls = std::move(tls);
    return render(failure_of(fetch_now(fetcher, asked)).problem);
  };
  CHECK_THAT(ask({}), Contains("not trusted"));
  CHECK_THAT(ask({ca, {}, {}}), Contains("certificate of its clients"));
  CHECK(server.requests() == 0);
  // It is let in, and finds no repository.
  CHECK_THAT(ask({ca, both, {}}), !Contains("certificate"));
  CHECK(server.requests() == 1);
}

TEST_CASE("PEM texts that are missing or none are named", "[tls]") {
  world w;
  const tls_fixture server{w.own};
  const auto missing = w.ask(server, {"file:nowhere.pem", {}, {}});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().type == failure_class::auth);
  CHECK_THAT(missing.error().problem.message, Contains("ca: ") && Contains("nowhere.pem"));
  const auto ca = w.file("root.pem", w.authority.certificate());
  const auto outside = w.ask(server, {ca, "file:../client.pem", {}});
  REQUIRE_FALSE(outside);
  CHECK_THAT(outside.error().problem.message, Contains("certificate: "));
  const auto rubbish = w.file("rubbish.pem", "-----BEGIN RUBBISH-----\n");
  for (const auto& tls : {tls_references{rubbish, {}, {}}, tls_references{ca, rubbish, {}}}) {
    const auto outcome = w.ask(server, tls);
    REQUIRE_FALSE(outcome);
    INFO(render(outcome.error().problem));
    CHECK(outcome.error().type != failure_class::transient);
    CHECK(server.requests() == 0);
  }
}

TEST_CASE("an answer that stops coming ends after the time without a byte", "[http]") {
  const http_fixture server([](const http_request&, const http_connection& connection) {
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"openapi\"");
    connection.wait_for_close();
  });
  http_fetcher fetcher{loopback_settings()};
  fetch_request asked;
  asked.source = "petstore";
  asked.from.type = location::kind::http;
  asked.from.url = server.url("/openapi.json");
  asked.limits.total_timeout = 1h;
  asked.limits.stall_timeout = 1s;
  const auto outcome = fetch_now(fetcher, asked);
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().type == failure_class::transient);
  CHECK_THAT(outcome.error().problem.message, Contains("no complete answer in time"));
}

TEST_CASE("an alert about the client's certificate is no passing trouble", "[tls]") {
  const auto type = [](const char* detail) {
    return connection_failure(CURLE_RECV_ERROR, detail, "https://x/").type;
  };
  CHECK(type("OpenSSL SSL_read: error:0A00045C:SSL routines::tlsv13 alert certificate required, "
             "errno 0") == failure_class::auth);
  CHECK(type("error:0A000418:SSL routines::tlsv1 alert unknown ca") == failure_class::auth);
  CHECK(type("error:0A000412:SSL routines::sslv3 alert bad certificate") == failure_class::auth);
  CHECK(type("Recv failure: Connection reset by peer") == failure_class::transient);
  CHECK(type("error:0A000438:SSL routines::tlsv1 alert internal error") ==
        failure_class::transient);
}

TEST_CASE("what curl says twice is told once", "[http]") {
  const auto message = [](const char* detail) {
    return connection_failure(CURLE_COULDNT_CONNECT, detail, "http://x/").problem.message;
  };
  CHECK(message("") == "Couldn't connect to server");
  CHECK(message("Failed to connect to x port 80 after 0 ms: Couldn't connect to server") ==
        "Failed to connect to x port 80 after 0 ms: Couldn't connect to server");
  CHECK(message("no route") == "Couldn't connect to server: no route");
}
