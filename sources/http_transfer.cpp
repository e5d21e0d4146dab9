#include "sources/http_transfer.hpp"

#include "sources/failure.hpp"

#include <algorithm>
#include <cctype>
#include <netinet/in.h>
#include <sys/socket.h>
#include <utility>

namespace apisync::sources {

namespace {

constexpr std::size_t header_bytes_max = 64U << 10;
/// How much is kept of an answer that is no document: enough for its title.
constexpr std::size_t page_bytes_max = 64U << 10;

bool equal_no_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

bool is_redirect(long status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto start = text.find_first_not_of(blanks);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(blanks) - start + 1);
}

} // namespace

http_transfer::http_transfer(std::string who, http_callback done, http_context& context)
    : who_(std::move(who)), done_(std::move(done)), context_(context), easy_(curl_easy_init()) {}

http_transfer::~http_transfer() {
  forget_answer();
}

void http_transfer::finish(http_outcome outcome) {
  done_(std::move(outcome));
}

tl::expected<void, fetch_failure> http_transfer::begin(http_order order) {
  order_ = std::move(order);
  deadline_ = std::chrono::steady_clock::now() + order_.limits.total_timeout;
  if (!easy_)
    return failed(failure_class::transient, errc::unavailable, "no memory for a transfer", who_);
  auto url = http_url::parse(order_.url);
  if (!url) return failed(failure_class::permanent, url.error().code, url.error().message, who_);
  first_ = current_ = std::move(*url);
  auto own = address_policy::parse(order_.allow_addresses);
  if (!own) return failed(failure_class::permanent, own.error());
  own->merge(context_.addresses);
  guard_.allow(std::move(*own));
  set_options();
  set_limits();
  prepare_hop();
  return {};
}

void http_transfer::set_options() {
  CURL* easy = easy_.get();
  set_connection_options(easy, context_.user_agent, context_.ca_file);
  guard_.install(easy);
  curl_easy_setopt(easy, CURLOPT_SHARE, context_.shared);
  curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, problem_.data());
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &http_transfer::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &http_transfer::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  if (!order_.body) return;
  curl_easy_setopt(easy, CURLOPT_POST, 1L);
  if (!order_.method.empty()) curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, order_.method.c_str());
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, order_.body->data()); // kept, not copied
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(order_.body->size()));
}

void http_transfer::set_limits() {
  const auto& limits = order_.limits;
  curl_easy_setopt(easy_.get(), CURLOPT_MAXFILESIZE_LARGE,
                   static_cast<curl_off_t>(std::min<std::uint64_t>(limits.bytes, INT64_MAX)));
  curl_easy_setopt(easy_.get(), CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(std::max<std::int64_t>(1, limits.connect_timeout.count())));
  if (limits.stall_timeout.count() == 0) return;
  curl_easy_setopt(easy_.get(), CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(easy_.get(), CURLOPT_LOW_SPEED_TIME,
                   static_cast<long>(limits.stall_timeout.count()));
}

curl_list_ptr http_transfer::make_headers() const {
  curl_list_ptr list;
  const auto add = [&](const std::string& line) {
    list.reset(curl_slist_append(list.release(), line.c_str()));
  };
  // What was configured for one origin is not told to another (RFC 9110 §15.4).
  if (current_.same_origin(first_)) std::ranges::for_each(order_.own_headers, add);
  std::ranges::for_each(order_.headers, add);
  return list;
}

void http_transfer::prepare_hop() {
  using std::chrono::milliseconds;
  const auto left =
      std::chrono::ceil<milliseconds>(deadline_ - std::chrono::steady_clock::now()).count();
  auto headers = make_headers();
  curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, headers.get());
  headers_ = std::move(headers);
  static const tls_identity nobody;
  show_identity(easy_.get(), current_.same_origin(first_) ? order_.own_tls : nobody);
  curl_easy_setopt(easy_.get(), CURLOPT_URL, current_.text.c_str());
  curl_easy_setopt(easy_.get(), CURLOPT_TIMEOUT_MS,
                   static_cast<long>(std::max<std::int64_t>(1, left)));
  forget_answer();
  header_bytes_ = 0;
  guard_.expect(current_);
}

void http_transfer::forget_answer() {
  context_.buffered -= answer_.body.size();
  answer_ = {};
}

tl::expected<void, fetch_failure> http_transfer::follow(const std::string& target) {
  if (redirects_++ >= order_.limits.redirects)
    return failed(failure_class::permanent, errc::limit_exceeded,
                  "redirected more than " + std::to_string(order_.limits.redirects) +
                      " times, at last from " + current_.printable,
                  first_.printable);
  auto next = http_url::parse(target);
  if (!next)
    return failed(failure_class::permanent, next.error().code,
                  "redirected to an address that is not followed: " + next.error().message,
                  current_.printable);
  current_ = std::move(*next);
  prepare_hop();
  return {};
}

std::optional<http_outcome> http_transfer::proceed(CURLcode code) {
  const bool complete = code == CURLE_OK || aborted_ == abort_reason::enough;
  if (!complete) return tl::unexpected(transport_failure(code));
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &answer_.status);
  char* target = nullptr;
  curl_easy_getinfo(easy_.get(), CURLINFO_REDIRECT_URL, &target);
  if (!order_.body && is_redirect(answer_.status) && target != nullptr) {
    const std::string next = target;
    aborted_ = abort_reason::none;
    if (auto followed = follow(next); !followed) return tl::unexpected(followed.error());
    return std::nullopt;
  }
  context_.buffered -= answer_.body.size();
  auto answer = std::exchange(answer_, {});
  answer.url = current_.printable;
  answer.redirected = redirects_ > 0;
  return answer;
}

fetch_failure http_transfer::transport_failure(CURLcode code) const {
  const auto make = [&](failure_class type, errc kind, std::string message) {
    return failed(type, kind, std::move(message), current_.printable).value();
  };
  if (auto denied = guard_.denial(code))
    return failed(failure_class::permanent, std::move(*denied)).value();
  if (aborted_ == abort_reason::body || code == CURLE_FILESIZE_EXCEEDED)
    return make(failure_class::permanent, errc::limit_exceeded,
                "the document has more than the limit of " + std::to_string(order_.limits.bytes) +
                    " bytes");
  // curl holds one line of a header, and has its own limit for it.
  if (aborted_ == abort_reason::headers || code == CURLE_OUT_OF_MEMORY)
    return make(failure_class::permanent, errc::limit_exceeded,
                "answered with headers of more than 64 KiB");
  if (aborted_ == abort_reason::memory)
    return make(failure_class::transient, errc::overloaded,
                "too many large documents are being fetched at once");
  return connection_failure(code, problem_.data(), current_.printable);
}

std::size_t http_transfer::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > header_bytes_max) {
    aborted_ = abort_reason::headers;
    return 0;
  }
  if (line.starts_with("HTTP/")) { // of several answers (100, 103) the last counts
    forget_answer();
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &answer_.status);
    return line.size();
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return line.size();
  const auto name = trimmed(line.substr(0, colon));
  const std::string value(trimmed(line.substr(colon + 1)));
  if (equal_no_case(name, "etag")) answer_.etag = value;
  if (equal_no_case(name, "last-modified")) answer_.last_modified = value;
  if (equal_no_case(name, "content-type")) answer_.content_type = value;
  if (equal_no_case(name, "retry-after")) answer_.retry_after = value;
  return line.size();
}

std::size_t http_transfer::take_body(std::string_view bytes) {
  auto& body = answer_.body;
  const bool wanted = !order_.body || order_.whole_answer;
  const bool is_document = wanted && (answer_.status == 200 || answer_.status == 203);
  if (!is_document && body.size() + bytes.size() > page_bytes_max) {
    aborted_ = abort_reason::enough;
    return 0;
  }
  if (body.size() + bytes.size() > order_.limits.bytes) {
    aborted_ = abort_reason::body;
    return 0;
  }
  if (context_.buffered + bytes.size() > context_.buffered_max) {
    aborted_ = abort_reason::memory;
    return 0;
  }
  context_.buffered += bytes.size();
  body.append(bytes);
  return bytes.size();
}

std::size_t http_transfer::on_header(char* text, std::size_t size, std::size_t count, void* self) {
  return static_cast<http_transfer*>(self)->take_header({text, size * count});
}

std::size_t http_transfer::on_body(char* text, std::size_t size, std::size_t count, void* self) {
  return static_cast<http_transfer*>(self)->take_body({text, size * count});
}

} // namespace apisync::sources
