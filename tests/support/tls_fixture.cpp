#include "tests/support/tls_fixture.hpp"

#include <httplib.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <stdexcept>
#include <thread>

namespace apisync::test {

namespace {

template <auto Free>
struct freeing {
  void operator()(auto* value) const { Free(value); }
};
using key_ptr = std::unique_ptr<EVP_PKEY, freeing<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freeing<X509_free>>;
using store_ptr = std::unique_ptr<X509_STORE, freeing<X509_STORE_free>>;
using bio_ptr = std::unique_ptr<BIO, freeing<BIO_free_all>>;

constexpr long day = 24 * 60 * 60;

void require(bool good) {
  if (!good) throw std::runtime_error("OpenSSL refuses to make a test's certificate");
}

template <class Write>
std::string to_pem(Write write) {
  const bio_ptr out{BIO_new(BIO_s_mem())};
  require(write(out.get()) == 1);
  char* text = nullptr;
  const auto length = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

std::string to_pem(X509* certificate) {
  return to_pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}

std::string to_pem(EVP_PKEY* key) {
  return to_pem([&](BIO* out) {
    return PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
}

bio_ptr reading(const std::string& text) {
  return bio_ptr{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

certificate_ptr certificate_of(const std::string& pem) {
  return certificate_ptr{PEM_read_bio_X509(reading(pem).get(), nullptr, nullptr, nullptr)};
}

key_ptr key_of(const std::string& pem) {
  return key_ptr{PEM_read_bio_PrivateKey(reading(pem).get(), nullptr, nullptr, nullptr)};
}

/// A version 3 certificate without issuer and signature.
certificate_ptr draft(const std::string& name, EVP_PKEY* key) {
  static std::atomic<long> serial = 1;
  certificate_ptr made{X509_new()};
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -day);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), day);
  X509_set_pubkey(made.get(), key);
  require(X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                                     reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1,
                                     0) == 1);
  return made;
}

void add_extension(X509* to, int id, const char* value) {
  X509_EXTENSION* made = X509V3_EXT_conf_nid(nullptr, nullptr, id, value);
  require(made != nullptr && X509_add_ext(to, made, -1) == 1);
  X509_EXTENSION_free(made);
}

store_ptr store_of(const std::string& pem) {
  store_ptr made{X509_STORE_new()};
  require(X509_STORE_add_cert(made.get(), certificate_of(pem).get()) == 1);
  return made;
}

} // namespace

struct certificate_authority::parts {
  key_ptr key{EVP_EC_gen("P-256")};
  certificate_ptr own;
  std::string pem;
};

certificate_authority::certificate_authority(const std::string& name)
    : parts_{std::make_unique<parts>()} {
  auto& [key, own, pem] = *parts_;
  own = draft(name, key.get());
  X509_set_issuer_name(own.get(), X509_get_subject_name(own.get()));
  add_extension(own.get(), NID_basic_constraints, "critical,CA:TRUE");
  require(X509_sign(own.get(), key.get(), EVP_sha256()) != 0);
  pem = to_pem(own.get());
}

certificate_authority::~certificate_authority() = default;

const std::string& certificate_authority::certificate() const {
  return parts_->pem;
}

certified_key certificate_authority::issue(const std::string& name) const {
  const key_ptr key{EVP_EC_gen("P-256")};
  const auto made = draft(name, key.get());
  X509_set_issuer_name(made.get(), X509_get_subject_name(parts_->own.get()));
  add_extension(made.get(), NID_subject_alt_name, "IP:127.0.0.1");
  require(X509_sign(made.get(), parts_->key.get(), EVP_sha256()) != 0);
  return {to_pem(made.get()), to_pem(key.get())};
}

struct tls_fixture::parts {
  parts(const certified_key& own, store_ptr clients)
      // The server's context takes the store over.
      : server{certificate_of(own.certificate).get(), key_of(own.key).get(), clients.release()} {}

  httplib::SSLServer server;
  int port = 0;
  std::atomic<std::size_t> requests = 0;
  std::jthread serving;
};

tls_fixture::tls_fixture(const certified_key& own, const std::string& clients,
                         const std::string& elsewhere)
    : parts_{std::make_unique<parts>(own, clients.empty() ? nullptr : store_of(clients))} {
  auto& [server, port, requests, serving] = *parts_;
  server.Get(".*", [count = &requests, elsewhere](const httplib::Request&, httplib::Response& to) {
    ++*count;
    if (!elsewhere.empty()) return to.set_redirect(elsewhere);
    to.set_content("{\"openapi\":\"3.1.0\"}", "application/json");
  });
  port = server.bind_to_any_port("127.0.0.1");
  require(port > 0);
  serving = std::jthread{[&server = server] { server.listen_after_bind(); }};
  while (!server.is_running()) // else `stop` would be in vain
    std::this_thread::yield();
}

tls_fixture::~tls_fixture() {
  parts_->server.stop();
}

std::string tls_fixture::url(const std::string& path) const {
  return "https://127.0.0.1:" + std::to_string(parts_->port) + path;
}

std::size_t tls_fixture::requests() const {
  return parts_->requests;
}

} // namespace apisync::test
