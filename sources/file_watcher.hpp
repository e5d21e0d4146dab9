#pragma once

#include "sources/fetch.hpp"
#include "sources/roots.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace apisync::sources {

struct watch_settings {
  std::chrono::milliseconds quiet{300};     ///< Without events for this long before it tells.
  std::chrono::milliseconds longest{3'000}; ///< It tells at the latest this long after the first.
};

/// Watches files with inotify, on one thread. What counts is the names on the way to each file, so
/// atomic replacement, deletion and return (of the file and of directories above it), and links
/// that are switched over are seen, while editors' swap and backup files beside it are not. Network
/// file systems tell nothing of what other machines do: poll as well.
class file_watcher final : public watcher {
public:
  /// Called from the watcher's thread with the id of a source; must not block for long.
  using callback = std::function<void(const std::string& source)>;

  /// Errors: `unavailable` when the system gives no inotify instance: fall back to polling.
  static result<std::unique_ptr<file_watcher>> start(roots allowed, callback changed,
                                                     watch_settings settings = {});
  ~file_watcher() override;
  file_watcher(const file_watcher&) = delete;
  file_watcher& operator=(const file_watcher&) = delete;

  /// The files need not exist. Watching a source again replaces its paths. Errors: `forbidden`
  /// outside the roots, `overloaded` when the system's limit of watches is reached: fall back to
  /// polling.
  result<void> watch(const std::string& source, const std::vector<std::string>& paths) override;

  /// A call about the source that has begun may still end after this.
  void unwatch(const std::string& source) override;

private:
  class loop;
  explicit file_watcher(std::unique_ptr<loop> running);

  std::unique_ptr<loop> loop_;
};

} // namespace apisync::sources
