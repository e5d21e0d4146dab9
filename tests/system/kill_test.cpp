#include "storage/log_reader.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/system/service_process.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

using namespace apisync;

namespace {

/// What the outside world remembers: which commands were acknowledged, and which have no answer.
class ledger {
public:
  std::string next() {
    const std::scoped_lock lock{mutex_};
    if (!open_.empty()) { // first what nobody answered: the same command again
      auto id = *open_.begin();
      open_.erase(open_.begin());
      return id;
    }
    return "api-" + std::to_string(++count_);
  }

  void answered(const std::string& id, int status) {
    const std::scoped_lock lock{mutex_};
    if (status == 201 || status == 200)
      acknowledged_.insert(id);
    else if (status == 0 || status == 503)
      open_.insert(id);
    else
      refused_.insert(id + " " + std::to_string(status));
  }

  [[nodiscard]] std::set<std::string> acknowledged() const {
    const std::scoped_lock lock{mutex_};
    return acknowledged_;
  }
  [[nodiscard]] std::set<std::string> refused() const {
    const std::scoped_lock lock{mutex_};
    return refused_;
  }

private:
  mutable std::mutex mutex_;
  std::uint64_t count_ = 0;
  std::set<std::string> open_, acknowledged_, refused_;
};

/// Gives commands until the service is gone.
void load(std::uint16_t port, ledger& book, const std::atomic<bool>& gone) {
  while (!gone) {
    const auto id = book.next();
    const auto reply = test::http(port, "POST", "/v1/apis", R"({"id":")" + id + R"("})",
                                  "Idempotency-Key: " + id + "\r\n");
    book.answered(id, reply.status);
  }
}

} // namespace

TEST_CASE("100 kills under load lose no acknowledged command, do none twice and leave no gap",
          "[kill]") {
  const test::scratch_directory folder;
  const auto data = folder / "data";
  std::mt19937 chance{20261123}; // NOLINT: the same run each time
  ledger book;
  for (int round = 0; round < 100; ++round) {
    test::program service{{"serve", "--data", data, "--listen", "127.0.0.1:0"}};
    const auto port = test::port_of(service);
    std::atomic<bool> gone = false;
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i)
      clients.emplace_back([&] { load(port, book, gone); });
    // Killed after a random number of answers: in the middle of whatever is being done then.
    const auto enough = book.acknowledged().size() + std::uniform_int_distribution{1, 8}(chance);
    while (book.acknowledged().size() < enough && book.refused().empty())
      std::this_thread::yield();
    CHECK(service.finish(SIGKILL) == 128 + SIGKILL);
    gone = true;
    for (auto& client : clients)
      client.join();
  }
  CHECK(book.refused().empty());

  auto log = storage::log_reader::open(data);
  REQUIRE(log);
  std::map<std::string, int> added;
  events::sequence last = 0;
  const auto read = (*log)->read({}, [&](const events::record_view& record) {
    CHECK(record.sequence == last + 1);
    last = record.sequence;
    if (record.type == "api_added") ++added[std::string{record.stream}];
    return true;
  });
  REQUIRE(read);
  CHECK(last == (*log)->head());
  for (const auto& id : book.acknowledged())
    CHECK(added["api/" + id] == 1);
  for (const auto& [stream, times] : added)
    CHECK(times == 1);
}
