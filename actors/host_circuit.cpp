#include "actors/host_circuit.hpp"

#include "events/backoff.hpp"

#include <limits>

namespace apisync::actors {

host_circuit::change host_circuit::note(bool good, events::timestamp started, events::timestamp now,
                                        double chance, const rules& by) {
  if (!good && is_open() && started < until_) return change::none;
  if (good) {
    failures_ = 0;
    if (!is_open()) return change::none;
    openings_ = 0;
    return change::closed;
  }
  if (failures_ < std::numeric_limits<std::uint32_t>::max()) ++failures_;
  if (!is_open() && failures_ < by.failures) return change::none;
  if (!is_open()) since_ = now;
  const auto pause = events::doubled(by.pause, openings_, by.longest);
  if (openings_ < std::numeric_limits<std::uint32_t>::max()) ++openings_;
  until_ = now + events::scaled(pause, 1 + chance / 4);
  return change::opened;
}

void host_circuit::restore(std::uint32_t failures, std::uint32_t openings, events::timestamp since,
                           events::timestamp until) {
  since_ = since;
  failures_ = failures;
  openings_ = openings;
  until_ = until;
}

} // namespace apisync::actors
