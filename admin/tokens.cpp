#include "admin/tokens.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace apisync::admin {
result<void> token_set::add(identity who, std::string_view secret) {
  if (who.name.empty()) return fail(errc::invalid_argument, "a token needs a name");
  if (secret.size() < secret_bytes_min)
    return fail(errc::invalid_argument, "the token of " + who.name + " is shorter than " +
                                            std::to_string(secret_bytes_min) +
                                            " characters: make one with `openssl rand -hex 32`");
  if (std::ranges::any_of(secret, [](char c) { return c <= ' ' || c == 0x7f; }))
    return fail(errc::invalid_argument,
                "the token of " + who.name + " has a space or control character in it");
  entries_.push_back({std::move(who), sha256::of(secret)});
  return {};
}

std::optional<identity> token_set::find(std::string_view secret) const {
  auto const hash = sha256::of(secret);
  const entry* found = nullptr;
  for (auto const& candidate : entries_) {
    if (CRYPTO_memcmp(candidate.hash.bytes.data(), hash.bytes.data(), hash.bytes.size()) == 0)
      found = &candidate;
  }
  if (found == nullptr) return std::nullopt;
  return found->who;
}

} // namespace apisync::admin
