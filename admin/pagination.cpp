#include "admin/pagination.hpp"

#include <array>
#include <charconv>
#include <cstdint>

namespace apisync::admin {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t cursor_bytes_most = 1024;

/// What a cursor's bytes begin with: the version of its layout.
constexpr char cursor_version = '1';

} // namespace

std::string base64url_encode(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t bits = 0;
  int count = 0;
  for (char const c : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6)
      text += alphabet[(bits >> static_cast<unsigned>(count - 6)) & 63U];
  }
  if (count > 0) text += alphabet[(bits << static_cast<unsigned>(6 - count)) & 63U];
  return text;
}

std::optional<std::string> base64url_decode(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int count = 0;
  for (char const c : text) {
    auto const value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>((bits >> static_cast<unsigned>(count)) & 255U);
    }
  }
  bool const stray = count >= 6 || (bits & ((1U << static_cast<unsigned>(count)) - 1U)) != 0;
  if (stray) return std::nullopt;
  return bytes;
}

result<page_request> parse_page(const request& asked) {
  page_request page;
  if (auto const limit = asked.query("limit")) {
    auto const* const end = limit->data() + limit->size();
    auto const [stop, status] = std::from_chars(limit->data(), end, page.limit);
    if (status != std::errc{} || stop != end || page.limit == 0 ||
        page.limit > page_request::limit_most)
      return fail(errc::invalid_argument, "limit must be a number from 1 to 1000", "limit");
  }
  if (auto const cursor = asked.query("cursor")) {
    auto decoded = cursor->size() <= cursor_bytes_most ? base64url_decode(*cursor) : std::nullopt;
    if (!decoded || decoded->empty() || decoded->front() != cursor_version)
      return fail(errc::invalid_argument,
                  "cursor must be a nextCursor that this service has answered", "cursor");
    page.after = decoded->substr(1);
  }
  return page;
}

std::string make_cursor(std::string_view last_key) {
  return base64url_encode(std::string{cursor_version} + std::string{last_key});
}

} // namespace apisync::admin
