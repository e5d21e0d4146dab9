#pragma once

#include "storage/block.hpp"
#include "storage/event_log.hpp"
#include "storage/log_state.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace apisync::storage {

/// A commit that is decided and not yet on disk.
struct planned_commit {
  std::string block;
  events::sequence first = 0;
  events::sequence last = 0;
  digest chain;
  events::timestamp time;
  std::vector<block_stream> streams; ///< That it touches; the names point into `appends`.
  std::vector<std::pair<std::string, command_place>> commands;
  std::vector<const stored_document*> documents;      ///< Point into `appends`.
  std::vector<std::shared_ptr<const append>> appends; ///< Those accepted.
};

/// Whether a commit follows the end of the log (last record and chain hash) and its block reads
/// back; `internal` where it does not. The check before anything is written.
result<void> check(const planned_commit& commit, events::sequence head, const digest& chain);

/// Decides appends and builds the blocks of commits, ahead of the disk: what is planned counts for
/// what is planned after it, whether it is written already or not. A planner whose commit could
/// not be written is worth nothing any more, like the log itself.
///
/// One thread plans; another may write to the log meanwhile.
class commit_planner {
public:
  /// Both belong to the log, which outlives the planner; the mutex protects the state.
  commit_planner(const log_state& state, std::shared_mutex& mutex) : state_{state}, mutex_{mutex} {}

  /// Puts an append into the commit that is being formed, and says where it will lie once that is
  /// on disk. Refused alone, changing nothing: `conflict` (a version differs), `already_exists`
  /// (its command id is taken), `invalid_argument` (it would not read back), `limit_exceeded`, or
  /// `overloaded` (no room). The commit gets the time of its first append, raised to the last
  /// record's time if the clock went back.
  result<appended> add(std::shared_ptr<const append> what, events::timestamp now);

  /// Whether nothing was accepted since the last `seal`.
  [[nodiscard]] bool empty() const { return !forming_; }

  /// Whether an append would not fit into the commit that is being formed, but would alone.
  [[nodiscard]] bool full_for(const append& what) const;

  /// Ends the commit that is being formed. The next `add` begins another. @pre !empty()
  std::shared_ptr<const planned_commit> seal();

private:
  struct draft {
    block_writer writer;
    std::shared_ptr<planned_commit> commit;
    std::unordered_set<std::string_view> ids; ///< Of commands.
  };

  void forget_written();
  [[nodiscard]] std::uint64_t version(std::string_view stream) const;
  [[nodiscard]] bool taken(std::string_view command) const;
  [[nodiscard]] std::size_t command_count() const;
  [[nodiscard]] std::optional<error> refusal(const append& what) const;
  void begin(events::timestamp now);

  const log_state& state_;
  std::shared_mutex& mutex_;
  std::deque<draft> in_flight_; ///< Sealed, and maybe not in the state yet; oldest first.
  std::optional<draft> forming_;
};

} // namespace apisync::storage
