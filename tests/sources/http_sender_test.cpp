#include "sources/http_sender.hpp"
#include "sources/signature.hpp"
#include "tests/support/http_fixture.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <future>

using namespace apisync;
using namespace apisync::sources;
using namespace apisync::test;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

constexpr std::chrono::sys_seconds signed_at{1'700'000'000s};

/// A sender that may reach the loopback interface, with a secret in a file of its root.
class sender_under_test {
public:
  explicit sender_under_test(std::vector<std::string> allowed = {"loopback"}) {
    folder.write("secret", "whsec_c2VjcmV0\n");
    http_peer_config config;
    config.roots = {"."};
    config.base = folder.path();
    config.allow_addresses = std::move(allowed);
    config.now = [] { return wall_time{signed_at}; };
    sender = std::move(*make_sender(std::move(config)));
  }

  delivery_request request(std::string url) const {
    delivery_request made;
    made.receiver = "chat";
    made.url = std::move(url);
    made.secrets = {"file:secret"};
    made.id = "chat.7.ab";
    made.body = std::make_shared<const std::string>(R"({"type":"revision_added"})");
    return made;
  }

  delivery_outcome send(delivery_request asked) const {
    auto promise = std::make_shared<std::promise<delivery_outcome>>();
    auto answer = promise->get_future();
    sender->send(std::move(asked),
                 [promise](delivery_outcome outcome) { promise->set_value(std::move(outcome)); });
    REQUIRE(answer.wait_for(20s) == std::future_status::ready);
    return answer.get();
  }

  delivery_failure failure(delivery_request asked) const {
    auto outcome = send(std::move(asked));
    REQUIRE_FALSE(outcome);
    return outcome.error();
  }

  scratch_directory folder;
  std::unique_ptr<sources::sender> sender;
};

http_fixture::handler always(std::string bytes) {
  return [bytes = std::move(bytes)](const http_request&, const http_connection& connection) {
    connection.send(bytes);
  };
}

http_fixture::handler status(int code, const std::string& headers = "", std::string body = "") {
  return always(http_fixture::answer(code, headers, body));
}

} // namespace

TEST_CASE("a delivery is a signed POST of the body as it is") {
  const http_fixture receiver(status(204));
  const sender_under_test tested;
  const auto outcome = tested.send(tested.request(receiver.url("/hooks?team=1")));
  REQUIRE(outcome);
  CHECK(outcome->status == 204);
  REQUIRE(receiver.requests().size() == 1);
  const auto got = receiver.requests().front();
  CHECK(got.method == "POST");
  CHECK(got.target == "/hooks?team=1");
  CHECK(got.body == R"({"type":"revision_added"})");
  CHECK(got.headers.at("content-type") == "application/json");
  CHECK(got.headers.at("webhook-id") == "chat.7.ab");
  CHECK(got.headers.at("webhook-timestamp") == "1700000000");
  CHECK(got.headers.at("webhook-signature") == sign("secret", "chat.7.ab", signed_at, got.body));
  CHECK_FALSE(got.headers.contains("expect"));
}

TEST_CASE("while one secret replaces another, a delivery is signed with both") {
  ::setenv("APISYNC_TEST_OLD_SECRET", "old", 1);
  const http_fixture receiver(status(200));
  const sender_under_test tested;
  auto asked = tested.request(receiver.url("/"));
  asked.secrets.emplace_back("env:APISYNC_TEST_OLD_SECRET");
  REQUIRE(tested.send(asked));
  CHECK(receiver.requests().front().headers.at("webhook-signature") ==
        sign("secret", asked.id, signed_at, *asked.body) + " " +
            sign("old", asked.id, signed_at, *asked.body));
}

TEST_CASE("a long body is sent whole and without asking first") {
  const http_fixture receiver(status(200));
  const sender_under_test tested;
  auto asked = tested.request(receiver.url("/"));
  asked.body = std::make_shared<const std::string>(200'000, 'x');
  REQUIRE(tested.send(asked));
  CHECK(receiver.requests().front().body == *asked.body);
}

TEST_CASE("an answer says whether trying again is any use") {
  const auto of = [](int code) {
    http_answer answer;
    answer.status = code;
    return judge_delivery(answer, wall_time{signed_at});
  };
  for (const int code : {200, 201, 202, 204, 299})
    CHECK(of(code));
  for (const int code : {301, 307, 401, 403, 404, 408, 410, 421, 423, 425, 429, 500, 502, 503, 504})
    CHECK_FALSE(of(code).error().refused);
  for (const int code : {400, 405, 409, 411, 413, 415, 422, 431})
    CHECK(of(code).error().refused);
}

TEST_CASE("a refusal is told with what the receiver says, and its wish for patience is kept") {
  const sender_under_test tested;
  const http_fixture picky(status(422, "", "no such room\n"));
  const auto refusal = tested.failure(tested.request(picky.url("/")));
  CHECK(refusal.refused);
  CHECK_THAT(refusal.problem.message, Contains("answered 422: no such room"));
  const http_fixture busy(status(429, "Retry-After: 120\r\n"));
  const auto patience = tested.failure(tested.request(busy.url("/")));
  CHECK_FALSE(patience.refused);
  CHECK(patience.retry_after == 120s);
}

TEST_CASE("redirects are not followed, for a signed message goes where it is meant to") {
  const http_fixture elsewhere(status(200));
  const http_fixture receiver(status(307, "Location: " + elsewhere.url("/") + "\r\n"));
  const sender_under_test tested;
  const auto failure = tested.failure(tested.request(receiver.url("/")));
  CHECK_FALSE(failure.refused);
  CHECK_THAT(failure.problem.message, Contains("answered 307") && Contains("not followed"));
  CHECK(elsewhere.requests().empty());
}

TEST_CASE("the address policy of sources holds for receivers") {
  const http_fixture receiver(status(200));
  const sender_under_test strict{std::vector<std::string>{}};
  const auto denied = strict.failure(strict.request(receiver.url("/")));
  CHECK(denied.problem.code == errc::forbidden);
  CHECK(receiver.requests().empty());
  auto allowed = strict.request(receiver.url("/"));
  allowed.allow_addresses = {"127.0.0.1:" + std::to_string(receiver.port())};
  CHECK(strict.send(allowed));
}

TEST_CASE("a receiver that does not answer is waited for no longer than the timeout") {
  const http_fixture receiver(
      [](const http_request&, const http_connection& connection) { connection.wait_for_close(); });
  const sender_under_test tested;
  auto asked = tested.request(receiver.url("/"));
  asked.timeout = 200ms;
  const auto failure = tested.failure(asked);
  CHECK_FALSE(failure.refused);
  CHECK_THAT(failure.problem.message, Contains("in time"));
}

TEST_CASE("of an endless answer only the beginning is read") {
  const http_fixture receiver([](const http_request&, const http_connection& connection) {
    connection.send("HTTP/1.1 200 OK\r\n\r\n");
    const std::string chunk(65'536, 'x');
    while (connection.send(chunk)) {
    }
  });
  const sender_under_test tested;
  CHECK(tested.send(tested.request(receiver.url("/"))));
}

TEST_CASE("an address that is named by reference is read, and never told") {
  const http_fixture receiver(status(500));
  const sender_under_test tested;
  ::setenv("APISYNC_TEST_RECEIVER", receiver.url("/secret-path").c_str(), 1);
  const auto failure = tested.failure(tested.request("env:APISYNC_TEST_RECEIVER"));
  CHECK(receiver.requests().front().target == "/secret-path");
  CHECK(failure.problem.where == "env:APISYNC_TEST_RECEIVER");
  CHECK_THAT(render(failure.problem), !Contains("secret-path"));
}

TEST_CASE("a secret that is missing fails the attempt by its name, and nothing is sent unsigned") {
  const http_fixture receiver(status(200));
  const sender_under_test tested;
  auto asked = tested.request(receiver.url("/"));
  asked.secrets = {"env:APISYNC_TEST_NO_SUCH_SECRET"};
  const auto failure = tested.failure(asked);
  CHECK_FALSE(failure.refused);
  CHECK_THAT(failure.problem.message, Contains("APISYNC_TEST_NO_SUCH_SECRET"));
  asked.secrets = {"file:../outside"};
  CHECK(tested.failure(asked).problem.code == errc::forbidden);
  CHECK(receiver.requests().empty());
}

TEST_CASE("what is under way when the sender ends is answered as cancelled") {
  const http_fixture receiver(
      [](const http_request&, const http_connection& connection) { connection.wait_for_close(); });
  std::promise<delivery_outcome> promise;
  auto answer = promise.get_future();
  {
    const sender_under_test tested;
    tested.sender->send(tested.request(receiver.url("/")),
                        [&](delivery_outcome outcome) { promise.set_value(std::move(outcome)); });
    REQUIRE(receiver.wait_for_requests(1));
  }
  const auto outcome = answer.get();
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().problem.code == errc::cancelled);
}
