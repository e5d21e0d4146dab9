#pragma once

#include "specs/error.hpp"

#include <csignal>
#include <mutex>
#include <optional>

namespace apisync::tools {

/// Signals of the process as a queue that the main thread reads. Made before any other thread, so
/// that every thread inherits the blocked signals and only `next` takes them.
class signal_queue {
public:
  enum class event : unsigned char {
    end,    ///< SIGTERM or SIGINT
    reload, ///< SIGHUP
    fatal,  ///< `report_fatal` was called
  };

  signal_queue();

  /// Waits for the next event.
  event next();

  /// Wakes `next`. From any thread; the first report since the last `fatal()` counts.
  void report_fatal(const error& problem);

  /// Takes the report out.
  std::optional<error> fatal();

private:
  sigset_t signals_{};
  std::mutex mutex_;
  std::optional<error> fatal_;
};

} // namespace apisync::tools
