#include "sources/bundling_fetcher.hpp"

#include "sources/failure.hpp"
#include "specs/bundle.hpp"
#include "specs/digest.hpp"
#include "specs/openapi.hpp"
#include "specs/parse.hpp"
#include "specs/print.hpp"
#include "specs/reference_address.hpp"
#include "specs/rewrite.hpp"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

namespace apisync::sources {

namespace {

using deadline = std::chrono::steady_clock::time_point;

/// Waits for the answer to one fetch. The answer may come after nobody waits any more.
class waited_fetch {
public:
  static std::optional<fetch_outcome> run(fetcher& inner, fetch_request request,
                                          const std::stop_token& stop, deadline until) {
    auto shared = std::make_shared<waited_fetch>();
    inner.fetch(std::move(request), [shared](fetch_outcome outcome) {
      const std::scoped_lock lock{shared->mutex_};
      shared->outcome_ = std::move(outcome);
      shared->come_.notify_all();
    });
    std::unique_lock lock{shared->mutex_};
    shared->come_.wait_until(lock, stop, until, [&] { return shared->outcome_.has_value(); });
    return std::move(shared->outcome_);
  }

private:
  std::mutex mutex_;
  std::condition_variable_any come_;
  std::optional<fetch_outcome> outcome_;
};

std::string& address_in(location& where) {
  return where.type == location::kind::http ? where.url : where.path;
}

/// Brings one document of several files together.
class bundling {
public:
  bundling(fetcher& inner, const bundling_settings& settings, const fetch_request& request,
           const std::stop_token& stop)
      : inner_{inner},
        settings_{settings},
        request_{request},
        stop_{stop},
        until_{std::chrono::steady_clock::now() + settings.time_max} {
    auto where = request.from;
    name_ = address_in(where);
  }

  fetch_outcome run(std::optional<fetched> first) {
    if (!first) {
      auto asked = ask(name_, last_of_first());
      if (!asked) return tl::unexpected{std::move(asked.error())};
      first = std::move(*asked);
    }
    first_ = std::move(*first);
    if (!first_.versions.empty()) return bundle();
    const bool same_commit =
        !first_.seen.commit.empty() && first_.seen.commit == request_.last.commit;
    return same_commit ? fetched{{}, request_.last} : look_at_parts();
  }

private:
  /// What was last seen of the first file itself, rather than of what was made of all.
  [[nodiscard]] validators last_of_first() const {
    for (const auto& part : request_.last.parts)
      if (part.address == name_) return part.seen;
    return request_.last;
  }

  /// What is seen of the whole: the validators of the first file, and those of all.
  [[nodiscard]] validators seen_of_all(std::string bytes_hash) {
    auto seen = first_.seen;
    seen.bytes_hash = std::move(bytes_hash);
    seen.parts = std::move(parts_);
    seen.parts.insert(seen.parts.begin(), part_seen{name_, first_.seen});
    return seen;
  }

  /// Asks for one file. A file that is not there is no sign that the document is gone.
  tl::expected<fetched, fetch_failure> ask(const std::string& address, validators last) {
    auto request = request_;
    address_in(request.from) = address;
    request.from.history = 0;
    request.last = std::move(last);
    request.last.parts.clear();
    auto outcome = waited_fetch::run(inner_, std::move(request), stop_, until_);
    if (outcome) return std::move(*outcome);
    if (stop_.stop_requested()) return cancelled(request_);
    return failed(failure_class::transient, errc::unavailable,
                  "its files did not come within " +
                      std::to_string(settings_.time_max.count() / 1000) + " s",
                  request_.source);
  }

  /// The first file is as it was: whether another is not.
  fetch_outcome look_at_parts() {
    for (const auto& part : request_.last.parts) {
      if (part.address == name_) continue;
      auto asked = ask(part.address, part.seen);
      if (!asked) return part_failure(part.address, std::move(asked.error()));
      if (!asked->versions.empty()) {
        came_.emplace(part.address, std::move(*asked));
        return everything_anew();
      }
      parts_.push_back({part.address, std::move(asked->seen)});
    }
    return fetched{{}, seen_of_all(request_.last.bytes_hash)};
  }

  fetch_outcome everything_anew() {
    auto whole = ask(name_, {});
    if (!whole) return tl::unexpected{std::move(whole.error())};
    parts_.clear();
    first_ = std::move(*whole);
    return bundle();
  }

  fetch_outcome part_failure(const std::string& address, fetch_failure why) const {
    if (why.type == failure_class::gone) why.type = failure_class::permanent;
    why.problem.message = "its part " + address + ": " + why.problem.message;
    return tl::unexpected{std::move(why)};
  }

  specs::parse_options options_for(const std::string& name) const {
    specs::parse_options options;
    options.name = name;
    options.max_bytes = request_.limits.bytes;
    if (request_.from.last_name_counts) options.repeated = specs::repeated_names::keep_last;
    return options;
  }

  fetch_outcome bundle() {
    first_.versions.erase(first_.versions.begin(), first_.versions.end() - 1);
    cause_ = first_.versions.front();
    const auto bytes = cause_.bytes;
    bytes_ = bytes->size();
    const auto parsed = specs::parse(*bytes, options_for(name_));
    // Whoever takes it in says what is wrong with it.
    if (!parsed || !specs::recognise(*parsed->document)) return std::move(first_);
    specs::bundle_limits limits;
    limits.files = settings_.files_max;
    auto made = specs::bundle(
        parsed->document, name_, [this](const std::string& address) { return load(address); },
        limits);
    if (broken_) return part_failure(broken_address_, std::move(*broken_));
    if (!made)
      return failed(failure_class::permanent,
                    {made.error().code,
                     made.error().message + "; `references: keep` leaves references as they are",
                     made.error().where});
    if (made->files.empty()) return std::move(first_);
    cause_.bytes = std::make_shared<const std::string>(
        specs::rewrite({*bytes, parsed->document, parsed->format}, made->document).text);
    auto hash = sha256::of(*cause_.bytes).hex();
    return fetched{{std::move(cause_)}, seen_of_all(std::move(hash))};
  }

  /// Gives another file to whoever bundles; what is wrong with it is kept in `broken_`.
  result<specs::document_ptr> load(const std::string& address) {
    if (request_.from.type == location::kind::http &&
        specs::origin_of(address) != specs::origin_of(name_))
      return fail(errc::forbidden,
                  "the file lies at another server, where a source's credentials must not go",
                  address);
    auto found = came_.find(address);
    if (found == came_.end()) {
      auto asked = ask(address, {});
      if (!asked) return broken(address, std::move(asked.error()));
      found = came_.emplace(address, std::move(*asked)).first;
    }
    auto& [where, file] = *found;
    if (file.versions.empty() || file.seen.commit != first_.seen.commit)
      return broken(address, {failure_class::transient,
                              {errc::unavailable, "it changed while it was read", address},
                              {}});
    auto& version = file.versions.back();
    if (version.time && cause_.time && *cause_.time < *version.time) {
      auto bytes = std::move(cause_.bytes);
      cause_ = version;
      cause_.bytes = std::move(bytes);
    }
    bytes_ += version.bytes->size();
    if (bytes_ > request_.limits.bytes)
      return fail(errc::limit_exceeded,
                  "the files of the document have more than " +
                      std::to_string(request_.limits.bytes) + " bytes; that is the limit",
                  address);
    auto parsed = specs::parse(*version.bytes, options_for(address));
    if (!parsed) return tl::unexpected{parsed.error()};
    parts_.push_back({where, file.seen});
    return parsed->document;
  }

  result<specs::document_ptr> broken(const std::string& address, fetch_failure why) {
    auto problem = why.problem;
    broken_address_ = address;
    broken_ = std::move(why);
    return tl::unexpected{std::move(problem)};
  }

  fetcher& inner_;
  const bundling_settings& settings_;
  const fetch_request& request_;
  const std::stop_token& stop_;
  const deadline until_;
  std::string name_; ///< The address of the first file.
  fetched first_;
  std::vector<part_seen> parts_;        ///< The other files.
  version cause_;                       ///< The latest of all files.
  std::map<std::string, fetched> came_; ///< By address.
  std::uint64_t bytes_ = 0;             ///< Of all files.
  std::string broken_address_;
  std::optional<fetch_failure> broken_;
};

} // namespace

bundling_fetcher::bundling_fetcher(std::unique_ptr<fetcher> inner, bundling_settings settings)
    : settings_{settings},
      workers_{settings.threads, settings.waiting_max},
      inner_{std::move(inner)} {}

bundling_fetcher::~bundling_fetcher() {
  workers_.stop(); // whoever waits there for a file gives up; what still comes finds no worker
}

void bundling_fetcher::fetch(fetch_request request, callback done) {
  if (!request.from.several_files) return inner_->fetch(std::move(request), std::move(done));
  if (!request.last.parts.empty())
    return bundle_later(std::move(request), std::nullopt, std::move(done));
  auto first = request;
  inner_->fetch(std::move(first), [this, request = std::move(request),
                                   done = std::move(done)](fetch_outcome outcome) mutable {
    if (!outcome || outcome->versions.empty() ||
        !may_refer_outside(*outcome->versions.back().bytes))
      return done(std::move(outcome));
    bundle_later(std::move(request), std::move(*outcome), std::move(done));
  });
}

void bundling_fetcher::bundle_later(fetch_request request, std::optional<fetched> first,
                                    callback done) {
  auto shared = std::make_shared<callback>(std::move(done));
  const auto source = request.source;
  const bool accepted =
      workers_.submit([this, request = std::move(request), first = std::move(first),
                       shared](const std::stop_token& stop) mutable {
        if (stop.stop_requested()) return (*shared)(cancelled(request));
        (*shared)(bundling{*inner_, settings_, request, stop}.run(std::move(first)));
      });
  if (!accepted) (*shared)(overloaded(source));
}

bool may_refer_outside(std::string_view text) {
  constexpr std::string_view word = "$ref";
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto value = text.find_first_not_of("\"': \t", at + word.size());
    if (value == std::string_view::npos || text[value] != '#') return true;
  }
  return false;
}

} // namespace apisync::sources
