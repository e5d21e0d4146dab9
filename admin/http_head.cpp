#include "admin/http_head.hpp"

#include <algorithm>

namespace apisync::admin {
namespace {

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return c > ' ' && c < 0x7f &&
           std::string_view{"\"(),/:;<=>?@[\\]{}"}.find(c) == std::string_view::npos;
  });
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 16 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

head_refusal bad(std::string detail) {
  return {400, std::move(detail)};
}

std::optional<head_refusal> check_request_line(std::string_view line, const head_limits& limits) {
  auto const first = line.find(' ');
  auto const last = line.rfind(' ');
  if (first == std::string_view::npos || first == last || !is_token(line.substr(0, first)))
    return bad("the request line is not METHOD TARGET HTTP/1.1");
  auto const target = line.substr(first + 1, last - first - 1);
  if (target.size() > limits.target_bytes)
    return head_refusal{414, "the target is longer than " + std::to_string(limits.target_bytes) +
                                 " bytes"};
  if (target.empty() || target.find(' ') != std::string_view::npos)
    return bad("the target of the request is empty or has a space in it");
  auto const version = line.substr(last + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return head_refusal{505, "only HTTP/1.1 and HTTP/1.0 are spoken here"};
  return std::nullopt;
}

/// Collects the fields that decide where a request ends.
struct framing {
  int lengths = 0;
  int encodings = 0;
  int hosts = 0;
  bool has_body = false;
};

std::optional<head_refusal> check_field(std::string_view line, framing& seen) {
  auto const colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return bad("a header line is not NAME: VALUE");
  auto const name = to_lower(line.substr(0, colon));
  auto const value = trim(line.substr(colon + 1));
  if (name == "content-length") {
    if (!is_number(value)) return bad("Content-Length is not a number of bytes");
    ++seen.lengths;
    seen.has_body = seen.has_body || value.find_first_not_of('0') != std::string_view::npos;
  } else if (name == "transfer-encoding") {
    if (!equals_ignoring_case(value, "chunked"))
      return head_refusal{501, "the only transfer encoding spoken here is chunked"};
    ++seen.encodings;
    seen.has_body = true;
  } else if (name == "host") {
    ++seen.hosts;
  } else if (name == "range" && (value.size() > 64 || value.find(',') != std::string_view::npos)) {
    return head_refusal{416, "at most one range can be asked for"};
  } else if (name == "content-encoding" && !equals_ignoring_case(value, "identity")) {
    return head_refusal{415, "send the body without a content encoding"};
  }
  return std::nullopt;
}

std::optional<head_refusal> check_characters(std::string_view head) {
  for (std::size_t i = 0; i < head.size(); ++i) {
    auto const c = head[i];
    bool const ends_line = c == '\r' && i + 1 < head.size() && head[i + 1] == '\n';
    if (ends_line)
      ++i;
    else if ((c >= 0 && c < ' ' && c != '\t') || c == 0x7f)
      return bad("the head has a control character or a line that does not end in CR LF");
  }
  return std::nullopt;
}

} // namespace

std::optional<head_refusal> check_head(std::string_view head, const head_limits& limits,
                                       head_facts& facts) {
  if (auto refusal = check_characters(head)) return refusal;
  auto const line_end = head.find("\r\n");
  if (line_end == std::string_view::npos) return bad("the head of the request is incomplete");
  auto const request_line = head.substr(0, line_end);
  if (auto refusal = check_request_line(request_line, limits)) return refusal;

  framing seen;
  std::size_t fields = 0;
  for (auto rest = head.substr(line_end + 2); rest.size() > 2;) {
    auto const end = rest.find("\r\n");
    if (++fields > limits.fields)
      return head_refusal{431, "more than " + std::to_string(limits.fields) + " header fields"};
    if (auto refusal = check_field(rest.substr(0, end), seen)) return refusal;
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 2);
  }
  if (seen.lengths + seen.encodings > 1)
    return bad("the length of the body is stated more than once");
  if (seen.hosts > 1 || (seen.hosts == 0 && request_line.ends_with("1.1")))
    return bad("a request has exactly one Host");
  auto const method = request_line.substr(0, request_line.find(' '));
  bool const takes_body = method == "POST" || method == "PUT" || method == "PATCH";
  facts.must_close = seen.has_body && !takes_body;
  facts.unstated_body = takes_body && seen.lengths + seen.encodings == 0;
  return std::nullopt;
}

} // namespace apisync::admin
