#include "sources/git_transport.hpp"

#include "sources/failure.hpp"
#include "sources/http_answer.hpp"

#include <git2/sys/transport.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

namespace apisync::sources {

namespace {

constexpr std::string_view service = "git-upload-pack";

/// One request and its answer, read as it comes: the answer is never held as a whole.
class git_request {
public:
  git_request(git_session& session, bool is_post) : session_(session), is_post_(is_post) {}
  ~git_request() {
    if (multi_) curl_multi_remove_handle(multi_.get(), easy_.get());
  }
  git_request(const git_request&) = delete;
  git_request& operator=(const git_request&) = delete;

  void append(std::string_view bytes) { body_ += bytes; }

  /// Fills the buffer with what there is, waiting for at least a byte; 0 bytes is the end.
  /// False when the request failed; the session then says why.
  bool read(char* buffer, std::size_t size, std::size_t& filled);

private:
  struct multi_deleter {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };

  bool start();
  bool step();
  bool finish(CURLcode code);
  bool judge_head();
  void set_headers();
  bool give_up(failure_class type, errc code, std::string message);
  std::size_t take(std::string_view bytes);
  static std::size_t on_body(char* text, std::size_t size, std::size_t count, void* self);
  static std::size_t on_header(char* text, std::size_t size, std::size_t count, void* self);

  git_session& session_;
  const bool is_post_;
  std::string body_;
  std::string answer_; // what was received and not yet read
  std::size_t read_to_ = 0;
  std::string retry_after_;
  std::size_t header_bytes_ = 0;
  bool done_ = false;
  bool judged_ = false;
  std::array<char, CURL_ERROR_SIZE> problem_{};
  curl_list_ptr headers_;
  curl_easy_ptr easy_;
  std::unique_ptr<CURLM, multi_deleter> multi_;
};

bool git_request::give_up(failure_class type, errc code, std::string message) {
  session_.failure = failed(type, code, std::move(message), session_.base.printable).value();
  return false;
}

void git_request::set_headers() {
  const auto add = [&](const std::string& line) {
    headers_.reset(curl_slist_append(headers_.release(), line.c_str()));
  };
  std::ranges::for_each(session_.headers, add);
  if (is_post_) {
    add("Content-Type: application/x-git-upload-pack-request");
    add("Accept: application/x-git-upload-pack-result");
    add("Expect:"); // asks no leave to send the body
  }
  curl_easy_setopt(easy_.get(), CURLOPT_HTTPHEADER, headers_.get());
}

bool git_request::start() {
  easy_.reset(curl_easy_init());
  multi_.reset(curl_multi_init());
  if (!easy_ || !multi_)
    return give_up(failure_class::transient, errc::unavailable, "no memory for a transfer");
  CURL* easy = easy_.get();
  const auto& settings = session_.settings;
  const auto& limits = session_.request.limits;
  set_connection_options(easy, settings.user_agent, settings.ca_file);
  show_identity(easy, session_.tls);
  session_.guard.expect(session_.base);
  session_.guard.install(easy);
  set_headers();
  const std::string url =
      session_.base.text +
      (is_post_ ? "/" + std::string(service) : "/info/refs?service=" + std::string(service));
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  if (is_post_) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body_.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body_.data());
  }
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(std::max<std::int64_t>(1, limits.connect_timeout.count())));
  // A server that falls silent is given up as soon as one that answers nothing at all.
  const auto silence = limits.stall_timeout.count() > 0
                           ? limits.stall_timeout.count()
                           : std::chrono::ceil<std::chrono::seconds>(limits.total_timeout).count();
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME,
                   static_cast<long>(std::max<std::int64_t>(1, silence)));
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, problem_.data());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &git_request::on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &git_request::on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl_multi_add_handle(multi_.get(), easy);
  return true;
}

bool git_request::judge_head() {
  if (std::exchange(judged_, true)) return true;
  long status = 0;
  char* type = nullptr;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_TYPE, &type);
  const auto said = "the git server answered " + std::to_string(status);
  if (status == 401 || status == 403)
    return give_up(failure_class::auth, errc::forbidden,
                   said + ": give the source a header with a valid credential");
  if (status == 408 || status == 429 || status >= 500) {
    give_up(failure_class::transient, errc::unavailable, said);
    session_.failure->retry_after = parse_retry_after(retry_after_, session_.settings.now());
    return false;
  }
  if (status >= 300 && status < 400) {
    char* target = nullptr;
    curl_easy_getinfo(easy_.get(), CURLINFO_REDIRECT_URL, &target);
    const auto next = http_url::parse(target == nullptr ? "" : target);
    return give_up(failure_class::permanent, errc::invalid_argument,
                   "the repository has moved" +
                       (next ? ": the server names " + next->printable : std::string()) +
                       "; change the URL of the source");
  }
  const std::string expected =
      "application/x-" + std::string(service) + (is_post_ ? "-result" : "-advertisement");
  if (status != 200 || type == nullptr || expected != type)
    return give_up(failure_class::permanent, errc::invalid_argument,
                   said + " without git's smart protocol: there is no repository at this URL, or "
                          "it needs a credential");
  return true;
}

std::size_t git_request::take(std::string_view bytes) {
  if (!judge_head()) return 0;
  if (bytes.size() > session_.bytes_left) {
    give_up(failure_class::permanent, errc::limit_exceeded,
            "the repository is larger than the limit of " +
                std::to_string(session_.settings.transfer_bytes_max) + " bytes");
    return 0;
  }
  session_.bytes_left -= bytes.size();
  answer_ += bytes;
  return bytes.size();
}

std::size_t git_request::on_body(char* text, std::size_t size, std::size_t count, void* self) {
  return static_cast<git_request*>(self)->take({text, size * count});
}

std::size_t git_request::on_header(char* text, std::size_t size, std::size_t count, void* self) {
  constexpr std::size_t header_bytes_max = 64U << 10;
  constexpr std::string_view retry_after = "retry-after:";
  auto* request = static_cast<git_request*>(self);
  const std::string_view line(text, size * count);
  request->header_bytes_ += line.size();
  if (request->header_bytes_ > header_bytes_max) return 0;
  std::string lowered(line.substr(0, retry_after.size()));
  std::ranges::transform(lowered, lowered.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (lowered == retry_after) request->retry_after_ = line.substr(retry_after.size());
  return line.size();
}

bool git_request::finish(CURLcode code) {
  done_ = true;
  if (session_.failure) return false;
  if (code == CURLE_OK) return judge_head();
  if (auto denied = session_.guard.denial(code))
    session_.failure = failed(failure_class::permanent, std::move(*denied)).value();
  else
    session_.failure = connection_failure(code, problem_.data(), session_.base.printable);
  return false;
}

/// Lets the transfer go on a little.
bool git_request::step() {
  constexpr int wait_ms = 100;
  if (session_.stop.stop_requested())
    return give_up(failure_class::transient, errc::cancelled, "the fetch was cancelled");
  if (std::chrono::steady_clock::now() >= session_.deadline)
    return give_up(failure_class::transient, errc::unavailable,
                   "the repository did not come within the time for a transfer");
  int running = 0;
  curl_multi_perform(multi_.get(), &running);
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left))
    if (message->msg == CURLMSG_DONE) return finish(message->data.result);
  if (answer_.empty()) curl_multi_poll(multi_.get(), nullptr, 0, wait_ms, nullptr);
  return true;
}

bool git_request::read(char* buffer, std::size_t size, std::size_t& filled) {
  filled = 0;
  if (!multi_ && !start()) return false;
  if (read_to_ == answer_.size()) {
    answer_.clear();
    read_to_ = 0;
  }
  while (answer_.empty() && !done_)
    if (!step()) return false;
  filled = std::min(size, answer_.size() - read_to_);
  std::memcpy(buffer, answer_.data() + read_to_, filled);
  read_to_ += filled;
  return true;
}

// libgit2's own structures, extended by what is behind them. It only ever frees them through the
// functions given here.

struct request_stream {
  git_smart_subtransport_stream base{}; // first: libgit2 sees only this
  std::unique_ptr<git_request> request;
};

struct session_transport {
  git_smart_subtransport base{}; // first: libgit2 sees only this
  git_session* session = nullptr;
};

request_stream* of(git_smart_subtransport_stream* stream) {
  return reinterpret_cast<request_stream*>(stream);
}

int refuse(git_session& session) {
  if (session.failure) git_error_set_str(GIT_ERROR_NET, session.failure->problem.message.c_str());
  return -1;
}

int stream_read(git_smart_subtransport_stream* stream, char* buffer, std::size_t size,
                std::size_t* filled) {
  auto* transport = reinterpret_cast<session_transport*>(stream->subtransport);
  return of(stream)->request->read(buffer, size, *filled) ? 0 : refuse(*transport->session);
}

int stream_write(git_smart_subtransport_stream* stream, const char* bytes, std::size_t size) {
  of(stream)->request->append({bytes, size});
  return 0;
}

void stream_free(git_smart_subtransport_stream* stream) {
  const std::unique_ptr<request_stream> owned(of(stream));
}

int transport_action(git_smart_subtransport_stream** out, git_smart_subtransport* transport,
                     const char*, git_smart_service_t action) {
  auto& session = *reinterpret_cast<session_transport*>(transport)->session;
  if (action != GIT_SERVICE_UPLOADPACK_LS && action != GIT_SERVICE_UPLOADPACK) return -1;
  auto stream = std::make_unique<request_stream>();
  stream->base = {transport, &stream_read, &stream_write, &stream_free};
  stream->request = std::make_unique<git_request>(session, action == GIT_SERVICE_UPLOADPACK);
  *out = &stream.release()->base;
  return 0;
}

int transport_close(git_smart_subtransport*) {
  return 0;
}

void transport_free(git_smart_subtransport* transport) {
  const std::unique_ptr<session_transport> owned(reinterpret_cast<session_transport*>(transport));
}

int make_subtransport(git_smart_subtransport** out, git_transport*, void* session) {
  auto transport = std::make_unique<session_transport>();
  transport->base = {&transport_action, &transport_close, &transport_free};
  transport->session = static_cast<git_session*>(session);
  *out = &transport.release()->base;
  return 0;
}

} // namespace

int make_git_transport(git_transport** out, git_remote* owner, void* session) {
  constexpr unsigned requests_stand_alone = 1;
  git_smart_subtransport_definition definition{&make_subtransport, requests_stand_alone, session};
  return git_transport_smart(out, owner, &definition);
}

} // namespace apisync::sources
