#pragma once

#include "tools/log_access.hpp"

#include <csignal>
#include <functional>

namespace apisync::tools {

/// Waits a moment before the next look at a growing log; false when enough was seen.
using log_pause = std::function<bool()>;

/// Prints records: for people, or as they stand in the log, one a line. With `follow`, goes on
/// with what is committed later until `pause` says that it is enough.
exit_status show_log(const log_request& wanted, const invocation& call, const log_pause& pause);

/// A fifth of a second that SIGINT or SIGTERM ends. Made before other threads, which inherit that
/// the signals wait for it.
class interruptible_pause {
public:
  interruptible_pause();
  ~interruptible_pause();
  interruptible_pause(const interruptible_pause&) = delete;
  interruptible_pause& operator=(const interruptible_pause&) = delete;

  /// False when a signal came.
  bool operator()();

private:
  sigset_t signals_{};
  sigset_t before_{};
};

} // namespace apisync::tools
