#pragma once

#include "storage/block.hpp"
#include "storage/event_log.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace apisync::storage {

/// How long, and how many, outside commands are remembered. Over the number, commands are refused
/// as `overloaded` rather than forgotten early and done twice.
struct command_retention {
  std::chrono::hours age{24};
  std::size_t count_max = 1'000'000;
};

/// A hash that looks up views in maps of strings.
struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

template <class Value>
using text_map = std::unordered_map<std::string, Value, text_hash, std::equal_to<>>;

/// Where the receipt of a command lies.
struct command_place {
  digest fingerprint;
  events::sequence sequence = 0;
  events::sequence block = 0;
  events::timestamp time;
};

/// A commit that is decided and not yet on disk.
struct planned_commit {
  std::vector<result<appended>> answers; ///< One per append.
  std::string block;                     ///< Empty when every append was refused.
  events::sequence first = 0;
  events::sequence last = 0;
  digest chain;
  events::timestamp time;
  /// Of the streams that the commit touches, after it. The names point into the appends.
  std::vector<std::pair<std::string_view, std::uint64_t>> versions;
  std::vector<std::pair<std::string, command_place>> commands;
  std::vector<const stored_document*> documents; ///< Point into the appends.
};

/// The end of a log in memory: what decides whether an append is accepted, and what its block
/// links to. The same for every log. `plan` and `apply` belong to the one committer.
class log_state {
public:
  explicit log_state(command_retention retention = {}) : retention_{retention} {}

  /// Decides each append and builds the block. Changes nothing.
  [[nodiscard]] planned_commit plan(std::span<const append> appends, events::timestamp time) const;

  /// Makes a planned commit, now durable, the end of the log.
  void apply(const planned_commit& commit);

  /// Takes in a block that was read at opening, in order of the log.
  void apply(const block_view& block);

  /// Sets what a stored index says of the log's beginning, before later blocks are applied.
  void restore(events::sequence head, const digest& chain, events::timestamp time);
  void restore_version(std::string_view stream, std::uint64_t version);
  void restore_receipts(const block_view& block);

  [[nodiscard]] events::sequence head() const { return head_; }
  [[nodiscard]] const digest& chain() const { return chain_; }
  [[nodiscard]] events::timestamp time() const { return time_; }
  [[nodiscard]] std::uint64_t version(std::string_view stream) const;
  [[nodiscard]] const text_map<std::uint64_t>& versions() const { return versions_; }
  [[nodiscard]] const command_place* find_command(std::string_view id) const;
  [[nodiscard]] const command_retention& retention() const { return retention_; }

private:
  struct attempt;
  void remember(std::string id, const command_place& place);
  void forget_old();

  command_retention retention_;
  events::sequence head_ = 0;
  digest chain_;
  events::timestamp time_;
  text_map<std::uint64_t> versions_;
  text_map<command_place> commands_;
  std::deque<std::string> command_order_; ///< By time, oldest first.
};

} // namespace apisync::storage
