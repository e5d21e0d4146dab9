#include "events/status.hpp"
#include "events/target_place.hpp"
#include "events/target_state.hpp"
#include "log_writer.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::events;
using namespace apisync::events::testing;
using namespace std::chrono_literals;

namespace {

target_definition portal() {
  target_definition out;
  out.id = "portal";
  out.api = "billing";
  out.path = "portal/billing.yaml";
  return out;
}

/// A target, and a log that only it writes.
class target_log {
public:
  target_log() { take(*decide_add(state, portal())); }

  void take(const std::vector<target_event>& facts) {
    for (const auto& fact : facts)
      apply(state, fact, {++sequence, now, "system"});
  }

  template <class Event>
  Event end(const write_ending& ending, double chance = 0.5) {
    const auto facts = decide_end(state, ending, {now, now, chance, values});
    REQUIRE(facts.size() == 1);
    REQUIRE(std::holds_alternative<Event>(facts.front()));
    take(facts);
    return std::get<Event>(facts.front());
  }

  target_state state;
  settings values;
  timestamp now = at("2026-11-25T08:00:00Z");
  events::sequence sequence = 100;
};

write_ending written(std::uint64_t revision = 1) {
  target_written fact;
  fact.revision = revision;
  fact.text = sha256::of("text");
  fact.bytes = sha256::of("text");
  return {revision, fact, {}, {}, {}};
}

const write_ending full{1, {}, "no space left", "portal/billing.yaml", {}};

} // namespace

TEST_CASE("a target remembers what it has, until it is declared anew or ordered") {
  target_log log;
  log.end<target_written>(written());
  REQUIRE(log.state.written);
  CHECK(log.state.writes == 1);
  CHECK(log.state.last_success == log.now);
  SECTION("declared anew") {
    auto changed = portal();
    changed.path = "elsewhere.yaml";
    log.take(*decide_change(log.state, changed));
    CHECK_FALSE(log.state.written);
    CHECK(decide_change(log.state, changed)->empty());
  }
  SECTION("ordered") {
    log.take(*decide_order(log.state));
    CHECK_FALSE(log.state.written);
    auto disabled = portal();
    disabled.enabled = false;
    log.take(*decide_change(log.state, disabled));
    CHECK(decide_order(log.state).error().code == errc::conflict);
  }
  SECTION("removed") {
    log.take(*decide_remove(log.state));
    CHECK_FALSE(log.state.exists);
    CHECK(decide_end(log.state, full, {log.now, log.now, 0.5, log.values}).empty());
    CHECK(decide_order(log.state).error().code == errc::not_found);
    log.take(*decide_add(log.state, portal()));
    CHECK(log.state.writes == 0);
  }
}

TEST_CASE("a target that fails is tried again, ever more slowly, for ever") {
  target_log log;
  log.values.max_retries = 3; // of jobs, which end; a target is brought there at last
  auto pause = 0us;
  for (std::uint32_t attempt = 1; attempt <= 50; ++attempt) {
    const auto fact = log.end<target_failed>(full, 0.999);
    CHECK(fact.attempts == attempt);
    const auto next = fact.next_attempt - log.now;
    CHECK(next >= pause);
    CHECK(next > 0us);
    CHECK(next <= log.values.retry_cap);
    pause = next;
  }
  CHECK(pause > log.values.retry_cap / 2);
  CHECK(log.state.failed == 50);
  CHECK(log.end<target_written>(written()).attempts == 51);
  CHECK(log.state.failures == 0);
  CHECK_FALSE(log.state.problem);
}

TEST_CASE("a target comes no earlier than it was told") {
  target_log log;
  auto later = full;
  later.retry_after = 600s;
  CHECK(log.end<target_failed>(later, 0).next_attempt == log.now + 600s);
}

TEST_CASE("views have the targets, their states and their counts") {
  log_writer log;
  log.declare("billing", 1);
  log.target("portal", target_added{portal()});
  const auto condition = [&] { return condition_of(log.folded(), *log.folded().target("portal")); };
  CHECK(condition() == target_condition::waiting);
  log.target("portal", target_failed{1, 1, "no space left", "x", log.folded().time()});
  CHECK(condition() == target_condition::failing);
  CHECK(log.folded().last_error()->code == "target_failed");
  target_written fact;
  fact.revision = 1;
  log.target("portal", fact);
  CHECK(condition() == target_condition::waiting); // there is no revision
  log.api("billing", revision_added{});
  fact.revision = log.folded().api("billing")->head()->fact.number;
  log.target("portal", fact);
  CHECK(condition() == target_condition::written);
  fact.found = true;
  log.target("portal", fact);
  CHECK(log.folded().metrics().targets_written == 2);
  CHECK(log.folded().metrics().failed_writes == 1);
  CHECK(log.folded().targets("", 10).size() == 1);
  log.target("portal", target_removed{});
  CHECK(log.folded().target("portal") == nullptr);
}

TEST_CASE("a place is the same however it is written") {
  source_definition file;
  file.id = "main";
  file.api = "billing";
  file.path = "./portal/../portal/billing.yaml";
  CHECK(same_place(portal(), file));
  file.path = "portal/other.yaml";
  CHECK_FALSE(same_place(portal(), file));

  target_definition git = portal();
  git.kind = target_kind::git;
  git.url = "/srv/specs.git";
  git.branch = "main";
  source_definition from;
  from.kind = source_kind::git;
  from.url = "file:///srv/specs.git";
  from.path = "portal/billing.yaml";
  for (const auto* ref : {"", "main", "refs/heads/main"}) {
    from.ref = ref;
    CHECK(same_place(git, from));
  }
  from.ref = "other";
  CHECK_FALSE(same_place(git, from));
  CHECK_FALSE(same_place(git, portal()));
}

TEST_CASE("a target writes where a source reads only what the source may be told") {
  source_definition main;
  main.id = "main";
  main.api = "billing";
  main.role = source_role::authority;
  CHECK(check_shared(portal(), main, false));
  CHECK_FALSE(check_shared(portal(), main, true));
  auto other = main;
  other.role = source_role::contributor;
  CHECK_FALSE(check_shared(portal(), other, false));
  other = main;
  other.api = "orders";
  CHECK_FALSE(check_shared(portal(), other, false));
  other = main;
  other.select.emplace();
  CHECK_FALSE(check_shared(portal(), other, false));
  auto released = portal();
  released.document = target_document::released;
  CHECK_FALSE(check_shared(released, main, false));
}
