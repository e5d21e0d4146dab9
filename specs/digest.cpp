#include "specs/digest.hpp"

#include <openssl/evp.h>

#include <cstring>
#include <new>

namespace apisync {

std::string digest::hex() const {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text(2 * bytes.size(), '0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text[2 * i] = digits[bytes[i] >> 4];
    text[2 * i + 1] = digits[bytes[i] & 15];
  }
  return text;
}

namespace {

constexpr std::uint8_t no_digit = 0xFF;

/// The value of each lower-case hexadecimal digit; `no_digit` for every other byte.
constexpr std::array<std::uint8_t, 256> digit_values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(no_digit);
  for (std::uint8_t i = 0; i < 16; ++i)
    values[static_cast<unsigned char>("0123456789abcdef"[i])] = i;
  return values;
}();

} // namespace

std::optional<digest> digest::from_hex(std::string_view text) {
  digest value;
  if (text.size() != 2 * value.bytes.size()) return std::nullopt;
  std::uint8_t seen = 0; // Of all digits: `no_digit` has a bit that no digit has.
  for (std::size_t i = 0; i < value.bytes.size(); ++i) {
    const auto high = digit_values[static_cast<unsigned char>(text[2 * i])];
    const auto low = digit_values[static_cast<unsigned char>(text[2 * i + 1])];
    seen |= high | low;
    value.bytes[i] = static_cast<std::uint8_t>((high << 4U) | (low & 15U));
  }
  if (seen > 15) return std::nullopt;
  return value;
}

struct sha256::context {
  EVP_MD* method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* state = EVP_MD_CTX_new();

  context() {
    if (method == nullptr || state == nullptr) throw std::bad_alloc();
    EVP_DigestInit_ex2(state, method, nullptr);
  }
  ~context() {
    EVP_MD_CTX_free(state);
    EVP_MD_free(method);
  }
  context(const context&) = delete;
  context& operator=(const context&) = delete;
};

sha256::sha256() : context_{std::make_unique<context>()} {}
sha256::~sha256() = default;
sha256::sha256(sha256&&) noexcept = default;
sha256& sha256::operator=(sha256&&) noexcept = default;

sha256& sha256::update(std::string_view text) {
  EVP_DigestUpdate(context_->state, text.data(), text.size());
  return *this;
}

digest sha256::finish() {
  digest value;
  unsigned length = 0;
  EVP_DigestFinal_ex(context_->state, value.bytes.data(), &length);
  EVP_DigestInit_ex2(context_->state, context_->method, nullptr);
  return value;
}

digest sha256::of(std::string_view text) {
  thread_local sha256 hasher;
  return hasher.update(text).finish();
}

} // namespace apisync

std::size_t std::hash<apisync::digest>::operator()(const apisync::digest& value) const noexcept {
  std::size_t head = 0;
  std::memcpy(&head, value.bytes.data(), sizeof head);
  return head;
}
