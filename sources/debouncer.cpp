#include "sources/debouncer.hpp"

#include <algorithm>

namespace apisync::sources {

void debouncer::note(const std::string& key, time now) {
  const auto [at, is_new] = noted_.try_emplace(key, burst{now, now});
  at->second.last = now;
}

debouncer::time debouncer::due_at(const burst& noted) const {
  return std::min(noted.last + quiet_, noted.first + longest_);
}

std::vector<std::string> debouncer::due(time now) {
  std::vector<std::string> keys;
  for (auto at = noted_.begin(); at != noted_.end();) {
    if (due_at(at->second) > now) {
      ++at;
      continue;
    }
    keys.push_back(at->first);
    at = noted_.erase(at);
  }
  return keys;
}

std::optional<debouncer::time> debouncer::next() const {
  std::optional<time> soonest;
  for (const auto& [key, noted] : noted_)
    soonest = std::min(soonest.value_or(time::max()), due_at(noted));
  return soonest;
}

} // namespace apisync::sources
