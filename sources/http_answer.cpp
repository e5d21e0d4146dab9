#include "sources/http_answer.hpp"

#include "sources/failure.hpp"
#include "sources/text.hpp"
#include "specs/digest.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

namespace apisync::sources {

namespace {

constexpr std::string_view blanks = " \t\r\n\f\v";

bool starts_with_no_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), text.begin(), [](char a, char b) {
           return a == static_cast<char>(std::tolower(static_cast<unsigned char>(b)));
         });
}

std::size_t find_no_case(std::string_view text, std::string_view lower_case, std::size_t from = 0) {
  for (auto at = text.find('<', from); at != std::string_view::npos; at = text.find('<', at + 1))
    if (starts_with_no_case(text.substr(at), lower_case)) return at;
  return std::string_view::npos;
}

std::string_view skip_blanks(std::string_view text) {
  const auto start = text.find_first_not_of(blanks);
  return start == std::string_view::npos ? std::string_view() : text.substr(start);
}

/// The text after a byte order mark, blanks, comments and an XML declaration.
std::string_view significant(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  constexpr int preambles_max = 16;
  for (int i = 0; i < preambles_max; ++i) {
    text = skip_blanks(text);
    const std::string_view end = text.starts_with("<!--")             ? "-->"
                                 : starts_with_no_case(text, "<?xml") ? "?>"
                                                                      : "";
    if (end.empty()) break;
    const auto at = text.find(end);
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + end.size());
  }
  return text;
}

bool is_html_answer(const http_answer& answer) {
  if (looks_like_html(answer.body)) return true;
  // A document served with the wrong type is still a document: none begins with `<`.
  return starts_with_no_case(answer.content_type, "text/html") &&
         significant(answer.body).starts_with('<');
}

std::string page_named(const http_answer& answer) {
  const auto title = html_title(answer.body);
  return title.empty() ? "an HTML page" : "an HTML page titled “" + title + "”";
}

std::string status_text(const http_answer& answer) {
  std::string text = "answered " + std::to_string(answer.status);
  if (is_html_answer(answer) && !html_title(answer.body).empty())
    text += " with " + page_named(answer);
  return text;
}

tl::unexpected<fetch_failure> refused(failure_class type, errc code, std::string message,
                                      const http_answer& answer) {
  return failed(type, code, std::move(message), answer.url);
}

tl::unexpected<fetch_failure> judge_status(const http_answer& answer, wall_time now) {
  const auto said = status_text(answer);
  const auto status = answer.status;
  if (status == 404 || status == 410)
    return refused(failure_class::gone, errc::not_found, said + ": there is no document here",
                   answer);
  if (status == 401 || status == 403)
    return refused(failure_class::auth, errc::forbidden,
                   said + ": give the source a header with a valid credential", answer);
  if (status == 408 || status == 425 || status == 429 || status >= 500) {
    auto failure = refused(failure_class::transient, errc::unavailable, said, answer);
    failure.value().retry_after = parse_retry_after(answer.retry_after, now);
    return failure;
  }
  if (status == 304)
    return refused(failure_class::transient, errc::unavailable,
                   "answered 304 (not modified) to a request without conditions", answer);
  return refused(failure_class::permanent, errc::invalid_argument,
                 said + ", which is no answer with a document", answer);
}

/// What may be kept and sent back later: a field of a sane length in printable ASCII.
std::string usable(const std::string& field) {
  constexpr std::size_t field_bytes_max = 1'024;
  const bool plain =
      field.size() <= field_bytes_max &&
      std::ranges::none_of(field, [](unsigned char c) { return c < 0x20 || c >= 0x7F; });
  return plain ? field : std::string();
}

validators seen_in(const http_answer& answer, std::string bytes_hash) {
  validators seen;
  seen.etag = usable(answer.etag);
  seen.last_modified = usable(answer.last_modified);
  seen.bytes_hash = std::move(bytes_hash);
  return seen;
}

fetched not_modified(const fetch_request& request, const http_answer& answer) {
  auto seen = request.last;
  if (auto etag = usable(answer.etag); !etag.empty()) seen.etag = std::move(etag);
  if (auto modified = usable(answer.last_modified); !modified.empty())
    seen.last_modified = std::move(modified);
  return {{}, std::move(seen)};
}

} // namespace

bool looks_like_html(std::string_view text) {
  const auto start = significant(text);
  for (const std::string_view opening : {"<!doctype html", "<html", "<head", "<body", "<title"})
    if (starts_with_no_case(start, opening)) return true;
  return false;
}

std::string html_title(std::string_view text) {
  constexpr std::size_t searched_bytes = 64U << 10;
  constexpr std::size_t title_bytes_max = 120;
  text = text.substr(0, searched_bytes);
  auto start = find_no_case(text, "<title");
  if (start == std::string_view::npos) return {};
  start = text.find('>', start);
  if (start == std::string_view::npos) return {};
  const auto end = find_no_case(text, "</title", start);
  const auto inner = text.substr(start + 1, end == std::string_view::npos ? end : end - start - 1);
  std::string title;
  for (const char c : inner) {
    const bool blank = blanks.find(c) != std::string_view::npos;
    if (blank && (title.empty() || title.back() == ' ')) continue;
    if (title.size() > title_bytes_max) break;
    title += blank ? ' ' : c;
  }
  while (title.ends_with(' '))
    title.pop_back();
  return clean_text(title, title_bytes_max);
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view text, wall_time now) {
  using std::chrono::seconds;
  constexpr seconds longest = std::chrono::hours(24);
  text = skip_blanks(text);
  while (!text.empty() && blanks.find(text.back()) != std::string_view::npos)
    text.remove_suffix(1);
  if (text.empty()) return std::nullopt;
  std::int64_t count = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (end == text.data() + text.size() && text.front() != '-') {
    if (code == std::errc::result_out_of_range) return longest;
    return std::min(seconds(count), longest);
  }
  const auto date = curl_getdate(std::string(text).c_str(), nullptr);
  if (date < 0) return std::nullopt;
  const auto wait = seconds(date) - std::chrono::floor<seconds>(now.time_since_epoch());
  return std::clamp(wait, seconds(0), longest);
}

fetch_outcome judge(const fetch_request& request, http_answer answer, wall_time now) {
  if (answer.status == 304 && !request.last.bytes_hash.empty())
    return not_modified(request, answer);
  if (answer.status != 200 && answer.status != 203) return judge_status(answer, now);
  if (skip_blanks(answer.body).empty())
    return refused(failure_class::transient, errc::unavailable, "answered an empty body", answer);
  if (is_html_answer(answer)) {
    const std::string advice =
        answer.redirected
            ? ": the request was redirected there, perhaps to sign in; a header with a "
              "credential may be needed"
            : ": give the address of the document itself, not of a page that shows it";
    return refused(failure_class::permanent, errc::parse_error,
                   "answered " + page_named(answer) + " instead of a document" + advice, answer);
  }
  constexpr std::size_t media_type_bytes_max = 200;
  auto hash = sha256::of(answer.body).hex();
  fetched found{{}, seen_in(answer, hash)};
  if (hash != request.last.bytes_hash) {
    version taken;
    taken.bytes = std::make_shared<const std::string>(std::move(answer.body));
    taken.media_type = clean_text(answer.content_type, media_type_bytes_max);
    found.versions.push_back(std::move(taken));
  }
  return found;
}

} // namespace apisync::sources
