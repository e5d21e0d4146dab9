#include "admin/refusal.hpp"

#include "admin/problem.hpp"

#include <string_view>

namespace apisync::admin {
namespace {

std::string_view problem_code(int status) {
  switch (status) {
  case 408:
    return "timeout";
  case 413:
  case 414:
  case 431:
    return "limit_exceeded";
  case 415:
    return "unsupported_media_type";
  case 503:
    return "overloaded";
  default:
    return "invalid_argument";
  }
}

} // namespace

response refusal(int status, std::string detail) {
  problem answer;
  answer.status = status;
  answer.code = problem_code(status);
  answer.detail = std::move(detail);
  answer.retry_after_s = status == 503 ? 1 : 0;
  return to_response(answer, "");
}

std::string wire_text(const response& answer) {
  std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " ";
  text += reason_phrase(answer.status);
  text.append("\r\nContent-Type: ").append(answer.content_type);
  for (auto const& [name, value] : answer.headers.all())
    text.append("\r\n").append(name).append(": ").append(value);
  text += "\r\nContent-Length: " + std::to_string(answer.body.size());
  text += "\r\nConnection: close\r\n\r\n" + answer.body;
  return text;
}

} // namespace apisync::admin
