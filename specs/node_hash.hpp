#pragma once

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace apisync::specs {

/// The hashes of nodes in this process, seeded at its start: an attacker cannot prepare collisions.
struct hash_secrets {
  hash_secrets();

  std::uint64_t text = 0; ///< Odd.
  std::uint64_t left = 0;
  std::uint64_t right = 0;
  std::array<unsigned char, XXH3_SECRET_DEFAULT_SIZE> long_text{};
};

[[nodiscard]] const hash_secrets& process_secrets();

[[nodiscard]] inline std::uint64_t hash_pair(std::uint64_t a, std::uint64_t b,
                                             const hash_secrets& secret) {
  return XXH3_mul128_fold64(a ^ secret.left, b ^ secret.right);
}

/// Names and most values fit two words, and take one multiplication.
[[nodiscard]] inline std::uint64_t hash_text(std::string_view text, const hash_secrets& secret) {
  const auto size = text.size();
  const auto* const at = text.data();
  const auto load = [](const char* from, auto word) -> std::uint64_t {
    std::memcpy(&word, from, sizeof word);
    return word;
  };
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
  if (size > 2 * sizeof head)
    return XXH3_64bits_withSecretandSeed(at, size, secret.long_text.data(), secret.long_text.size(),
                                         secret.text);
  if (size >= sizeof(std::uint64_t)) {
    head = load(at, std::uint64_t{});
    tail = load(at + size - sizeof(std::uint64_t), std::uint64_t{});
  } else if (size >= sizeof(std::uint32_t)) {
    head = load(at, std::uint32_t{});
    tail = load(at + size - sizeof(std::uint32_t), std::uint32_t{});
  } else {
    for (const char c : text)
      head = head << 8 | static_cast<unsigned char>(c);
  }
  // Texts of different sizes must not meet in the same two words, whatever somebody puts into them.
  return hash_pair(head ^ secret.text * size, tail, secret);
}

} // namespace apisync::specs
