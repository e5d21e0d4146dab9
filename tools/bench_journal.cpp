#include "tools/bench_journal.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <thread>

namespace apisync::tools {

struct begin_load {
  std::uint32_t waiting = 0;
  std::chrono::steady_clock::time_point end;
};

} // namespace apisync::tools

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::tools::begin_load)

namespace apisync::tools {
namespace {

/// Answers, when its time is up and nothing of its own waits any more, how much was acknowledged.
using load_actor = caf::typed_actor<caf::replies_to<begin_load>::with<std::uint64_t>>;

/// Keeps appends waiting at the journal.
class load_state {
public:
  static inline constexpr auto name = "load";

  explicit load_state(load_actor::pointer self) : self_{self} {}

  caf::result<std::uint64_t> begin(const begin_load& order) {
    end_ = order.end;
    acknowledged_ = 0;
    reply_ = self_->make_response_promise<std::uint64_t>();
    for (waiting_ = 0; waiting_ < order.waiting; ++waiting_)
      append();
    return reply_;
  }

  actors::journal_actor journal;
  const bench_records* records = nullptr;

private:
  void append() {
    self_->request(journal, caf::infinite, actors::append_order{records->append(next_++)})
        .then([this](const storage::appended&) { answered(); },
              [this](const caf::error& problem) {
                if (reply_.pending()) reply_.deliver(problem);
              });
  }

  void answered() {
    ++acknowledged_;
    if (std::chrono::steady_clock::now() < end_) return append();
    if (--waiting_ == 0 && reply_.pending()) reply_.deliver(acknowledged_);
  }

  load_actor::pointer self_;
  caf::typed_response_promise<std::uint64_t> reply_;
  std::chrono::steady_clock::time_point end_;
  std::uint64_t acknowledged_ = 0;
  std::uint32_t waiting_ = 0;
  std::size_t next_ = 0; ///< Of the records.
};

load_actor::behavior_type load_behavior(load_actor::stateful_pointer<load_state> self,
                                        actors::journal_actor journal,
                                        const bench_records* records) {
  self->state.journal = std::move(journal);
  self->state.records = records;
  return {[self](const begin_load& order) { return self->state.begin(order); }};
}

template <class Handle>
void end(caf::scoped_actor& self, const Handle& handle) {
  self->send_exit(handle, caf::exit_reason::user_shutdown);
  self->wait_for(caf::actor_cast<caf::actor>(handle));
}

} // namespace

/// As in the service.
journal_load::config::config() {
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-throughput", 100);
  set("scheduler.max-threads", std::max(2U, std::thread::hardware_concurrency()));
}

journal_load::journal_load(std::shared_ptr<storage::event_log> log, const bench_records& records)
    : log_{std::make_shared<counting_log>(std::move(log))}, records_{records}, system_{config_} {
  journal_ = system_.spawn<caf::detached>(
      actors::journal_behavior, std::shared_ptr<storage::event_log>{log_},
      actors::wall_clock{actors::system_now}, actors::queue_limits{}, actors::log_failure_handler{},
      true);
}

journal_load::~journal_load() {
  caf::scoped_actor self{system_};
  end(self, journal_);
  journal_ = actors::journal_actor{};
}

result<load_outcome> journal_load::run(std::uint32_t waiting, std::chrono::milliseconds time) {
  auto const client = system_.spawn(load_behavior, journal_, &records_);
  caf::scoped_actor self{system_};
  load_outcome outcome;
  std::optional<error> failed;
  auto const commits_before = log_->commits();
  auto const began = std::chrono::steady_clock::now();
  self->request(client, caf::infinite, begin_load{waiting, began + time})
      .receive([&](std::uint64_t acknowledged) { outcome.events = acknowledged; },
               [&](const caf::error& problem) { failed = actors::from_caf(problem); });
  outcome.time = std::chrono::steady_clock::now() - began;
  outcome.commits = log_->commits() - commits_before;
  end(self, client);
  if (failed) return tl::unexpected{*failed};
  return outcome;
}

} // namespace apisync::tools
