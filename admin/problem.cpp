#include "admin/problem.hpp"

#include <nlohmann/json.hpp>

namespace apisync::admin {

int http_status(errc code) {
  switch (code) { // no default: -Wswitch reports a forgotten enumerator
  case errc::invalid_argument:
  case errc::parse_error:
    return 400;
  case errc::limit_exceeded:
    return 413;
  case errc::not_found:
    return 404;
  case errc::already_exists:
  case errc::conflict:
    return 409;
  case errc::forbidden:
    return 403;
  case errc::unavailable:
  case errc::overloaded:
  case errc::cancelled:
    return 503;
  case errc::unsupported:
    return 501;
  case errc::io:
  case errc::unknown_outcome:
  case errc::corrupt:
  case errc::internal:
    break;
  }
  return 500;
}

std::string_view reason_phrase(int status) {
  switch (status) {
  case 200:
    return "OK";
  case 201:
    return "Created";
  case 202:
    return "Accepted";
  case 204:
    return "No Content";
  case 304:
    return "Not Modified";
  case 400:
    return "Bad Request";
  case 401:
    return "Unauthorized";
  case 403:
    return "Forbidden";
  case 404:
    return "Not Found";
  case 405:
    return "Method Not Allowed";
  case 406:
    return "Not Acceptable";
  case 408:
    return "Request Timeout";
  case 409:
    return "Conflict";
  case 411:
    return "Length Required";
  case 412:
    return "Precondition Failed";
  case 413:
    return "Content Too Large";
  case 414:
    return "URI Too Long";
  case 415:
    return "Unsupported Media Type";
  case 416:
    return "Range Not Satisfiable";
  case 422:
    return "Unprocessable Content";
  case 428:
    return "Precondition Required";
  case 431:
    return "Request Header Fields Too Large";
  case 500:
    return "Internal Server Error";
  case 501:
    return "Not Implemented";
  case 503:
    return "Service Unavailable";
  case 505:
    return "HTTP Version Not Supported";
  default:
    return "Error";
  }
}

problem to_problem(const error& failure) {
  problem answer;
  answer.status = http_status(failure.code);
  answer.code = to_string(failure.code);
  answer.detail = failure.message;
  answer.where = failure.where;
  answer.retry_after_s = answer.status == 503 ? 1 : 0;
  return answer;
}

response to_response(const problem& answer, std::string_view instance) {
  nlohmann::ordered_json body;
  body["type"] = answer.code.empty() ? "about:blank" : "urn:apisync:problem:" + answer.code;
  body["title"] = reason_phrase(answer.status);
  body["status"] = answer.status;
  body["detail"] = answer.detail;
  body["instance"] = instance;
  body["code"] = answer.code;
  if (!answer.where.empty()) body["where"] = answer.where;

  response made;
  made.status = answer.status;
  made.content_type = "application/problem+json";
  // Details may quote what a client sent, which need not be UTF-8.
  made.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  made.headers = answer.headers;
  if (answer.retry_after_s > 0)
    made.headers.set("Retry-After", std::to_string(answer.retry_after_s));
  return made;
}

response to_response(const error& failure, std::string_view instance) {
  return to_response(to_problem(failure), instance);
}

} // namespace apisync::admin
