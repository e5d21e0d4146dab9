#include "actors/replay.hpp"

namespace apisync::actors {

result<events::views> replay(const storage::event_log& log, const storage::read_filter& filter) {
  events::views views;
  result<void> folded;
  const auto read = log.read(filter, [&](const events::record_view& record) {
    folded = views.apply(record);
    return folded.has_value();
  });
  if (!folded) return tl::unexpected{folded.error()};
  if (!read) return tl::unexpected{read.error()};
  return views;
}

} // namespace apisync::actors
