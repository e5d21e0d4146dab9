#pragma once

#include "actors/environment.hpp"
#include "actors/views_keeper.hpp"
#include "admin/request_options.hpp"

#include <deque>
#include <mutex>
#include <utility>

namespace apisync::admin {

/// The views as they were: folds the log up to a moment, one reader at a time, and keeps the last
/// few moments that were asked for. Thread-safe.
class past {
public:
  static constexpr std::size_t kept = 4; ///< Moments; each may be as large as the present.

  past(const storage::event_log& log, actors::wall_clock now) : log_{log}, now_{std::move(now)} {}

  /// The views right after that sequence, or at that time (its own records included). Fails with
  /// `invalid_argument` for what lies ahead or before the first record.
  result<actors::snapshot> at(const moment& when, const actors::snapshot& newest);

private:
  [[nodiscard]] result<actors::snapshot> fold(const moment& when) const;

  const storage::event_log& log_;
  actors::wall_clock now_;
  std::mutex mutex_; ///< Held while folding, so that many readers cannot fold at once.
  std::deque<std::pair<moment, actors::snapshot>> recent_; ///< Newest first.
};

} // namespace apisync::admin
