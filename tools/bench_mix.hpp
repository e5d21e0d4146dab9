#pragma once

#include "events/event.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace apisync::tools {

/// What happens in a service that polls, as a stream of events that repeats for a seed. Of a
/// thousand: 350 starts and 350 unchanged ends of syncs (rows), and 300 records of their own: 60
/// syncs that changed something, 60 times what was seen, 60 bases, 30 revisions of three changes,
/// 20 followed texts, 40 failures, 10 conflicts that open or are decided, 10 quarantines that begin
/// or end, 10 syncs that were quarantined or interrupted.
class event_mix {
public:
  explicit event_mix(std::uint32_t sources, std::uint64_t seed = 1);

  /// APIs, one source and one job each.
  [[nodiscard]] std::vector<events::draft> declarations() const;

  /// That many events as drafts: the rows among them share one record for starts and one for
  /// unchanged ends.
  std::vector<events::draft> next(std::uint32_t events);

private:
  events::draft record(std::uint32_t source);
  events::draft api_record(std::uint32_t source, std::uint64_t kind);
  events::sync_end end_of_sync();
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  digest random_digest();
  void pass_time();

  std::uint32_t sources_;
  std::mt19937_64 random_;
  events::timestamp now_;
  std::vector<std::uint64_t> revisions_;    ///< Of each API.
  std::vector<std::string> open_conflicts_; ///< Of each API; at most one.
};

/// The source, job and API of a number.
std::string mixed_id(std::uint32_t number);

/// A revision of an API with three changes, of which one is breaking.
events::revision_added typical_revision(std::uint64_t number, const digest& text);

} // namespace apisync::tools
