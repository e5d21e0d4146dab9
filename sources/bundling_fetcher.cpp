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
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace apisync::sources {

namespace {

std::string& address_in(location& where) {
  return where.type == location::kind::http ? where.url : where.path;
}

/// Brings one document of several files together: in steps on the workers, none of which waits for
/// an answer.
class bundling : public std::enable_shared_from_this<bundling> {
public:
  bundling(fetcher& inner, worker_pool& workers, const bundling_settings& settings,
           fetch_request request, fetcher::callback done)
      : inner_{inner},
        workers_{workers},
        settings_{settings},
        request_{std::move(request)},
        done_{std::move(done)},
        until_{std::chrono::steady_clock::now() + settings.time_max} {
    auto where = request_.from;
    name_ = address_in(where);
  }

  /// Goes on from what is known of the first file, or asks for it.
  void start(std::optional<fetched> first) {
    if (!first)
      return ask(name_, last_of_first(), [this](fetch_outcome outcome) {
        if (!outcome) return done_(std::move(outcome));
        take_first(std::move(*outcome));
      });
    next([this, first = std::make_shared<fetched>(std::move(*first))] {
      take_first(std::move(*first));
    });
  }

private:
  using clock = std::chrono::steady_clock;

  /// Does a step when a worker is free.
  void next(std::function<void()> step) {
    const bool accepted = workers_.submit(
        [self = shared_from_this(), step = std::move(step)](const std::stop_token& stop) {
          if (stop.stop_requested()) return self->done_(cancelled(self->request_));
          if (clock::now() > self->until_) return self->done_(self->too_late());
          step();
        });
    // The pool is full, or has stopped already.
    if (!accepted) done_(overloaded(request_));
  }

  [[nodiscard]] fetch_outcome too_late() const {
    return failed(failure_class::transient, errc::unavailable,
                  "its files did not come within " +
                      std::to_string(settings_.time_max.count() / 1000) + " s",
                  request_.source);
  }

  /// Asks for one file. A file that is not there is no sign that the document is gone.
  void ask(const std::string& address, validators last, std::function<void(fetch_outcome)> then) {
    auto request = request_;
    address_in(request.from) = address;
    request.from.history = 0;
    request.last = std::move(last);
    request.last.parts.clear();
    inner_.fetch(std::move(request),
                 [self = shared_from_this(), then = std::move(then)](fetch_outcome outcome) {
                   if (!outcome && outcome.error().problem.code == errc::cancelled)
                     return self->done_(std::move(outcome));
                   auto shared = std::make_shared<fetch_outcome>(std::move(outcome));
                   self->next([then, shared] { then(std::move(*shared)); });
                 });
  }

  void take_first(fetched first) {
    first_ = std::move(first);
    if (!first_.versions.empty()) return begin_bundle();
    const bool same_commit =
        !first_.seen.commit.empty() && first_.seen.commit == request_.last.commit;
    if (same_commit) return done_(fetched{{}, request_.last});
    look_at_part(0);
  }

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

  /// The first file is as it was: whether another is not.
  void look_at_part(std::size_t index) {
    const auto& parts = request_.last.parts;
    if (index < parts.size() && parts[index].address == name_) ++index;
    if (index >= parts.size()) return done_(fetched{{}, seen_of_all(request_.last.bytes_hash)});
    const auto& address = parts[index].address;
    ask(address, parts[index].seen, [this, address, index](fetch_outcome asked) {
      if (!asked) return done_(part_failure(address, std::move(asked.error())));
      if (!asked->versions.empty()) {
        came_.emplace(address, arrived{std::move(*asked), nullptr});
        return everything_anew();
      }
      parts_.push_back({address, std::move(asked->seen)});
      look_at_part(index + 1);
    });
  }

  void everything_anew() {
    ask(name_, {}, [this](fetch_outcome whole) {
      if (!whole) return done_(std::move(whole));
      first_ = std::move(*whole);
      begin_bundle();
    });
  }

  [[nodiscard]] fetch_outcome part_failure(const std::string& address, fetch_failure why) const {
    if (why.type == failure_class::gone) why.type = failure_class::permanent;
    why.problem.message = "its part " + address + ": " + why.problem.message;
    return tl::unexpected{std::move(why)};
  }

  [[nodiscard]] specs::parse_options options_for(const std::string& name) const {
    specs::parse_options options;
    options.name = name;
    options.max_bytes = request_.limits.bytes;
    if (request_.from.last_name_counts) options.repeated = specs::repeated_names::keep_last;
    return options;
  }

  void begin_bundle() {
    first_.versions.erase(first_.versions.begin(), first_.versions.end() - 1);
    root_ = specs::parse(*first_.versions.front().bytes, options_for(name_));
    // Whoever takes it in says what is wrong with it.
    if (!root_ || !specs::recognise(*root_->document)) return done_(std::move(first_));
    bundle();
  }

  /// Tries with the files that have come, and asks for the one that it misses.
  void bundle() {
    cause_ = first_.versions.front();
    const auto bytes = cause_.bytes;
    bytes_ = bytes->size();
    parts_.clear();
    missing_.clear();
    specs::bundle_limits limits;
    limits.files = settings_.files_max;
    auto made = specs::bundle(
        root_->document, name_, [this](const std::string& address) { return load(address); },
        limits);
    if (!missing_.empty())
      return ask(missing_, {}, [this, address = missing_](fetch_outcome asked) {
        if (!asked) return done_(part_failure(address, std::move(asked.error())));
        came_.emplace(address, arrived{std::move(*asked), nullptr});
        bundle();
      });
    if (broken_) return done_(part_failure(broken_address_, std::move(*broken_)));
    if (!made)
      return done_(
          failed(failure_class::permanent,
                 {made.error().code,
                  made.error().message + "; `references: keep` leaves references as they are",
                  made.error().where}));
    if (made->files.empty()) return done_(std::move(first_));
    cause_.bytes = std::make_shared<const std::string>(
        specs::rewrite({*bytes, root_->document, root_->format}, made->document).text);
    auto hash = sha256::of(*cause_.bytes).hex();
    done_(fetched{{std::move(cause_)}, seen_of_all(std::move(hash))});
  }

  /// Gives another file to whoever bundles; what is wrong with it is kept in `broken_`, and what
  /// has not come yet in `missing_`.
  result<specs::document_ptr> load(const std::string& address) {
    if (request_.from.type == location::kind::http &&
        specs::origin_of(address) != specs::origin_of(name_))
      return fail(errc::forbidden,
                  "the file lies at another server, where a source's credentials must not go",
                  address);
    const auto found = came_.find(address);
    if (found == came_.end()) {
      missing_ = address;
      return fail(errc::unavailable, "it has not come yet", address);
    }
    auto& [file, document] = found->second;
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
    if (!document) {
      auto parsed = specs::parse(*version.bytes, options_for(address));
      if (!parsed) return tl::unexpected{parsed.error()};
      document = parsed->document;
    }
    parts_.push_back({address, file.seen});
    return document;
  }

  result<specs::document_ptr> broken(const std::string& address, fetch_failure why) {
    auto problem = why.problem;
    broken_address_ = address;
    broken_ = std::move(why);
    return tl::unexpected{std::move(problem)};
  }

  /// A file, and what it was read as.
  struct arrived {
    fetched file;
    specs::document_ptr document;
  };

  fetcher& inner_;
  worker_pool& workers_;
  const bundling_settings& settings_;
  const fetch_request request_;
  const fetcher::callback done_;
  const clock::time_point until_;
  std::string name_; ///< The address of the first file.
  fetched first_;
  result<specs::parsed> root_;
  std::vector<part_seen> parts_;        ///< The other files.
  version cause_;                       ///< The latest of all files.
  std::map<std::string, arrived> came_; ///< By address.
  std::uint64_t bytes_ = 0;             ///< Of all files.
  std::string missing_, broken_address_;
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
  std::make_shared<bundling>(*inner_, workers_, settings_, std::move(request), std::move(done))
      ->start(std::move(first));
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
