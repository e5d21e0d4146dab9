#include "events/notification.hpp"
#include "log_writer.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace apisync;
using namespace apisync::events;
using namespace apisync::events::testing;
using Catch::Contains;
using nlohmann::json;

namespace {

/// An API `billing` of the owner `payments` with a source, and what is told of an event of it.
class organisation {
public:
  organisation() {
    log.declare("billing", 1);
    api_definition api;
    api.id = "billing";
    api.owner = "payments";
    log.api("billing", api_changed{api});
  }

  template <class Group>
  std::optional<notification> told(const std::string& stream, const Group& event,
                                   const std::string& by = "system") {
    std::string text;
    origin from;
    from.by = by;
    write_record(text, 700, 3, log.now, from, encode(stream, event));
    const parsed_record record{text};
    auto news = notification_of(record.view(), log.folded());
    REQUIRE(news);
    return *news;
  }

  log_writer log;
};

api_event revised(std::uint32_t errors, std::uint32_t warnings, std::uint32_t infos) {
  revision_added fact;
  fact.number = 7;
  fact.parent = 6;
  fact.verdict = errors > 0 ? "breaking" : warnings > 0 ? "warning" : "compatible";
  fact.counts = {errors, warnings, infos};
  return fact;
}

job_event failure(bool exhausted, std::optional<std::uint32_t> probes) {
  sync_failed fact;
  fact.reason = "answered 503";
  fact.where = "https://billing.example";
  fact.exhausted = exhausted;
  fact.probes = probes;
  return fact;
}

webhook_definition hook() {
  webhook_definition out;
  out.id = "chat";
  return out;
}

} // namespace

TEST_CASE("a notification says whom an event concerns, and what happened in one sentence") {
  organisation org;
  const auto breaking = org.told("api/billing", revised(2, 1, 0), "user:ann");
  REQUIRE(breaking);
  CHECK(breaking->api == "billing");
  CHECK(breaking->owner == "payments");
  CHECK(breaking->by == "user:ann");
  CHECK(breaking->level == change_level::error);
  CHECK(breaking->summary == "API billing: revision 7: breaks users: 2 errors, 1 warning, 0 info");

  const auto kept_out =
      org.told("source/billing-file", source_event{source_quarantined{"ab", "no OpenAPI", "f:1"}});
  REQUIRE(kept_out);
  CHECK(kept_out->source == "billing-file");
  CHECK(kept_out->api == "billing");
  CHECK(kept_out->owner == "payments");
  CHECK(kept_out->summary == "source billing-file: quarantined: no OpenAPI (f:1)");

  const auto died =
      org.told("engine", engine_event{actor_failed{"job/billing-file", "bad luck", 5, true}});
  REQUIRE(died);
  CHECK(died->api == "billing");
  CHECK_THAT(died->summary, Contains("job/billing-file died and is not started again: bad luck"));
  CHECK(org.told("engine", engine_event{engine_paused{}})->summary == "apisync: engine paused");
}

TEST_CASE("a source that fails is told of when its retries are used up, and not again") {
  organisation org;
  CHECK_FALSE(org.told("job/billing-file", failure(false, {})));
  CHECK(org.told("job/billing-file", failure(true, 0)));
  CHECK_FALSE(org.told("job/billing-file", failure(true, 1)));
}

TEST_CASE("events that are no topics are told to nobody, those of webhooks least of all") {
  organisation org;
  CHECK_FALSE(org.told("source/billing-file", source_event{source_seen{}}));
  CHECK_FALSE(org.told("webhook/chat", webhook_event{delivery_made{}}));
  CHECK_FALSE(org.told("scheduler", scheduler_event{syncs_started{}}));
}

TEST_CASE("a webhook wants the topics that it names, or the usual ones") {
  organisation org;
  const auto changed = *org.told("api/billing", revised(0, 0, 1));
  const auto paused = *org.told("engine", engine_event{engine_paused{}});
  auto webhook = hook();
  CHECK(wants(webhook, changed));
  CHECK_FALSE(wants(webhook, paused));
  webhook.events = {"engine_paused"};
  CHECK_FALSE(wants(webhook, changed));
  CHECK(wants(webhook, paused));
}

TEST_CASE("a level keeps lesser revisions away, and nothing else") {
  organisation org;
  auto webhook = hook();
  webhook.level = change_level::warning;
  CHECK(wants(webhook, *org.told("api/billing", revised(1, 0, 9))));
  CHECK(wants(webhook, *org.told("api/billing", revised(0, 1, 0))));
  CHECK_FALSE(wants(webhook, *org.told("api/billing", revised(0, 0, 9))));
  CHECK_FALSE(wants(webhook, *org.told("api/billing", revised(0, 0, 0))));
  CHECK(wants(webhook, *org.told("job/billing-file", failure(true, 0))));
}

TEST_CASE("filters by API and owner hold for everything that concerns an API") {
  organisation org;
  const auto failed = *org.told("job/billing-file", failure(true, 0));
  const auto applied =
      *org.told("engine", engine_event{config_applied{"apisync.yaml", {}, {}, {}, {}, {}}});
  auto webhook = hook();
  webhook.events = {"sync_failed", "config_applied"};
  webhook.apis = {"orders", "billing"};
  CHECK(wants(webhook, failed));
  CHECK_FALSE(wants(webhook, applied)); // it concerns no API
  webhook.owners = {"shop"};
  CHECK_FALSE(wants(webhook, failed));
  webhook.owners = {"payments"};
  CHECK(wants(webhook, failed));
}

TEST_CASE("a body is one object under an id that differs between events, webhooks and services") {
  organisation org;
  const auto news = *org.told("api/billing", revised(1, 0, 0));
  const auto body = json::parse(delivery_body(hook(), news));
  CHECK(body["id"] == delivery_id(hook(), news));
  CHECK(body["webhook"] == "chat");
  CHECK(body["type"] == "revision_added");
  CHECK(body["sequence"] == 700);
  CHECK(body["timestamp"] == to_rfc3339(org.log.now));
  CHECK(body["api"] == "billing");
  CHECK(body["owner"] == "payments");
  CHECK(body["data"]["number"] == 7);
  CHECK_FALSE(body.contains("source"));
  CHECK_THAT(delivery_id(hook(), news), Catch::StartsWith("chat.700."));
  CHECK(delivery_id(hook(), news) ==
        delivery_id(hook(), *org.told("api/billing", revised(1, 0, 0))));

  auto elsewhere = news;
  elsewhere.time += std::chrono::microseconds{1};
  CHECK(delivery_id(hook(), elsewhere) != delivery_id(hook(), news));
  auto other = hook();
  other.id = "pager";
  CHECK(delivery_id(other, news) != delivery_id(hook(), news));
}

TEST_CASE("data that is too long to send is left out") {
  organisation org;
  auto news = *org.told("api/billing", revised(1, 0, 0));
  news.data.text = "{\"x\":\"" + std::string(notification::max_data, 'x') + "\"}";
  const auto body = delivery_body(hook(), news);
  CHECK(body.size() < 2'000);
  CHECK(json::parse(body)["data"].is_null());
}
