#pragma once

#include "actors/house.hpp"
#include "actors/replay.hpp"
#include "storage/memory_log.hpp"
#include "tests/support/recorded_watcher.hpp"
#include "tests/support/scripted_fetcher.hpp"
#include "tests/support/scripted_finder.hpp"
#include "tests/support/scripted_model.hpp"
#include "tests/support/scripted_publisher.hpp"
#include "tests/support/scripted_sender.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

#include <chrono>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace apisync::test {

/// The whole service on one thread: a clock that only the test moves, an in-memory log, a scripted
/// network and a seed. The same script gives the same records.
class simulation {
public:
  explicit simulation(std::uint64_t seed = 1, storage::store store = storage::make_memory_store())
      : store_{std::move(store)},
        scheduler_{dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler())} {
    system_.await_actors_before_shutdown(false); // nobody runs them any more
    started_ = scheduler_.clock().now();
    open(seed);
  }

  ~simulation() { close(); }

  /// Ends every actor at once, as a crash does, and starts anew on the same log.
  void crash(std::uint64_t seed = 1) {
    close();
    open(seed);
  }

  /// Delivers all messages that need no time to pass.
  void run() { scheduler_.run(); }

  /// Delivers one message; false where there is none.
  bool step() { return scheduler_.try_run_once(); }

  /// Moves the clock, stopping at each timer on the way.
  void advance(caf::timespan amount) {
    auto& clock = scheduler_.clock();
    const auto goal = clock.now() + amount;
    run();
    while (!clock.schedule().empty() && clock.schedule().begin()->first <= goal) {
      clock.trigger_timeout();
      run();
    }
    clock.current_time = goal;
    run();
  }

  /// The outcome of an order: absent until it arrives.
  template <class T>
  using slot = std::shared_ptr<std::optional<result<T>>>;

  /// Delivers so many messages, or all there are.
  void run(std::size_t messages) {
    while (messages-- > 0 && step()) {
    }
  }

  /// Gives the engine an order from a throw-away actor, and delivers so many messages.
  template <class T, class Order>
  slot<T> tell(const Order& order, std::size_t messages = std::numeric_limits<std::size_t>::max()) {
    auto out = std::make_shared<std::optional<result<T>>>();
    system_.spawn([engine = house_.engine, out, order](caf::event_based_actor* me) {
      me->request(engine, caf::infinite, order)
          .then([out](const T& value) { *out = value; },
                [out](const caf::error& problem) {
                  *out = tl::unexpected{actors::from_caf(problem)};
                });
    });
    run(messages);
    return out;
  }

  /// Gives the journal an append, and does not run: several can wait for one commit.
  slot<storage::appended> append(const actors::append_order& order) {
    auto out = std::make_shared<std::optional<result<storage::appended>>>();
    system_.spawn([journal = house_.journal, out, order](caf::event_based_actor* me) {
      me->request(journal, caf::infinite, order)
          .then([out](const storage::appended& value) { *out = value; },
                [out](const caf::error& problem) {
                  *out = tl::unexpected{actors::from_caf(problem)};
                });
    });
    return out;
  }

  /// Tells the journal to exit, as the service does when it ends.
  void end_journal() { caf::anon_send_exit(house_.journal, caf::exit_reason::user_shutdown); }

  /// Gives an order and lets time pass until it is answered, a minute at most.
  template <class T, class Order>
  result<T> ask(const Order& order) {
    auto out = tell<T>(order);
    for (int i = 0; i < 6'000 && !*out; ++i)
      advance(std::chrono::milliseconds{10});
    if (!*out) return fail(errc::unavailable, "no answer within a minute");
    return **out;
  }

  result<actors::answer> change(const auto& order) { return ask<actors::answer>(order); }

  result<actors::sync_ended> sync(const std::string& source) {
    return ask<actors::sync_ended>(actors::sync_source{source, true, {{"user:test", {}, 0}, {}}});
  }

  /// The views after everything that is in the log.
  [[nodiscard]] events::views views() const {
    auto folded = actors::replay(*store_.log);
    REQUIRE(folded.has_value());
    return *folded;
  }

  /// Every record as text, one a line.
  [[nodiscard]] std::string exported() const {
    std::string out;
    const auto read = store_.log->read({}, [&](const events::record_view& record) {
      out += std::to_string(record.sequence) + ' ' + std::string{record.stream} + '#' +
             std::to_string(record.stream_version) + ' ' + std::string{record.type} + ' ' +
             events::to_rfc3339(record.time) + ' ' + std::string{record.by} + ' ' +
             std::string{record.correlation} + ' ' + simdjson::minify(record.data) + '\n';
      return true;
    });
    REQUIRE(read.has_value());
    return out;
  }

  [[nodiscard]] events::timestamp now() const {
    constexpr events::timestamp epoch{std::chrono::seconds{1'700'000'000}};
    return epoch + std::chrono::duration_cast<std::chrono::microseconds>(scheduler_.clock().now() -
                                                                         started_);
  }

  scripted_fetcher& network() { return *network_; }
  recorded_watcher& watcher() { return *watcher_; }
  scripted_finder& files() { return *files_; }
  scripted_sender& receivers() { return *receivers_; }
  scripted_publisher& places() { return *places_; }
  scripted_model& model() { return *model_; }
  const storage::store& store() const { return store_; }
  actors::house& house() { return house_; }
  [[nodiscard]] const std::optional<error>& fatal() const { return fatal_; }

private:
  struct config : caf::actor_system_config {
    config() { set("scheduler.policy", caf::atom("testing")); }
  };

  void open(std::uint64_t seed) {
    actors::house_options options;
    options.store = store_;
    options.fetcher = network_;
    options.watcher = watcher_;
    options.finder = files_;
    options.sender = receivers_;
    options.publisher = places_;
    options.model = model_;
    options.now = [this] { return now(); };
    options.seed = seed;
    options.detached = false;
    options.version = "test";
    options.on_fatal = [this](const error& problem) { fatal_ = problem; };
    auto house = actors::open_house(system_, options);
    REQUIRE(house.has_value());
    house_ = std::move(*house);
    fatal_.reset(); // what the crash before this broke
    run();
  }

  void close() {
    kill(house_.journal); // first, so that nobody writes a last word
    run();
    kill(house_.engine);
    kill(house_.entities->notifier());
    kill(house_.entities->publisher());
    kill(house_.entities->model());
    kill(house_.entities->finder());
    kill(house_.scheduler);
    kill(house_.resolver);
    kill(house_.views);
    for (auto& worker : house_.workers)
      kill(worker);
    const auto views = house_.box->get();
    constexpr auto all = std::numeric_limits<std::size_t>::max();
    for (const auto* job : views->jobs("", all))
      kill(house_.entities->job(job->definition.id));
    for (const auto* source : views->sources("", all))
      kill(house_.entities->source(source->definition.id));
    for (const auto* api : views->apis("", all))
      kill(house_.entities->api(api->definition.id));
    house_ = {};
    run();
    scheduler_.clock().cancel_all(); // a timer that renews itself would keep the system busy
  }

  template <class Handle>
  static void kill(const Handle& handle) {
    if (handle) caf::anon_send_exit(handle, caf::exit_reason::kill);
  }

  storage::store store_;
  config config_;
  caf::actor_system system_{config_};
  caf::scheduler::test_coordinator& scheduler_;
  caf::actor_clock::time_point started_;
  std::shared_ptr<scripted_fetcher> network_ = std::make_shared<scripted_fetcher>();
  std::shared_ptr<recorded_watcher> watcher_ = std::make_shared<recorded_watcher>();
  std::shared_ptr<scripted_finder> files_ = std::make_shared<scripted_finder>();
  std::shared_ptr<scripted_sender> receivers_ = std::make_shared<scripted_sender>();
  std::shared_ptr<scripted_publisher> places_ = std::make_shared<scripted_publisher>();
  std::shared_ptr<scripted_model> model_ = std::make_shared<scripted_model>();
  actors::house house_;
  std::optional<error> fatal_;
};

} // namespace apisync::test
