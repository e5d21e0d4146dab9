#include "actors/integrate.hpp"
#include "actors/service.hpp"
#include "tests/actors/shop.hpp"

#include <fstream>
#include <thread>

using namespace apisync;
using namespace std::chrono_literals;

namespace {

/// A document of about that many bytes of JSON. What it says differs by its name and version.
std::string large_spec(const std::string& name, int version, std::size_t bytes) {
  std::string text = R"({"openapi":"3.0.3","info":{"title":")" + name + R"(","version":")" +
                     std::to_string(version) + R"("},"paths":{)";
  for (std::size_t i = 0; text.size() < bytes; ++i)
    text += (i == 0 ? "" : ",") + ("\"/" + name + std::to_string(i)) +
            R"(":{"get":{"operationId":"get)" + std::to_string(i) + R"(","summary":"version )" +
            std::to_string(i % 50 == 0 ? version : 0) +
            R"(","responses":{"200":{"description":"fine"},"404":{"description":"none"}}}})";
  return text + "}}";
}

/// A line of /proc/self/status, in bytes.
std::size_t status_of(const std::string& name) {
  std::ifstream status{"/proc/self/status"};
  std::string word;
  std::size_t kilobytes = 0;
  while (status >> word)
    if (word == name + ":" && status >> kilobytes) return kilobytes * 1024;
  return 0;
}

/// The highest mark of resident memory counts from here on.
bool reset_peak() {
  std::ofstream marks{"/proc/self/clear_refs"};
  marks << "5";
  marks.flush();
  return marks.good();
}

actors::read_text read_of(const std::string& name, std::size_t bytes) {
  auto text = std::make_shared<const std::string>(large_spec(name, 1, bytes));
  auto read = actors::read_document(text, name, 64U << 20);
  REQUIRE(read);
  return std::move(*read);
}

} // namespace

TEST_CASE("the cache of documents keeps its budget and lets go what was used longest ago",
          "[memory]") {
  actors::document_cache cache{3'000'000};
  std::vector<std::shared_ptr<const actors::read_text>> all;
  for (int i = 0; i < 20; ++i) {
    all.push_back(
        std::make_shared<const actors::read_text>(read_of("api" + std::to_string(i), 100'000)));
    cache.keep(all.back());
    CHECK(cache.bytes() <= 3'000'000);
  }
  CHECK(cache.find(all.back()->text_hash) == all.back());
  CHECK(cache.find(all.front()->text_hash) == nullptr);
  const auto used = cache.bytes();
  CHECK(used > 1'000'000);
  cache.set_budget(used / 2);
  CHECK(cache.bytes() <= used / 2);
  CHECK(cache.find(all.back()->text_hash) == all.back());
  cache.set_budget(0);
  CHECK(cache.bytes() == 0);
  cache.keep(all.back());
  CHECK(cache.find(all.back()->text_hash) == nullptr);
}

TEST_CASE("the base and the current document of a change are not read again", "[memory]") {
  test::simulation sim;
  sim.network().set("bills", large_spec("bills", 1, 50'000));
  actors::add_source order;
  order.definition.id = order.definition.api = "bills";
  order.definition.kind = events::source_kind::http;
  order.definition.url = "https://specs.example/bills.json";
  REQUIRE(sim.change(order));
  sim.advance(1s);
  for (int version = 2; version < 7; ++version) {
    sim.network().set("bills", large_spec("bills", version, 50'000));
    REQUIRE(sim.sync("bills")->outcome == events::sync_outcome::changed);
  }
  CHECK(sim.house().cache->counted().hits >= 10);
  CHECK(sim.house().cache->counted().misses == 0);
}

TEST_CASE("a smaller memory budget counts at once", "[memory]") {
  test::simulation sim;
  const auto before = sim.house().cache->budget();
  REQUIRE(sim.change(actors::change_settings{{{"memoryBudget", {"8388608"}}}, {}}));
  CHECK(before == (1U << 30) / 4);
  CHECK(sim.house().cache->budget() == 2U << 20);
}

// The scripted network and the log in memory are counted before and beside the budget; the cache
// of texts of the document store is 64 MiB.
TEST_CASE("syncing many large documents stays within the memory budget", "[memory][long]") {
  constexpr std::size_t document_bytes = 2U << 20, budget = 192U << 20, documents = 48;
  actors::house_options options;
  options.store = storage::make_memory_store();
  auto network = std::make_shared<test::scripted_fetcher>();
  options.fetcher = network;
  options.seed = 1;
  options.workers = 4;
  auto service = actors::service::start(options);
  REQUIRE(service);
  REQUIRE((*service)->change(
      actors::change_settings{{{"memoryBudget", {std::to_string(budget)}}}, {}}));
  const auto id_of = [](std::size_t i) { return "big" + std::to_string(i); };
  for (std::size_t i = 0; i < documents; ++i)
    network->set(id_of(i), large_spec(id_of(i), 1, document_bytes));
  std::vector<std::string> second;
  for (std::size_t i = 0; i < documents; ++i)
    second.push_back(large_spec(id_of(i), 2, document_bytes));
  const auto before = status_of("VmRSS");
  if (!reset_peak()) {
    WARN("skipped: the mark of resident memory cannot be set back here");
    return;
  }
  for (std::size_t i = 0; i < documents; ++i) {
    actors::add_source order;
    order.definition.id = order.definition.api = id_of(i);
    order.definition.kind = events::source_kind::http;
    order.definition.url = "https://specs.example/" + id_of(i) + ".json";
    order.definition.interval = 24h;
    REQUIRE((*service)->change(order));
  }
  for (std::size_t i = 0; i < documents; ++i)
    REQUIRE((*service)->sync({id_of(i), true, {}}));
  for (std::size_t i = 0; i < documents; ++i)
    network->set(id_of(i), std::move(second[i]));
  for (std::size_t i = 0; i < documents; ++i) // ordered together, so that they compete
    REQUIRE((*service)->sync({id_of(i), false, {}}));
  for (std::size_t i = 0; i < documents; ++i)
    REQUIRE((*service)->sync({id_of(i), true, {}}));
  for (std::size_t i = 0; i < documents; ++i)
    CHECK((*service)->now()->api(id_of(i))->revisions.size() == 2);
  const auto peak = status_of("VmHWM") - before;
  constexpr std::size_t texts = 64U << 20, log = 32U << 20;
  INFO(peak / 1'000'000 << " MB at most");
  CHECK(peak <= budget + texts + log);
  (*service)->stop("test");
}

TEST_CASE("a task counts with the largest document that it reads", "[memory]") {
  test::shop s;
  const auto large = large_spec("large", 1, 1'000'000);
  s.add("main", large);
  const auto& documents = *s.sim.store().documents;
  CHECK(documents.size(sha256::of(large)).value() == large.size());
  CHECK(documents.size(sha256::of("x")).error().code == errc::not_found);

  actors::take_version small;
  small.source.id = "main";
  small.incoming.bytes = std::make_shared<const std::string>("{}");
  const auto alone = actors::estimated_memory(small, documents);
  auto& base = small.api.bases["main"];
  base.text = sha256::of(large);
  CHECK(actors::estimated_memory(small, documents) > alone + 20 * large.size());
  base = {};
  small.api.head.emplace();
  small.api.text = sha256::of(large);
  CHECK(actors::estimated_memory(small, documents) > alone + 20 * large.size());
}
