#pragma once

#include "events/record.hpp"
#include "specs/digest.hpp"
#include "storage/block.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

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

struct planned_commit;

/// The end of a log in memory: what decides whether an append is accepted, and what its block
/// links to. The same for every log. `apply` belongs to the one writer.
class log_state {
public:
  explicit log_state(command_retention retention = {}) : retention_{retention} {}

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

  /// How many commands are remembered.
  [[nodiscard]] std::size_t command_count() const { return commands_.size(); }

private:
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
