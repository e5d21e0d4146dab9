#include "events/webhook_state.hpp"
#include "log_writer.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::events;
using namespace apisync::events::testing;
using namespace std::chrono_literals;

namespace {

webhook_definition chat() {
  webhook_definition out;
  out.id = "chat";
  out.url = "https://chat.example/hooks";
  out.secrets = {"env:CHAT_SECRET"};
  return out;
}

/// A webhook, and a log that only it writes, from sequence 100 on.
class webhook_log {
public:
  explicit webhook_log(const webhook_definition& definition = chat()) {
    take(*decide_add(state, definition));
  }

  void take(const std::vector<webhook_event>& facts) {
    for (const auto& fact : facts)
      apply(state, fact, {++sequence, now, "system"});
  }

  /// The one event that an attempt ends with, which is taken over too.
  webhook_event end(const delivery_attempt& attempt, const delivery_ending& ending,
                    double chance = 0.5) {
    const auto facts = decide_end(state, attempt, ending, {now, now, chance, values});
    REQUIRE(facts.size() == 1);
    take(facts);
    return facts.front();
  }

  webhook_state state;
  settings values;
  timestamp now = at("2026-11-25T08:00:00Z");
  events::sequence sequence = 100;
};

const delivery_attempt news{150, "revision_added", "billing"};
const delivery_ending taken{true, false, 204, {}, {}, {}};
const delivery_ending down{false, false, 0, "answered 503", "https://chat.example/hooks", {}};
const delivery_ending no_thanks{false, true, 0, "answered 422", "https://chat.example/hooks", {}};

} // namespace

TEST_CASE("a webhook is told of what comes after its declaration") {
  const webhook_log log;
  CHECK(log.state.exists);
  CHECK(log.state.position == 101);
}

TEST_CASE("a delivery that is made moves the position") {
  webhook_log log;
  const auto fact = std::get<delivery_made>(log.end(news, taken));
  CHECK(fact.event == 150);
  CHECK(fact.attempts == 1);
  CHECK(fact.status == 204);
  CHECK(log.state.position == 150);
  CHECK(log.state.delivered == 1);
  CHECK(log.state.last_success == log.now);
}

TEST_CASE("a failed attempt is tried again, ever later, with jitter over the whole pause") {
  webhook_log log;
  log.values.retry_base = 1s;
  log.values.retry_cap = 10s;
  const std::chrono::milliseconds longest[] = {1s, 2s, 4s, 8s, 10s, 10s};
  std::uint32_t attempts = 0;
  for (const auto pause : longest) {
    const auto fact = std::get<delivery_failed>(log.end(news, down, 0.25));
    CHECK(fact.attempts == ++attempts);
    CHECK(fact.next_attempt - log.now == pause / 4);
    CHECK(log.state.position == 101);
    CHECK(log.state.next_attempt == fact.next_attempt);
    CHECK(log.state.problem->reason == "answered 503");
  }
  CHECK(log.state.trying == 150);
  log.end(news, taken);
  CHECK(log.state.trying == 0);
  CHECK(log.state.failures == 0);
  CHECK_FALSE(log.state.next_attempt);
  CHECK_FALSE(log.state.problem);
}

TEST_CASE("a receiver that asks for patience is not asked before") {
  webhook_log log;
  auto ending = down;
  ending.retry_after = 90s;
  const auto fact = std::get<delivery_failed>(log.end(news, ending));
  CHECK(fact.next_attempt == log.now + 90s);
}

TEST_CASE("a delivery whose retries are used up is a dead letter, and the next one has its own") {
  auto definition = chat();
  definition.max_retries = 2;
  webhook_log log{definition};
  log.end(news, down);
  log.end(news, down);
  const auto dead = std::get<delivery_abandoned>(log.end(news, down));
  CHECK(dead.attempts == 3);
  CHECK(dead.event_type == "revision_added");
  CHECK(dead.api == "billing");
  CHECK(dead.next_attempt.has_value()); // whoever is down is not asked at once about the next one
  CHECK(log.state.position == 150);
  CHECK(log.state.attempts == 0);
  REQUIRE(log.state.dead.contains(150));
  CHECK(log.state.dead.at(150)->reason == "answered 503");
  const auto next = std::get<delivery_failed>(log.end({160, "conflict_opened", "billing"}, down));
  CHECK(next.attempts == 1);
}

TEST_CASE(
    "what a receiver will never take is given up at once, and the next one goes out at once") {
  webhook_log log;
  const auto dead = std::get<delivery_abandoned>(log.end(news, no_thanks));
  CHECK(dead.attempts == 1);
  CHECK_FALSE(dead.next_attempt);
  CHECK_FALSE(log.state.next_attempt);
  CHECK(log.state.dead.size() == 1);
}

TEST_CASE("a dead letter is sent again when somebody orders it, once") {
  webhook_log log;
  log.end(news, no_thanks);
  log.end({151, "conflict_opened", "billing"}, no_thanks);
  log.take(*decide_again(log.state, {}));
  CHECK(log.state.again == std::vector<sequence>{150, 151});
  CHECK(decide_again(log.state, {150})->empty()); // ordered already

  SECTION("and is none any more when it is taken") {
    log.end(news, taken);
    CHECK(log.state.again == std::vector<sequence>{151});
    CHECK_FALSE(log.state.dead.contains(150));
    CHECK(log.state.position == 151);
  }
  SECTION("and stays one when it fails") {
    CHECK(std::holds_alternative<delivery_abandoned>(log.end(news, down)));
    CHECK(log.state.again == std::vector<sequence>{151});
    CHECK(log.state.dead.at(150)->reason == "answered 503");
  }
}

TEST_CASE("only what is settled can be sent again") {
  webhook_log log;
  log.end(news, taken);
  CHECK(decide_again(log.state, {150})->size() == 1);
  CHECK(decide_again(log.state, {151}).error().code == errc::invalid_argument);
  CHECK(decide_again(log.state, {})->empty());
  const std::vector<sequence> flood = [] {
    std::vector<sequence> out(webhook_state::max_again + 1);
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = i;
    return out;
  }();
  log.take({webhook_advanced{10'000}});
  CHECK(decide_again(log.state, flood).error().code == errc::overloaded);
}

TEST_CASE("dead letters are remembered up to a limit, the newest ones") {
  webhook_log log;
  for (sequence event = 200; event < 200 + webhook_state::max_dead + 5; ++event)
    log.end({event, "revision_added", "billing"}, no_thanks);
  CHECK(log.state.dead.size() == webhook_state::max_dead);
  CHECK(log.state.dead.begin()->first == 205);
  CHECK(log.state.abandoned == webhook_state::max_dead + 5);
}

TEST_CASE("a webhook that is not enabled is passed over, and told nothing of that time later") {
  webhook_log log;
  log.end(news, down);
  auto definition = chat();
  definition.enabled = false;
  log.take(*decide_change(log.state, definition));
  CHECK(log.state.position == 101);
  CHECK(decide_again(log.state, {50}).error().code == errc::conflict);
  log.sequence = 500;
  log.take(*decide_change(log.state, chat()));
  CHECK(log.state.position == 501);
  CHECK_FALSE(log.state.next_attempt);
}

TEST_CASE("a webhook that is declared anew is asked at once") {
  webhook_log log;
  log.end(news, down);
  REQUIRE(log.state.next_attempt);
  auto definition = chat();
  definition.url = "https://other.example/hooks";
  log.take(*decide_change(log.state, definition));
  CHECK_FALSE(log.state.next_attempt);
  CHECK(log.state.position == 101); // and what it was not told yet, it will be told
  CHECK(decide_change(log.state, definition)->empty());
}

TEST_CASE("the outcome for a webhook that was removed meanwhile is nobody's") {
  webhook_log log;
  log.take(*decide_remove(log.state));
  CHECK(decide_end(log.state, news, taken, {log.now, log.now, 0.5, log.values}).empty());
  CHECK(decide_remove(log.state).error().code == errc::not_found);
  log.take(*decide_add(log.state, chat()));
  CHECK(log.state.position == log.sequence);
}

TEST_CASE("the position is moved on without deliveries, and never back") {
  webhook_log log;
  log.take(decide_advance(log.state, 5'000));
  CHECK(log.state.position == 5'000);
  CHECK(decide_advance(log.state, 5'000).empty());
  CHECK(decide_advance(log.state, 4'000).empty());
}

TEST_CASE("the views fold webhooks, count deliveries, and say when one was given up") {
  log_writer log;
  log.webhook("chat", webhook_added{chat()});
  log.webhook("chat", delivery_made{1, 1, 200});
  log.webhook("chat", delivery_failed{2, 1, "answered 503", "", log.now});
  log.webhook("chat", delivery_abandoned{2, "sync_failed", "billing", 2, "answered 503", "x", {}});
  const auto& views = log.folded();
  REQUIRE(views.webhook("chat"));
  CHECK(views.webhook("chat")->dead.size() == 1);
  CHECK(views.metrics().deliveries == 1);
  CHECK(views.metrics().failed_deliveries == 2);
  CHECK(views.metrics().abandoned_deliveries == 1);
  REQUIRE(views.last_error());
  CHECK(views.last_error()->actor == "webhook/chat");
  CHECK(views.last_error()->code == "delivery_abandoned");
  CHECK(views.declared().webhooks.contains("chat"));
  log.webhook("chat", webhook_removed{});
  CHECK(log.folded().webhook("chat") == nullptr);
}
