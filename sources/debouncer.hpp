#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace apisync::sources {

/// Turns bursts of events into one each: a key is due when it has been quiet for a while, or when
/// it has not been quiet for too long, so that a file written without end is still looked at. Pure:
/// the caller says what time it is.
class debouncer {
public:
  using time = std::chrono::steady_clock::time_point;

  debouncer(std::chrono::milliseconds quiet, std::chrono::milliseconds longest)
      : quiet_(quiet), longest_(longest) {}

  /// Something happened to the key.
  void note(const std::string& key, time now);

  /// The key is of no interest any more.
  void forget(const std::string& key) { noted_.erase(key); }

  /// The keys that are due, in their order; each is then forgotten until it is noted again.
  std::vector<std::string> due(time now);

  /// When the next key will be due; nothing when none is noted.
  [[nodiscard]] std::optional<time> next() const;

private:
  struct burst {
    time first, last;
  };
  [[nodiscard]] time due_at(const burst& noted) const;

  std::chrono::milliseconds quiet_, longest_;
  std::map<std::string, burst> noted_;
};

} // namespace apisync::sources
