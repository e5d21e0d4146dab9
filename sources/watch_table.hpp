#pragma once

#include "sources/roots.hpp"
#include "sources/unique_fd.hpp"
#include "sources/watch_points.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

struct inotify_event;

namespace apisync::sources {

/// Which directories are watched for which names, and for whom. Belongs to one thread at a time.
class watch_table {
public:
  watch_table(unique_fd inotify, roots allowed)
      : inotify_(std::move(inotify)), allowed_(std::move(allowed)) {}

  [[nodiscard]] int descriptor() const { return inotify_.get(); }

  /// Errors: `forbidden`, `overloaded`, `io`; the source is then not watched.
  result<void> watch(const std::string& source, const std::vector<std::string>& paths);
  void unwatch(const std::string& source);

  /// The sources that an event is about; watches that it has made stale are renewed.
  std::set<std::string> take(const inotify_event& event);

private:
  struct watched_directory {
    int id = -1;
    std::map<std::string, std::set<std::string>> sources_by_name;
  };
  struct watched_source {
    std::vector<std::string> paths;
    std::vector<watch_point> points;
  };

  [[nodiscard]] std::vector<watch_point> points_of(const watched_source& watched) const;
  result<void> renew(const std::string& source);
  result<void> take_up(const std::string& source, std::vector<watch_point> points);
  result<int> add(const std::string& directory);
  void release(const std::string& source, const std::vector<watch_point>& points);
  void drop(const std::string& directory);
  [[nodiscard]] std::set<std::string> affected(const inotify_event& event) const;

  unique_fd inotify_;
  roots allowed_;
  std::map<std::string, watched_directory> directories_;
  std::map<int, std::string> directory_by_id_;
  std::map<std::string, watched_source> sources_;
};

} // namespace apisync::sources
