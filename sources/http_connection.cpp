#include "sources/http_connection.hpp"

#include "sources/failure.hpp"
#include "sources/secret.hpp"

#include <algorithm>
#include <cctype>
#include <netinet/in.h>
#include <sys/socket.h>
#include <tuple>
#include <utility>

namespace apisync::sources {

namespace {

/// A field name is a token (RFC 9110 §5.6.2).
bool is_token(std::string_view name) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::ranges::all_of(name, [&](unsigned char c) {
    return std::isalnum(c) != 0 || marks.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

bool is_permanent(CURLcode code) {
  switch (code) {
  case CURLE_UNSUPPORTED_PROTOCOL: // what answered does not speak HTTP
  case CURLE_URL_MALFORMAT:
  case CURLE_SSL_CACERT_BADFILE:
  case CURLE_SSL_ISSUER_ERROR:
  case CURLE_SSL_INVALIDCERTSTATUS:
    return true;
  default:
    return false;
  }
}

/// Whether a server's alert is about the client's certificate (RFC 8446 §6.2), in OpenSSL's words.
bool is_about_client(std::string_view detail) {
  const auto alert = detail.find(" alert ");
  if (alert == std::string_view::npos) return false;
  const auto name = detail.substr(alert);
  return name.find("certificate") != std::string_view::npos ||
         name.find("unknown ca") != std::string_view::npos;
}

/// Why a reference stands for nothing: to be retried where reading failed, else for people.
tl::unexpected<fetch_failure> unresolved(const std::string& name, const error& why,
                                         const std::string& who) {
  return failed(why.code == errc::io ? failure_class::transient : failure_class::auth, why.code,
                name + ": " + render(why), who);
}

} // namespace

void start_curl() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(code);
}

void address_guard::install(CURL* easy) {
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &address_guard::on_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  // A kept connection opens no socket: its address is checked before the request instead.
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &address_guard::on_request);
  curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);
}

void address_guard::expect(const http_url& target) {
  host_ = target.host;
  where_ = target.printable;
  denied_.reset();
}

std::optional<error> address_guard::denial(CURLcode code) const {
  const bool is_cause = code == CURLE_COULDNT_CONNECT || code == CURLE_ABORTED_BY_CALLBACK;
  return is_cause ? denied_ : std::nullopt;
}

bool address_guard::accept(const ip_endpoint& endpoint) {
  auto verdict = decide(host_, endpoint, allowed_);
  if (verdict) return true;
  denied_ = std::move(verdict.error());
  denied_->where = where_;
  return false;
}

curl_socket_t address_guard::on_socket(void* self, curlsocktype, curl_sockaddr* address) {
  const auto endpoint = ip_endpoint::from(&address->addr);
  if (!endpoint || !static_cast<address_guard*>(self)->accept(*endpoint)) return CURL_SOCKET_BAD;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int address_guard::on_request(void* self, char* address, char*, int port, int) {
  const auto parsed = ip_address::parse(address);
  if (!parsed) return CURL_PREREQFUNC_ABORT;
  const ip_endpoint endpoint{*parsed, static_cast<std::uint16_t>(port)};
  return static_cast<address_guard*>(self)->accept(endpoint) ? CURL_PREREQFUNC_OK
                                                             : CURL_PREREQFUNC_ABORT;
}

void set_connection_options(CURL* easy, const std::string& user_agent, const std::string& ca_file) {
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  // Else a name server that does not answer would hold the thread at the end of a transfer.
  curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  // Through a proxy the address policy would see the proxy only.
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
  // A name that is looked up again is checked again; a folder of certificates would be read at
  // every handshake.
  curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  if (!ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file.c_str());
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy, CURLOPT_USERAGENT, user_agent.c_str());
}

tl::expected<std::vector<std::string>, fetch_failure>
configured_headers(const std::map<std::string, std::string>& headers, const std::string& who,
                   const roots& allowed) {
  std::vector<std::string> lines;
  for (const auto& [name, text] : headers) {
    if (!is_token(name))
      return failed(failure_class::permanent, errc::invalid_argument,
                    "“" + name + "” is not a header name", who);
    const auto value = resolve_secret(text, allowed);
    if (!value) return unresolved("header " + name, value.error(), who);
    if (std::ranges::any_of(*value, [](unsigned char c) { return c < 0x20 && c != '\t'; }))
      return failed(failure_class::permanent, errc::invalid_argument,
                    "header " + name + " has control characters", who);
    // curl takes a name with a semicolon as a header without a value.
    lines.push_back(value->empty() ? name + ";" : name + ": " + *value);
  }
  return lines;
}

void show_identity(CURL* easy, const tls_identity& identity) {
  const auto show = [&](CURLoption option, const std::string& text) {
    curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_NOCOPY};
    curl_easy_setopt(easy, option, text.empty() ? nullptr : &blob);
  };
  show(CURLOPT_CAINFO_BLOB, identity.ca);
  show(CURLOPT_SSLCERT_BLOB, identity.certificate);
  show(CURLOPT_SSLKEY_BLOB, identity.key);
}

tl::expected<tls_identity, fetch_failure>
configured_tls(const tls_references& from, const std::string& who, const roots& allowed) {
  tls_identity made;
  const std::tuple<std::string, const std::string&, std::string&> texts[] = {
      {"ca", from.ca, made.ca},
      {"certificate", from.certificate, made.certificate},
      {"key", from.key, made.key}};
  for (const auto& [name, reference, into] : texts) {
    if (reference.empty()) continue;
    auto text = resolve_text(reference, allowed);
    if (!text) return unresolved(name, text.error(), who);
    into = std::move(*text);
  }
  if (made.key.empty()) made.key = made.certificate; // it stands beside it
  return made;
}

fetch_failure connection_failure(CURLcode code, const char* detail, const std::string& where) {
  const auto make = [&](failure_class type, std::string message) {
    const auto kind = type == failure_class::permanent ? errc::invalid_argument : errc::unavailable;
    return failed(type, kind, std::move(message), where).value();
  };
  std::string reason = detail;
  if (code == CURLE_PARTIAL_FILE)
    return make(failure_class::transient, "the answer was cut off before its end");
  if (code == CURLE_SSL_CERTPROBLEM)
    return make(failure_class::auth,
                "the client's certificate or key is of no use: " +
                    (reason.empty() ? std::string{curl_easy_strerror(code)} : reason));
  if (code == CURLE_PEER_FAILED_VERIFICATION)
    return make(
        failure_class::permanent,
        "the server's certificate is not trusted (a source can name an authority of its own as "
        "'ca' of its 'connection'): " +
            reason);
  if (is_about_client(reason))
    return make(
        failure_class::auth,
        "the server wants another certificate of its clients than it was shown (a source can "
        "name one as 'certificate' of its 'connection'): " +
            reason);
  if (code == CURLE_OPERATION_TIMEDOUT)
    return make(failure_class::transient, "no complete answer in time: " + reason);
  if (code == CURLE_BAD_CONTENT_ENCODING)
    return make(failure_class::transient, "the compressed answer is damaged: " + reason);
  const std::string kind = curl_easy_strerror(code);
  if (reason.find(kind) == std::string::npos) reason = reason.empty() ? kind : kind + ": " + reason;
  // With TLS 1.3 the handshake is over by then, and the alert may come too late to be read.
  if (code == CURLE_SEND_ERROR && where.starts_with("https:"))
    reason += "; a server that wants another certificate of its clients may end like that";
  return make(is_permanent(code) ? failure_class::permanent : failure_class::transient, reason);
}

} // namespace apisync::sources
