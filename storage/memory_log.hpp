#pragma once

#include "storage/event_log.hpp"
#include "storage/log_state.hpp"

#include <memory>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace apisync::storage {

/// Blocks and documents in memory, byte for byte those of the log on disk, without threads or
/// files: the same calls give the same log.
class memory_log : public event_log {
public:
  explicit memory_log(command_retention retention = {}) : state_{retention} {}

  [[nodiscard]] std::unique_ptr<commit_planner> planner() const override;
  result<void> store(const planned_commit& commit) override;
  result<void> acknowledge(std::span<const std::shared_ptr<const planned_commit>> commits) override;
  [[nodiscard]] events::sequence head() const override;
  [[nodiscard]] digest chain() const override;
  [[nodiscard]] std::uint64_t version(std::string_view stream) const override;
  result<void> read(const read_filter& filter, const record_visitor& visit) const override;
  [[nodiscard]] result<std::optional<remembered_command>>
  find_command(std::string_view id) const override;

  /// The stored form of a document, if there is one.
  [[nodiscard]] std::optional<std::string> find_document(const digest& hash) const;

  /// The bytes of the i-th block, from 0; nothing past the last.
  [[nodiscard]] std::shared_ptr<const std::string> block(std::size_t i) const;

private:
  struct stored_block {
    events::sequence first = 0;
    events::sequence last = 0;
    std::shared_ptr<const std::string> bytes;
  };
  [[nodiscard]] stored_block at(std::size_t i) const;
  [[nodiscard]] std::size_t block_after(events::sequence sequence) const;

  mutable std::shared_mutex mutex_;
  log_state state_;
  std::vector<stored_block> blocks_;
  std::unordered_map<digest, std::string> documents_;
};

/// A memory log and its documents.
store make_memory_store(command_retention retention = {});

} // namespace apisync::storage
