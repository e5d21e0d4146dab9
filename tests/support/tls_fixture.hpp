#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace apisync::test {

/// A certificate and its private key, in PEM.
struct certified_key {
  std::string certificate, key;
};

/// An authority of its own, trusted by nobody. What it issues is valid for a day.
class certificate_authority {
public:
  explicit certificate_authority(const std::string& name);
  ~certificate_authority();
  certificate_authority(const certificate_authority&) = delete;
  certificate_authority& operator=(const certificate_authority&) = delete;

  [[nodiscard]] const std::string& certificate() const;

  /// For a server at 127.0.0.1, or a client of that name.
  [[nodiscard]] certified_key issue(const std::string& name) const;

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

/// An HTTPS server on a port of its own, which answers every GET with the same document.
class tls_fixture {
public:
  /// `clients`: the PEM of the authority whose certificates clients must show; empty: none.
  /// `elsewhere`: where it redirects to instead of answering; empty: nowhere.
  explicit tls_fixture(const certified_key& own, const std::string& clients = {},
                       const std::string& elsewhere = {});
  ~tls_fixture();
  tls_fixture(const tls_fixture&) = delete;
  tls_fixture& operator=(const tls_fixture&) = delete;

  [[nodiscard]] std::string url(const std::string& path) const;
  [[nodiscard]] std::size_t requests() const;

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace apisync::test
