#include "admin/request_options.hpp"

#include "events/record.hpp"

#include <algorithm>
#include <charconv>

namespace apisync::admin {
namespace {

std::optional<std::uint64_t> to_number(std::string_view text) {
  std::uint64_t value = 0;
  auto const* const end = text.data() + text.size();
  auto const [stop, status] = std::from_chars(text.data(), end, value);
  if (text.empty() || status != std::errc{} || stop != end) return std::nullopt;
  return value;
}

} // namespace

result<std::optional<moment>> parse_at(const request& asked) {
  auto const text = asked.query("at");
  if (!text) return std::nullopt;
  if (auto const number = to_number(*text)) return moment{*number};
  auto const time = events::parse_rfc3339(*text);
  if (!time)
    return fail(errc::invalid_argument,
                "at must be a sequence or a time such as 2026-11-23T08:00:00Z", "at");
  return moment{*time};
}

result<std::string> idempotency_key(const request& asked) {
  std::string const key{asked.headers.get("Idempotency-Key")};
  if (key.size() > idempotency_key_bytes_max)
    return fail(errc::invalid_argument, "Idempotency-Key is longer than 200 bytes");
  if (std::ranges::any_of(key, [](char c) { return c < ' ' || c > '~'; }))
    return fail(errc::invalid_argument, "Idempotency-Key has characters outside visible ASCII");
  return key;
}

result<std::optional<std::uint64_t>> parse_number(const request& asked, std::string_view name,
                                                  std::uint64_t least, std::uint64_t most) {
  auto const text = asked.query(name);
  if (!text) return std::nullopt;
  auto const number = to_number(*text);
  if (!number || *number < least || *number > most)
    return fail(errc::invalid_argument,
                std::string{name} + " must be a number from " + std::to_string(least) + " to " +
                    std::to_string(most),
                std::string{name});
  return number;
}

} // namespace apisync::admin
