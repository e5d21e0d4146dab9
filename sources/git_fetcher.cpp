#include "sources/git_fetcher.hpp"

#include "sources/failure.hpp"
#include "sources/git_library.hpp"
#include "sources/git_local.hpp"
#include "sources/git_mirror.hpp"
#include "sources/http_connection.hpp"

#include <memory>
#include <string_view>
#include <utility>

namespace apisync::sources {

namespace {

enum class place : std::uint8_t { local, http, other };

place place_of(std::string_view url) {
  if (url.starts_with("https://") || url.starts_with("http://")) return place::http;
  if (url.starts_with("file://")) return place::local;
  // `user@host:path` is ssh in git's short form, unless a slash comes before the colon.
  const auto colon = url.find(':');
  const bool remote = colon != std::string_view::npos && url.find('/') > colon;
  return remote ? place::other : place::local;
}

} // namespace

git_fetcher::git_fetcher(git_settings settings)
    : settings_((start_git(), start_curl(), std::move(settings))),
      local_(1, settings_.waiting_max),
      remote_(1, settings_.waiting_max) {}

void git_fetcher::fetch(fetch_request request, callback done) {
  const auto where = place_of(request.from.url);
  if (where == place::other)
    return done(failed(failure_class::permanent, errc::unsupported,
                       "git repositories are reached by a local path, https or http",
                       request.source));
  auto order = std::make_shared<fetch_request>(std::move(request));
  auto& workers = where == place::local ? local_ : remote_;
  const bool taken = workers.submit([this, where, order, done](const std::stop_token& stop) {
    if (stop.stop_requested()) return done(cancelled(*order));
    done(where == place::local ? read_local_git(*order, settings_.allowed, settings_.history, stop)
                               : read_remote_git(*order, settings_, stop));
  });
  if (!taken) done(overloaded(*order));
}

} // namespace apisync::sources
