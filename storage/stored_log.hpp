#pragma once

#include "storage/data_directory.hpp"
#include "storage/event_log.hpp"
#include "storage/log_state.hpp"
#include "storage/rocks.hpp"
#include "storage/stream_index.hpp"

#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>

namespace apisync::storage {

/// What a log on disk can do whether it is written or only looked at: its checks at opening, and
/// reading.
class stored_log : public event_log {
public:
  [[nodiscard]] std::unique_ptr<commit_planner> planner() const override;
  [[nodiscard]] events::sequence head() const override;
  [[nodiscard]] digest chain() const override;
  [[nodiscard]] std::uint64_t version(std::string_view stream) const override;
  result<void> read(const read_filter& filter, const record_visitor& visit) const override;
  [[nodiscard]] result<std::optional<remembered_command>>
  find_command(std::string_view id) const override;

  /// Visits the blocks that hold records after `after` and up to the head, in order, checking that
  /// none is missing. False from the visitor ends it.
  result<void> each_block(events::sequence after,
                          const std::function<result<bool>(const block_view&)>& visit) const;

  /// The stored form of a document, if there is one.
  [[nodiscard]] result<std::optional<std::string>> find_document(const digest& hash) const;

  [[nodiscard]] const database& base() const { return *database_; }
  [[nodiscard]] const data_directory& where() const { return where_; }

  /// How far the stored index reaches.
  [[nodiscard]] events::sequence indexed_through() const;

protected:
  stored_log(data_directory where, std::unique_ptr<database> base, command_retention retention)
      : where_{std::move(where)}, database_{std::move(base)}, state_{retention} {}

  /// Restores the state from the stored index, if there is one.
  result<void> restore();

  /// Takes in the blocks after the head: none missing, each linked to the one before. `each` is
  /// called after every block.
  result<void> take_new_blocks(const std::function<result<void>()>& each);

  /// Whether the log holds, under that chain hash, what the anchor says was acknowledged.
  [[nodiscard]] result<void> check_anchor(const anchor_point& acknowledged) const;

  /// Why the log refuses to answer, once it does.
  [[nodiscard]] std::optional<error> failure() const;

  /// `problem`, with what a person can do about a log that is not whole.
  [[nodiscard]] error with_advice(error problem) const;

  data_directory where_;
  std::unique_ptr<database> database_;

  mutable std::shared_mutex mutex_; ///< Protects what follows; the writer alone changes it.
  log_state state_;
  index_tail tail_;     ///< After `settling_`.
  index_tail settling_; ///< After the stored index; being written to it.
  index_mark indexed_;
  std::optional<error> failed_;

private:
  result<bool> visit_one(events::sequence key, const read_filter& filter,
                         const record_visitor& visit) const;
  result<void> read_stream(const read_filter& filter, events::sequence end,
                           const record_visitor& visit) const;
  [[nodiscard]] result<std::string> block_bytes(events::sequence key) const;
};

} // namespace apisync::storage
