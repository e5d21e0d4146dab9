#include "tests/support/simulation.hpp"

using namespace apisync;
using namespace std::chrono_literals;

namespace {

/// A log in memory on a disk that a test fills, or whose next commit fails.
class moody_log : public storage::event_log {
public:
  explicit moody_log(std::shared_ptr<storage::event_log> inner) : inner_{std::move(inner)} {}

  bool full = false;
  bool broken = false;
  bool forgetful = false;              ///< Stores, and cannot acknowledge.
  std::function<void()> while_writing; ///< Called once, while the next commit is on its way.

  [[nodiscard]] std::unique_ptr<storage::commit_planner> planner() const override {
    return inner_->planner();
  }
  result<void> store(const storage::planned_commit& commit) override {
    if (auto meanwhile = std::exchange(while_writing, nullptr)) meanwhile();
    if (broken) return fail(errc::unknown_outcome, "the test broke the disk");
    return inner_->store(commit);
  }
  result<void>
  acknowledge(std::span<const std::shared_ptr<const storage::planned_commit>> commits) override {
    if (forgetful) return fail(errc::unknown_outcome, "the test broke the anchor");
    return inner_->acknowledge(commits);
  }
  [[nodiscard]] result<void> room() const override {
    if (full) return fail(errc::unavailable, "the test filled the disk");
    return {};
  }
  [[nodiscard]] events::sequence head() const override { return inner_->head(); }
  [[nodiscard]] digest chain() const override { return inner_->chain(); }
  [[nodiscard]] std::uint64_t version(std::string_view stream) const override {
    return inner_->version(stream);
  }
  result<void> read(const storage::read_filter& filter,
                    const storage::record_visitor& visit) const override {
    return inner_->read(filter, visit);
  }
  [[nodiscard]] result<std::optional<storage::remembered_command>>
  find_command(std::string_view id) const override {
    return inner_->find_command(id);
  }

private:
  std::shared_ptr<storage::event_log> inner_;
};

struct moody_house {
  storage::store memory = storage::make_memory_store();
  std::shared_ptr<moody_log> log = std::make_shared<moody_log>(memory.log);
  test::simulation sim{1, {log, memory.documents}};
};

actors::add_api api(const std::string& id) {
  actors::add_api order;
  order.definition.id = id;
  return order;
}

} // namespace

TEST_CASE("a full disk makes everything wait, and nothing is lost when there is room again",
          "[journal]") {
  moody_house house;
  house.log->full = true;
  const auto before = house.log->head();
  auto waiting = house.sim.tell<actors::answer>(api("billing"));
  house.sim.advance(1min);
  CHECK_FALSE(waiting->has_value());
  CHECK(house.log->head() == before);
  house.log->full = false;
  house.sim.advance(2s);
  REQUIRE(waiting->has_value());
  CHECK((*waiting)->has_value());
  CHECK(house.sim.views().api("billing") != nullptr);
  CHECK_FALSE(house.sim.fatal().has_value());
}

TEST_CASE("after a failed commit nothing more is written, and the owner is told", "[journal]") {
  moody_house house;
  REQUIRE(house.sim.change(api("billing")));
  const auto before = house.log->head();
  house.log->broken = true;
  const auto doubtful = house.sim.change(api("orders"));
  REQUIRE_FALSE(doubtful);
  CHECK(doubtful.error().code == errc::unknown_outcome);
  REQUIRE(house.sim.fatal().has_value());
  house.log->broken = false;
  CHECK_FALSE(house.sim.change(api("payments")));
  CHECK(house.log->head() == before);

  house.sim.crash(); // the owner opens everything anew
  CHECK(house.sim.change(api("payments")));
}

namespace {

actors::append_order order(const std::string& stream, std::uint64_t version) {
  auto what = std::make_shared<storage::append>();
  what->expected.push_back({stream, version});
  what->events.push_back({stream, "api_removed", 1, "{}"});
  return actors::append_order{std::move(what)};
}

} // namespace

TEST_CASE("appends that wait for the same commit share it, and a refused one harms no other",
          "[journal]") {
  moody_house house;
  auto& sim = house.sim;
  std::vector<test::simulation::slot<storage::appended>> answers;
  for (const auto& one : {order("api/a", 0), order("api/a", 0), order("api/b", 0)})
    answers.push_back(sim.append(one));
  sim.run();
  REQUIRE((*answers[0])->has_value());
  REQUIRE_FALSE((*answers[1])->has_value());
  CHECK((*answers[1])->error().code == errc::conflict);
  REQUIRE((*answers[2])->has_value());
  CHECK((*answers[0])->value().time == (*answers[2])->value().time);
}

TEST_CASE("what comes while a commit is being written is the next one, and counts what is written",
          "[journal]") {
  moody_house house;
  auto& sim = house.sim;
  std::vector<test::simulation::slot<storage::appended>> later;
  auto first = sim.append(order("api/a", 0));
  house.log->while_writing = [&] {
    for (const auto& one : {order("api/a", 1), order("api/a", 1), order("api/b", 0)})
      later.push_back(sim.append(one));
  };
  sim.run();
  REQUIRE((*first)->has_value());
  REQUIRE((*later[0])->has_value());
  CHECK((*later[0])->value().first == (*first)->value().last + 1);
  CHECK((*later[1])->error().code == errc::conflict);
  CHECK((*later[2])->value().last == house.log->head());
}

TEST_CASE("when a commit fails, those that waited for the next one are not left waiting",
          "[journal]") {
  moody_house house;
  auto& sim = house.sim;
  test::simulation::slot<storage::appended> later;
  house.log->broken = true;
  house.log->while_writing = [&] { later = sim.append(order("api/b", 0)); };
  auto first = sim.append(order("api/a", 0));
  sim.run();
  CHECK((*first)->error().code == errc::unknown_outcome);
  CHECK((*later)->error().code == errc::unknown_outcome);
}

TEST_CASE("what is stored and cannot be acknowledged is not answered as done", "[journal]") {
  moody_house house;
  auto& sim = house.sim;
  house.log->forgetful = true;
  auto first = sim.append(order("api/a", 0));
  sim.run();
  CHECK((*first)->error().code == errc::unknown_outcome);
  CHECK(house.sim.fatal().has_value());
}

TEST_CASE("a journal that is told to leave answers for what is being written and takes no more",
          "[journal]") {
  moody_house house;
  auto& sim = house.sim;
  house.log->while_writing = [&] { sim.end_journal(); };
  auto first = sim.append(order("api/a", 0));
  sim.run();
  REQUIRE((*first)->has_value());
  CHECK((*first)->value().last == house.log->head());
  auto late = sim.append(order("api/c", 0));
  sim.run();
  CHECK_FALSE((*late)->has_value());
}

TEST_CASE("a journal that is told to leave does not wait for a full disk", "[journal]") {
  moody_house house;
  auto& sim = house.sim;
  house.log->full = true;
  auto waiting = sim.append(order("api/a", 0));
  sim.run();
  REQUIRE_FALSE(waiting->has_value());
  sim.end_journal();
  sim.run();
  REQUIRE(waiting->has_value());
  CHECK((*waiting)->error().code == errc::unavailable);
}
