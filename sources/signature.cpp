#include "sources/signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace apisync::sources {

namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4, '\0'); // the end is one past for OpenSSL's zero
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(bytes),
                  static_cast<int>(bytes.size()));
  return out;
}

result<std::string> decoded(std::string_view text) {
  const auto padding = text.ends_with("==") ? 2U : text.ends_with('=') ? 1U : 0U;
  std::string out(text.size() / 4 * 3, '\0');
  const auto length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(text),
                                      static_cast<int>(text.size()));
  const auto padded_inside = text.find('=') < text.size() - padding; // OpenSSL takes it for zeros
  if (text.size() % 4 != 0 || padded_inside || length < 0 ||
      static_cast<std::size_t>(length) <= padding)
    return fail(errc::invalid_argument,
                "the secret begins with whsec_, but no key in base64 follows");
  out.resize(static_cast<std::size_t>(length) - padding);
  return out;
}

} // namespace

result<std::string> signing_key(std::string_view secret) {
  constexpr std::string_view prefix = "whsec_";
  if (secret.starts_with(prefix)) return decoded(secret.substr(prefix.size()));
  if (secret.empty()) return fail(errc::invalid_argument, "the secret is empty");
  return std::string{secret};
}

std::string sign(std::string_view key, std::string_view id, std::chrono::sys_seconds time,
                 std::string_view body) {
  std::string content{id};
  content += '.';
  content += std::to_string(time.time_since_epoch().count());
  content += '.';
  content += body;
  std::array<unsigned char, 32> mac{};
  unsigned int length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(content), content.size(),
       mac.data(), &length);
  return "v1," + base64({reinterpret_cast<const char*>(mac.data()), length});
}

} // namespace apisync::sources
