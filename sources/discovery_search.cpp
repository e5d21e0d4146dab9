#include "sources/discovery_search.hpp"

#include "sources/discovery_page.hpp"
#include "sources/discovery_places.hpp"
#include "sources/http_url.hpp"

#include <algorithm>
#include <utility>

namespace apisync::sources {
namespace {

constexpr std::size_t waiting_max = 5'000;
/// Failures of an origin in a row, after which it is asked no more.
constexpr std::size_t failures_max = 3;
constexpr std::size_t denied_max = 5;

std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

std::string with_port(const http_url& url) {
  return bracketed(url.host) + ":" + std::to_string(url.port);
}

std::string origin_of(const http_url& url) {
  return url.scheme + "://" + with_port(url);
}

/// The address without a port that goes without saying.
std::string plain_origin(const std::string& scheme, const std::string& host, std::uint16_t port) {
  const bool usual = port == (scheme == "https" ? 443 : 80);
  return scheme + "://" + bracketed(host) + (usual ? "" : ":" + std::to_string(port));
}

bool is_tls_port(std::uint16_t port) {
  return std::ranges::any_of(
      known_ports(), [&](const known_port& known) { return known.port == port && known.tls; });
}

} // namespace

result<discovery_target> parse_target(const std::string& text) {
  discovery_target made;
  made.text = text;
  const bool whole = text.find("://") != std::string::npos;
  const auto url = http_url::parse(whole ? text : "http://" + text);
  if (!url) return fail(url.error().code, url.error().message, text);
  made.host = url->host;
  if (whole) {
    made.start = url->text.substr(0, url->text.find('#'));
    made.origins.push_back(plain_origin(url->scheme, url->host, url->port));
    const auto path = made.start.substr(0, made.start.find('?'));
    const auto begin = path.find('/', path.find("://") + 3);
    if (begin != std::string::npos) made.prefix = path.substr(begin, path.rfind('/') - begin);
    if (begin != std::string::npos && path.substr(path.rfind('/')).find('.') == std::string::npos)
      made.prefix = path.substr(begin); // no file: the service itself lies there
    while (made.prefix.ends_with('/'))
      made.prefix.pop_back();
    return made;
  }
  if (text.find_first_of("/?#") != std::string::npos)
    return fail(errc::invalid_argument,
                "is no folder here; an address with a path begins with http:// or https://", text);
  const auto last = text.find_last_of(":]");
  if (last != std::string::npos && text[last] == ':') {
    made.origins.push_back(
        plain_origin(is_tls_port(url->port) ? "https" : "http", url->host, url->port));
    return made;
  }
  for (const auto& known : known_ports())
    made.origins.push_back(plain_origin(known.tls ? "https" : "http", url->host, known.port));
  return made;
}

discovery_search::discovery_search(discovery_target target, discovery_limits limits)
    : target_(std::move(target)), limits_(limits) {
  if (!target_.start.empty()) {
    ask({.url = target_.start, .why = "the address given"}, false);
    return;
  }
  for (const auto& at : target_.origins)
    ask({.url = at + "/", .why = "the first page", .document = false}, false);
}

void discovery_search::ask(probe wanted, bool soon) {
  const auto url = http_url::parse(wanted.url);
  if (!url || waiting_.size() >= waiting_max) return;
  wanted.url = url->text;
  if (!seen_.insert(url->text).second) return;
  if (soon)
    waiting_.push_front(std::move(wanted));
  else
    waiting_.push_back(std::move(wanted));
}

void discovery_search::ask_known_paths(const std::string& at) {
  ask({.url = at + "/", .why = "the first page", .document = false}, false);
  for (const auto& known : known_paths()) {
    const auto why = "known path of " + std::string{known.whose};
    if (!target_.prefix.empty())
      ask({.url = at + target_.prefix + std::string{known.path}, .why = why}, false);
    ask({.url = at + std::string{known.path}, .why = why}, false);
  }
}

void discovery_search::stop(std::string why) {
  waiting_.clear();
  if (stopped_.empty()) stopped_ = std::move(why);
}

std::vector<probe> discovery_search::next() {
  std::vector<probe> batch;
  while (!waiting_.empty() && batch.size() < limits_.at_once) {
    auto one = std::move(waiting_.front());
    waiting_.pop_front();
    const auto url = http_url::parse(one.url);
    if (!url) continue;
    const auto& from = origins_[origin_of(*url)];
    if (from.failures >= failures_max || (!from.answered && from.failures > 0)) continue;
    if (requests_ >= limits_.requests) {
      stop("the " + std::to_string(limits_.requests) +
           " requests were used up; --requests allows more");
      break;
    }
    if (bytes_ >= limits_.bytes) {
      stop("the answers came to more than " + std::to_string(limits_.bytes >> 20U) + " MiB");
      break;
    }
    one.allow = url->host == target_.host && (one.allow || from.allow);
    ++requests_;
    batch.push_back(std::move(one));
  }
  return batch;
}

void discovery_search::take(const probe& asked,
                            const tl::expected<http_answer, fetch_failure>& outcome) {
  const auto url = http_url::parse(asked.url);
  if (!url) return;
  auto& from = origins_[origin_of(*url)];
  if (!outcome) return take_failure(asked, from, outcome.error());
  bytes_ += outcome->body.size();
  const bool first = !from.answered;
  from.answered = true;
  from.failures = 0;
  if (asked.allow) from.allow = true;
  take_answer(asked, from, *outcome);
  const auto plain = plain_origin(url->scheme, url->host, url->port);
  const bool given = !found_.empty() && found_.front().where == target_.start &&
                     found_.front().sure != confidence::low; // then there is nothing to look for
  if (first && !given && std::ranges::find(target_.origins, plain) != target_.origins.end())
    ask_known_paths(plain);
}

void discovery_search::take_failure(const probe& asked, origin& from,
                                    const fetch_failure& failure) {
  const auto url = http_url::parse(asked.url);
  if (failure.problem.code == errc::forbidden && !asked.allow && url->host == target_.host &&
      !from.answered) {
    auto again = asked;
    again.allow = true;
    --requests_;
    waiting_.push_front(std::move(again)); // nothing was sent: no address is asked twice
    return;
  }
  if (failure.problem.code == errc::forbidden) {
    if (denied_.size() < denied_max)
      denied_.push_back(asked.url + " (" + asked.why + "): " + failure.problem.message);
    if (from.answered) return;
  }
  ++from.failures;
  if (from.problem.empty()) from.problem = failure.problem.message;
}

void discovery_search::take_answer(const probe& asked, origin& from, const http_answer& answer) {
  if (answer.status == 401 || answer.status == 403) {
    if (asked.document && from.guarded.empty()) {
      from.guarded = asked.url;
      from.guarded_status = answer.status;
      found_.push_back({.where = asked.url,
                        .sure = confidence::low,
                        .why = asked.why,
                        .info = {},
                        .problem = "answered " + std::to_string(answer.status) +
                                   ": it needs a credential, or there is nothing",
                        .allow = {},
                        .also = {}});
    }
    return;
  }
  if (answer.status == 200 || answer.status == 203) return take_text(asked, from, answer);
  if (from.framework.empty()) from.framework = framework_of_answer(answer.body);
}

void discovery_search::take_text(const probe& asked, origin& from, const http_answer& answer) {
  if (!looks_like_html(answer.body)) {
    if (auto found = recognise_document(answer.body, asked.url, limits_.document_bytes)) {
      found->why = asked.why;
      if (asked.allow) found->allow = with_port(*http_url::parse(asked.url));
      add_discovered(found_, std::move(*found));
      return;
    }
    follow(asked, answer, read_catalog(answer.body));
  }
  const auto page = read_page(answer.body);
  if (page.embedded && from.embedded.empty()) from.embedded = asked.url;
  follow(asked, answer, page.links);
}

void discovery_search::follow(const probe& asked, const http_answer& answer,
                              const std::vector<std::string>& links) {
  if (asked.depth >= limits_.link_depth) return;
  const auto& base = answer.redirected && !answer.url.empty() ? answer.url : asked.url;
  for (auto link = links.rbegin(); link != links.rend(); ++link)
    if (const auto url = follow_link(base, *link))
      ask({.url = *url, .why = "linked from " + asked.url, .depth = asked.depth + 1}, true);
}

/// Where nobody answered, and why the first did not.
std::string discovery_search::unanswered() const {
  std::string places;
  std::string problem;
  for (const auto& at : target_.origins) {
    const auto url = http_url::parse(at);
    const auto from = url ? origins_.find(origin_of(*url)) : origins_.end();
    if (from == origins_.end() || from->second.problem.empty()) continue;
    places += (places.empty() ? "" : ", ") + at;
    if (problem.empty()) problem = from->second.problem;
  }
  return places.empty() ? "" : "no answer from " + places + ": " + problem;
}

std::vector<std::string> discovery_search::advice() const {
  std::vector<std::string> said;
  bool answered = false;
  for (const auto& [name, from] : origins_) {
    answered = answered || from.answered;
    if (!from.guarded.empty())
      said.push_back(
          from.guarded + " answered " + std::to_string(from.guarded_status) +
          ": if the document is there, give the source a credential by reference, such as "
          "headers: {Authorization: Bearer env:TOKEN}");
    if (!from.embedded.empty())
      said.push_back("the page " + from.embedded +
                     " holds the document within itself: have it served at an address of its own, "
                     "such as /openapi.json");
    if (!from.framework.empty())
      said.push_back(name + " looks like " + from.framework + ". " +
                     std::string{advice_for(from.framework)});
  }
  for (const auto& one : denied_)
    said.push_back(one);
  if (!answered && !unanswered().empty()) said.push_back(unanswered());
  if (!answered)
    said.emplace_back("nothing answered: is the service running, and on which port? "
                      "`apisync discover HOST:PORT` asks any");
  else if (said.empty())
    said.emplace_back(
        "something answered, but at none of the usual addresses: name the document's "
        "own, or the page that shows it. Many services switch both off in production");
  return said;
}

discovery_result discovery_search::result() const {
  discovery_result made{found_, {}, requests_, stopped_};
  rank(made.documents);
  if (std::ranges::none_of(found_,
                           [](const discovered& one) { return one.sure != confidence::low; }))
    made.advice = advice();
  return made;
}

} // namespace apisync::sources
