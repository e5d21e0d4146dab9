#include "sources/hook_signature.hpp"

#include "sources/signature.hpp"
#include "specs/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

namespace apisync::sources {

namespace {

using events::hook_format;

constexpr std::size_t id_bytes_max = 200;
constexpr std::size_t signatures_max = 16; // of one delivery, while keys are being replaced

bool equal(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

/// Of texts whose lengths are secret too.
bool equal_secrets(std::string_view a, std::string_view b) {
  return equal(sha256::of(a).hex(), sha256::of(b).hex());
}

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

std::string hmac_hex(std::string_view key, std::string_view body) {
  std::array<unsigned char, 32> mac{};
  unsigned int length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(body.data()), body.size(), mac.data(), &length);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < length; ++i) {
    out += digits[mac[i] >> 4U];
    out += digits[mac[i] & 15U];
  }
  return out;
}

/// Where a format has what.
struct header_names {
  std::array<std::string_view, 2> signature, id, event;
};

header_names names_of(hook_format format) {
  switch (format) {
  case hook_format::github:
    return {{"X-Hub-Signature-256"}, {"X-GitHub-Delivery"}, {"X-GitHub-Event"}};
  case hook_format::gitlab:
    return {{"X-Gitlab-Token"}, {"Idempotency-Key"}, {"X-Gitlab-Event"}};
  case hook_format::bitbucket:
    return {{"X-Hub-Signature"}, {"X-Request-UUID", "X-Request-Id"}, {"X-Event-Key"}};
  case hook_format::gitea:
    return {{"X-Gitea-Signature", "X-Forgejo-Signature"},
            {"X-Gitea-Delivery", "X-Forgejo-Delivery"},
            {"X-Gitea-Event", "X-Forgejo-Event"}};
  case hook_format::standard:
    return {{"webhook-signature"}, {"webhook-id"}, {}};
  case hook_format::hmac:
    return {{"X-Signature-256"}, {"X-Delivery-Id", "Idempotency-Key"}, {}};
  }
  return {};
}

std::string_view first_of(const hook_message& message,
                          const std::array<std::string_view, 2>& names) {
  for (const auto name : names)
    if (!name.empty())
      if (const auto value = message.header(name); !value.empty()) return value;
  return {};
}

tl::unexpected<error> refused(std::string why) {
  return fail(errc::forbidden, std::move(why));
}

/// Whether any secret made it; all are tried, so that the time does not tell which.
template <class Made>
bool made_by_one(std::span<const std::string> secrets, Made made) {
  bool good = false;
  for (const auto& secret : secrets)
    good = made(secret) || good;
  return good;
}

result<void> verify_body(std::string_view signature, std::span<const std::string> secrets,
                         std::string_view body) {
  constexpr std::string_view scheme = "sha256=";
  if (signature.starts_with(scheme)) signature.remove_prefix(scheme.size());
  const auto given = lower(signature);
  if (made_by_one(secrets,
                  [&](const std::string& secret) { return equal(hmac_hex(secret, body), given); }))
    return {};
  return refused("the signature is not one of this source's secret over this body");
}

std::optional<std::chrono::sys_seconds> parse_time(std::string_view text) {
  std::int64_t seconds = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, status] = std::from_chars(text.data(), end, seconds);
  constexpr std::int64_t latest = 1LL << 40; // far beyond any clock, and no overflow
  if (text.empty() || status != std::errc{} || stop != end || seconds < 0 || seconds > latest)
    return std::nullopt;
  return std::chrono::sys_seconds{std::chrono::seconds{seconds}};
}

/// Standard Webhooks: several signatures may stand side by side, each `v1,BASE64`.
result<void> verify_standard(std::string_view signatures, std::span<const std::string> secrets,
                             std::string_view id, const hook_message& message,
                             std::chrono::sys_seconds now) {
  const auto time = parse_time(message.header("webhook-timestamp"));
  if (id.empty() || !time)
    return refused("the signature needs webhook-id and webhook-timestamp (seconds since 1970)");
  if (*time < now - hook_tolerance || *time > now + hook_tolerance)
    return refused("the webhook-timestamp is more than five minutes from this service's clock: "
                   "sign anew, and compare the clocks");
  std::vector<std::string_view> given;
  while (!signatures.empty() && given.size() < signatures_max) {
    const auto end = std::min(signatures.find(' '), signatures.size());
    given.push_back(signatures.substr(0, end));
    signatures.remove_prefix(std::min(end + 1, signatures.size()));
  }
  for (const auto& secret : secrets)
    if (auto key = signing_key(secret); !key) return tl::unexpected{key.error()};
  if (made_by_one(secrets, [&](const std::string& secret) {
        const auto expected = sign(*signing_key(secret), id, *time, message.body);
        return std::count_if(given.begin(), given.end(),
                             [&](std::string_view one) { return equal(one, expected); }) != 0;
      }))
    return {};
  return refused("the signature is not one of this source's secret over this id, time and body");
}

result<void> check_id(std::string_view id) {
  const bool good = id.size() <= id_bytes_max &&
                    std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (good) return {};
  return fail(errc::invalid_argument,
              "the delivery's id must be visible ASCII of at most 200 bytes");
}

} // namespace

result<hook_delivery> verify_hook(hook_format format, std::span<const std::string> secrets,
                                  const hook_message& message, std::chrono::sys_seconds now) {
  const auto names = names_of(format);
  const auto signature = first_of(message, names.signature);
  if (signature.empty())
    return refused("this source takes signed deliveries only, and the header " +
                   std::string{names.signature.front()} + " is missing");
  if (std::any_of(secrets.begin(), secrets.end(), [](const auto& one) { return one.empty(); }))
    return fail(errc::invalid_argument, "the secret is empty");
  const auto id = first_of(message, names.id);
  auto verified = [&]() -> result<void> {
    if (format == hook_format::standard)
      return verify_standard(signature, secrets, id, message, now);
    if (format != hook_format::gitlab) return verify_body(signature, secrets, message.body);
    if (made_by_one(secrets, [&](const std::string& one) { return equal_secrets(one, signature); }))
      return {};
    return refused("the token is not this source's secret");
  }();
  if (!verified) return tl::unexpected{verified.error()};
  if (auto good = check_id(id); !good) return tl::unexpected{good.error()};
  return hook_delivery{std::string{id}, std::string{first_of(message, names.event)}};
}

} // namespace apisync::sources
