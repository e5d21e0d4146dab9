#pragma once

#include "actors/journal.hpp"
#include "tools/bench_records.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

namespace apisync::tools {

/// A log that counts the commits that go through it.
class counting_log : public storage::event_log {
public:
  explicit counting_log(std::shared_ptr<storage::event_log> log) : log_{std::move(log)} {}

  [[nodiscard]] std::unique_ptr<storage::commit_planner> planner() const override {
    return log_->planner();
  }
  result<void> store(const storage::planned_commit& commit) override {
    ++commits_;
    return log_->store(commit);
  }
  result<void>
  acknowledge(std::span<const std::shared_ptr<const storage::planned_commit>> commits) override {
    return log_->acknowledge(commits);
  }
  [[nodiscard]] events::sequence head() const override { return log_->head(); }
  [[nodiscard]] digest chain() const override { return log_->chain(); }
  [[nodiscard]] std::uint64_t version(std::string_view stream) const override {
    return log_->version(stream);
  }
  result<void> read(const storage::read_filter& filter,
                    const storage::record_visitor& visit) const override {
    return log_->read(filter, visit);
  }
  [[nodiscard]] result<std::optional<storage::remembered_command>>
  find_command(std::string_view id) const override {
    return log_->find_command(id);
  }

  [[nodiscard]] std::uint64_t commits() const { return commits_; }

private:
  std::shared_ptr<storage::event_log> log_;
  std::atomic<std::uint64_t> commits_ = 0;
};

/// What a load came to.
struct load_outcome {
  std::uint64_t events = 0; ///< Acknowledged.
  std::uint64_t commits = 0;
  std::chrono::duration<double> time{};
};

/// A journal as in the service, on a thread of its own, and an actor that keeps it busy.
class journal_load {
public:
  journal_load(std::shared_ptr<storage::event_log> log, const bench_records& records);
  ~journal_load();
  journal_load(const journal_load&) = delete;
  journal_load& operator=(const journal_load&) = delete;

  /// Keeps that many appends of one event waiting, each answered one followed by another, for that
  /// long. Fails with what the journal fails with.
  result<load_outcome> run(std::uint32_t waiting, std::chrono::milliseconds time);

private:
  struct config : caf::actor_system_config {
    config();
  };

  std::shared_ptr<counting_log> log_;
  const bench_records& records_;
  config config_;
  caf::actor_system system_;
  actors::journal_actor journal_;
};

} // namespace apisync::tools
