#include "sources/watch_table.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/inotify.h>
#include <system_error>
#include <utility>

namespace apisync::sources {

namespace {

/// A name now leads elsewhere, or nowhere.
constexpr std::uint32_t moved =
    IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF;
constexpr std::uint32_t written = IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB;
/// The directory itself is no longer where it was.
constexpr std::uint32_t lost = IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED;

} // namespace

result<int> watch_table::add(const std::string& directory) {
  const int id = ::inotify_add_watch(inotify_.get(), directory.c_str(),
                                     moved | written | IN_ONLYDIR | IN_DONT_FOLLOW);
  if (id >= 0) return id;
  if (errno == ENOSPC)
    return fail(errc::overloaded,
                "the system's limit of watches is reached (fs.inotify.max_user_watches): raise it, "
                "or rely on polling",
                directory);
  return fail(errc::io, "cannot be watched: " + std::generic_category().message(errno), directory);
}

result<void> watch_table::watch(const std::string& source, const std::vector<std::string>& paths) {
  unwatch(source);
  for (const auto& path : paths)
    if (watch_points(path, allowed_).empty())
      return fail(errc::forbidden, "lies outside the configured roots", path);
  sources_[source].paths = paths;
  auto renewed = renew(source);
  if (!renewed) unwatch(source);
  return renewed;
}

void watch_table::unwatch(const std::string& source) {
  const auto found = sources_.find(source);
  if (found == sources_.end()) return;
  const auto points = std::move(found->second.points);
  sources_.erase(found);
  release(source, points);
}

std::vector<watch_point> watch_table::points_of(const watched_source& watched) const {
  std::vector<watch_point> points;
  for (const auto& path : watched.paths) {
    const auto on_the_way = watch_points(path, allowed_);
    points.insert(points.end(), on_the_way.begin(), on_the_way.end());
  }
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  return points;
}

/// Looks at the ways to the files anew, until nothing has come to be on them before it was watched.
/// Directories that stay are asked for again, since another one may have taken their name.
result<void> watch_table::renew(const std::string& source) {
  constexpr int looks_max = 64; // at what changes all the time
  const auto& watched = sources_[source];
  auto points = points_of(watched);
  for (int look = 0; look < looks_max; ++look) {
    if (auto done = take_up(source, std::exchange(points, {})); !done) return done;
    points = points_of(watched);
    if (points == watched.points) break;
  }
  return {};
}

result<void> watch_table::take_up(const std::string& source, std::vector<watch_point> points) {
  const auto before = std::exchange(sources_[source].points, points);
  std::vector<watch_point> stale;
  std::set_difference(before.begin(), before.end(), points.begin(), points.end(),
                      std::back_inserter(stale));
  release(source, stale);
  for (const auto& [directory, name] : points) {
    const auto id = add(directory);
    if (!id && id.error().code == errc::io) continue; // gone meanwhile: an event will tell
    if (!id) return tl::unexpected(id.error());
    auto& entry = directories_[directory];
    if (entry.id >= 0 && entry.id != *id) {
      ::inotify_rm_watch(inotify_.get(), entry.id);
      directory_by_id_.erase(entry.id);
    }
    entry.id = *id;
    directory_by_id_[*id] = directory;
    entry.sources_by_name[name].insert(source);
  }
  return {};
}

void watch_table::release(const std::string& source, const std::vector<watch_point>& points) {
  for (const auto& [directory, name] : points) {
    const auto found = directories_.find(directory);
    if (found == directories_.end()) continue;
    auto& names = found->second.sources_by_name;
    const auto named = names.find(name);
    if (named == names.end()) continue;
    named->second.erase(source);
    if (named->second.empty()) names.erase(named);
    if (names.empty()) drop(directory);
  }
}

void watch_table::drop(const std::string& directory) {
  const auto found = directories_.find(directory);
  ::inotify_rm_watch(inotify_.get(), found->second.id);
  directory_by_id_.erase(found->second.id);
  directories_.erase(found);
}

std::set<std::string> watch_table::affected(const inotify_event& event) const {
  std::set<std::string> sources;
  if ((event.mask & IN_Q_OVERFLOW) != 0) { // events were lost: anything may have changed
    for (const auto& [source, watched] : sources_)
      sources.insert(source);
    return sources;
  }
  const auto directory = directory_by_id_.find(event.wd);
  if (directory == directory_by_id_.end()) return sources;
  const auto& names = directories_.at(directory->second).sources_by_name;
  if ((event.mask & lost) != 0)
    for (const auto& [name, here] : names)
      sources.insert(here.begin(), here.end());
  else if (event.len > 0)
    if (const auto named = names.find(event.name); named != names.end()) sources = named->second;
  return sources;
}

std::set<std::string> watch_table::take(const inotify_event& event) {
  auto sources = affected(event);
  if ((event.mask & lost) != 0)
    if (const auto id = directory_by_id_.find(event.wd); id != directory_by_id_.end()) {
      // The entry stays, without a watch, until its sources have looked at their way anew.
      ::inotify_rm_watch(inotify_.get(), event.wd);
      directories_.at(id->second).id = -1;
      directory_by_id_.erase(id);
    }
  if ((event.mask & (moved | lost | IN_Q_OVERFLOW)) != 0)
    for (const auto& source : sources)
      static_cast<void>(renew(source)); // without a watch, polling still finds it
  return sources;
}

} // namespace apisync::sources
