#include "actors/api_presence.hpp"

#include <algorithm>

namespace apisync::actors {

void api_presence::put_source(const std::string& source, const std::string& api, bool follows) {
  auto& known = sources_[source];
  const auto gone_since = known.gone_since;
  if (known.api != api || !follows) {
    const auto before = apis_.find(known.api);
    if (before != apis_.end()) before->second.sources.erase(source);
  }
  known = {api, follows, gone_since};
  if (follows) apis_[api].sources.insert(source);
}

void api_presence::forget_source(const std::string& source) {
  const auto known = sources_.find(source);
  if (known == sources_.end()) return;
  if (const auto api = apis_.find(known->second.api); api != apis_.end()) {
    api->second.sources.erase(source);
    if (api->second.sources.empty() && !api->second.orphaned) apis_.erase(api);
  }
  sources_.erase(known);
}

void api_presence::put_api(const std::string& api, bool orphaned) {
  auto& known = apis_[api];
  known.orphaned = orphaned;
  if (!orphaned && known.sources.empty()) apis_.erase(api);
}

void api_presence::restore(const std::string& source, std::optional<events::timestamp> gone_since) {
  sources_[source].gone_since = gone_since;
}

std::optional<api_presence::change> api_presence::note(const std::string& source,
                                                       std::optional<events::timestamp> gone_since,
                                                       events::timestamp now,
                                                       std::chrono::milliseconds after) {
  const auto found = sources_.find(source);
  if (found == sources_.end()) return std::nullopt;
  auto& known = found->second;
  known.gone_since = gone_since;
  const auto api = apis_.find(known.api);
  if (!known.follows || api == apis_.end()) return std::nullopt;
  if (!gone_since) {
    if (!std::exchange(api->second.orphaned, false)) return std::nullopt;
    return change{known.api, std::nullopt};
  }
  if (api->second.orphaned) return std::nullopt;
  auto last = *gone_since; // gone everywhere since it was gone from the last place
  for (const auto& other : api->second.sources) {
    const auto since = sources_[other].gone_since;
    if (!since) return std::nullopt;
    last = std::max(last, *since);
  }
  if (now - last < after) return std::nullopt;
  api->second.orphaned = true;
  return change{known.api, last};
}

} // namespace apisync::actors
