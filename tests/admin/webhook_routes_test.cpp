#include "tests/admin/world.hpp"
#include "tests/support/scripted_sender.hpp"

using namespace apisync;
using namespace apisync::admin;
using nlohmann::json;

namespace {

/// A service with a webhook `chat` that is told when the engine is paused.
class world {
public:
  world() {
    actors::house_options options;
    options.store = storage::make_memory_store();
    options.fetcher = std::make_shared<test::scripted_fetcher>();
    options.sender = receivers;
    service_ = std::move(*actors::service::start(std::move(options)));
    app_ = std::make_unique<app>(*service_, access_policy{}, app_options{});
    auto config = std::make_shared<events::config>();
    auto& chat = config->webhooks.emplace_back();
    chat.id = "chat";
    chat.url = "env:CHAT_URL";
    chat.secrets = {"env:CHAT_SECRET"};
    chat.events = {"engine_paused"};
    REQUIRE(service_->configure({config, "apisync.yaml"}));
  }

  json call(int status, std::string method, std::string_view target, std::string body = "") const {
    auto asked = test::world::make(std::move(method), target, std::move(body));
    const auto answer = app_->answer(asked);
    INFO(target << ": " << answer.body);
    REQUIRE(answer.status == status);
    return json::parse(answer.body);
  }

  json get(std::string_view target) const { return call(200, "GET", target); }

  /// Makes an event that the webhook is told of.
  void pause() const {
    call(200, "POST", "/v1/engine/pause");
    call(200, "POST", "/v1/engine/resume");
  }

  /// Asks until the webhook's member has this value, half a minute at most.
  bool reaches(const std::string& member, int value) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (std::chrono::steady_clock::now() < end)
      if (get("/v1/webhooks/chat")[member] == value) return true;
    return false;
  }

  void refuse_all() const {
    receivers->set("chat", [](const sources::delivery_request&) -> sources::delivery_outcome {
      return tl::unexpected(
          sources::delivery_failure{{errc::unavailable, "answered 422", "env:CHAT_URL"}, true, {}});
    });
  }

  std::shared_ptr<test::scripted_sender> receivers = std::make_shared<test::scripted_sender>();

private:
  std::unique_ptr<actors::service> service_;
  std::unique_ptr<app> app_;
};

} // namespace

TEST_CASE("webhooks are listed and shown as they are declared and as they stand") {
  const world w;
  w.pause();
  REQUIRE(w.reaches("delivered", 1));
  const auto all = w.get("/v1/webhooks")["items"];
  REQUIRE(all.size() == 1);
  const auto& chat = all[0];
  CHECK(chat["id"] == "chat");
  CHECK(chat["url"] == "env:CHAT_URL");
  CHECK(chat["secret"] == json{"env:CHAT_SECRET"});
  CHECK(chat["events"] == json{"engine_paused"});
  CHECK(chat["level"].is_null());
  CHECK(chat["state"] == "ready");
  CHECK(chat["trying"].is_null());
  CHECK(chat["lastError"].is_null());
  CHECK(w.get("/v1/status")["webhooks"]["ready"] == 1);
  CHECK(w.get("/v1/metrics")["deliveries"] == 1);
  w.call(404, "GET", "/v1/webhooks/nobody");
  w.call(404, "GET", "/v1/webhooks/nobody/dead-letters");
}

TEST_CASE("dead letters are listed in pages and sent again, one or all") {
  const world w;
  w.refuse_all();
  for (int i = 0; i < 3; ++i)
    w.pause();
  REQUIRE(w.reaches("deadLetters", 3));
  const auto first = w.get("/v1/webhooks/chat/dead-letters?limit=2");
  REQUIRE(first["items"].size() == 2);
  const auto& letter = first["items"][0];
  CHECK(letter["type"] == "engine_paused");
  CHECK(letter["reason"] == "answered 422");
  CHECK(letter["attempts"] == 1);
  CHECK(letter["ordered"] == false);
  const auto rest =
      w.get("/v1/webhooks/chat/dead-letters?cursor=" + first["nextCursor"].get<std::string>());
  REQUIRE(rest["items"].size() == 1);
  CHECK(rest["items"][0]["event"] > first["items"][1]["event"]);
  CHECK(w.get("/v1/status")["lastError"]["actor"] == "webhook/chat");

  w.receivers->recover("chat");
  w.call(202, "POST", "/v1/webhooks/chat/resend", json{{"events", {letter["event"]}}}.dump());
  REQUIRE(w.reaches("deadLetters", 2));
  w.call(202, "POST", "/v1/webhooks/chat/resend", "{}");
  REQUIRE(w.reaches("deadLetters", 0));
  CHECK(w.get("/v1/webhooks/chat")["delivered"] == 3);
}

TEST_CASE("an order to send again is checked") {
  const world w;
  const auto refused = [&](const std::string& body) {
    return w.call(400, "POST", "/v1/webhooks/chat/resend", body)["code"];
  };
  CHECK(refused("{\"events\": 7}") == "invalid_argument");
  CHECK(refused("{\"events\": []}") == "invalid_argument");
  CHECK(refused("{\"events\": [\"7\"]}") == "invalid_argument");
  CHECK(refused("{\"events\": [1.5]}") == "invalid_argument");
  CHECK(refused("{\"events\": [0]}") == "invalid_argument");
  CHECK(refused("{\"events\": [999999]}") == "invalid_argument");
  CHECK(refused("{\"all\": true}") == "invalid_argument");
  CHECK(w.call(400, "POST", "/v1/webhooks/chat/resend")["code"] == "parse_error");
  w.call(404, "POST", "/v1/webhooks/nobody/resend", "{}");
}
