#pragma once

#include "events/record.hpp"

#include <cstdint>
#include <functional>
#include <string_view>

namespace apisync::actors {

/// The wall clock as a seam: tests move it by hand.
using wall_clock = std::function<events::timestamp()>;

/// The wall clock of this machine.
events::timestamp system_now();

/// Chance as a seam: the same seed and name give the same numbers (SplitMix64).
class chance {
public:
  chance(std::uint64_t seed, std::string_view name);

  /// Uniform in [0, 1).
  double next();

private:
  std::uint64_t state_;
};

/// Limits of queues inside the service. Every queue has one; over it, callers get `overloaded`.
struct queue_limits {
  std::size_t journal_pending = 65'536; ///< Appends waiting for a commit.
  std::size_t journal_batch = 4'096;    ///< Appends in one commit.
  std::size_t commands_pending = 1'000; ///< Commands waiting at one entity.
  std::size_t tasks_pending = 10'000;   ///< Document tasks waiting for memory or a worker.
  std::size_t rows_per_record = 1'000;  ///< Rows collected before a record is cut.
};

} // namespace apisync::actors
