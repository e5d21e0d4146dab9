#include "sources/default_fetcher.hpp"

#include "sources/address_policy.hpp"
#include "sources/bundling_fetcher.hpp"
#include "sources/failure.hpp"
#include "sources/file_fetcher.hpp"
#include "sources/git_fetcher.hpp"
#include "sources/http_fetcher.hpp"
#include "sources/roots.hpp"

#include <utility>

namespace apisync::sources {

namespace {

http_settings settings_for_http(const fetcher_config& config, const roots& allowed,
                                const address_policy& addresses) {
  http_settings made;
  made.allowed = allowed;
  made.addresses = addresses;
  made.user_agent = config.user_agent;
  made.ca_file = config.ca_file;
  made.in_flight_max = config.http_in_flight_max;
  made.waiting_max = config.waiting_max;
  made.buffered_max = config.http_buffered_max;
  made.now = config.now;
  return made;
}

git_settings settings_for_git(const fetcher_config& config, const roots& allowed,
                              const address_policy& addresses) {
  git_settings made;
  made.allowed = allowed;
  made.addresses = addresses;
  made.cache_directory = config.cache_directory;
  made.user_agent = config.user_agent;
  made.ca_file = config.ca_file;
  made.transfer_timeout = config.git_timeout;
  made.waiting_max = config.waiting_max;
  made.now = config.now;
  return made;
}

/// Hands each request to the fetcher of its kind.
class default_fetcher final : public fetcher {
public:
  default_fetcher(const fetcher_config& config, const roots& allowed,
                  const address_policy& addresses)
      : file_(allowed, config.now, config.file_threads, config.waiting_max),
        http_(settings_for_http(config, allowed, addresses)),
        git_(settings_for_git(config, allowed, addresses)) {}

  void fetch(fetch_request request, callback done) override {
    switch (request.from.type) {
    case location::kind::file:
      return file_.fetch(std::move(request), std::move(done));
    case location::kind::http:
      return http_.fetch(std::move(request), std::move(done));
    case location::kind::git:
      return git_.fetch(std::move(request), std::move(done));
    }
    done(failed(failure_class::permanent, errc::unsupported, "an unknown kind of source",
                request.source));
  }

private:
  file_fetcher file_;
  http_fetcher http_;
  git_fetcher git_;
};

} // namespace

result<std::unique_ptr<fetcher>> make_fetcher(fetcher_config config) {
  if (!config.now)
    config.now = [] {
      return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    };
  auto allowed = roots::open(config.roots, config.base);
  if (!allowed) return tl::unexpected(allowed.error());
  auto addresses = address_policy::parse(config.allow_addresses);
  if (!addresses) return tl::unexpected(addresses.error());
  return std::make_unique<bundling_fetcher>(
      std::make_unique<default_fetcher>(config, *allowed, *addresses));
}

} // namespace apisync::sources
