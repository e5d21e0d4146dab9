#include "admin/tokens.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace apisync::admin {
namespace {

/// Cuts the next word off the front of the line.
std::string_view next_word(std::string_view& line) {
  line = trim(line);
  auto const end = line.find_first_of(" \t");
  auto const word = line.substr(0, end);
  line = end == std::string_view::npos ? std::string_view{} : line.substr(end);
  return word;
}

} // namespace

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

result<void> token_set::add_file(std::string_view text, std::string_view where) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto const end = text.find('\n');
    auto line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    line = trim(line);
    if (line.empty() || line.front() == '#') continue;
    auto const place = std::string{where} + ":" + std::to_string(number);
    auto const level = parse_role(next_word(line));
    std::string const name{next_word(line)};
    if (!level || *level == role::none)
      return fail(errc::invalid_argument,
                  "a line of a token file is ROLE NAME TOKEN, where ROLE is read, operate or admin",
                  place);
    if (auto added = add({name, *level}, trim(line)); !added)
      return fail(added.error().code, added.error().message, place);
  }
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
