#include "specs/error.hpp"

namespace apisync {

std::string_view to_string(errc code) {
  switch (code) { // no default: -Wswitch reports a forgotten enumerator
  case errc::invalid_argument:
    return "invalid_argument";
  case errc::parse_error:
    return "parse_error";
  case errc::limit_exceeded:
    return "limit_exceeded";
  case errc::not_found:
    return "not_found";
  case errc::already_exists:
    return "already_exists";
  case errc::conflict:
    return "conflict";
  case errc::forbidden:
    return "forbidden";
  case errc::unavailable:
    return "unavailable";
  case errc::overloaded:
    return "overloaded";
  case errc::cancelled:
    return "cancelled";
  case errc::unsupported:
    return "unsupported";
  case errc::io:
    return "io";
  case errc::unknown_outcome:
    return "unknown_outcome";
  case errc::corrupt:
    return "corrupt";
  case errc::internal:
    return "internal";
  }
  return "internal";
}

std::string render(const error& problem) {
  return problem.where.empty() ? problem.message : problem.where + ": " + problem.message;
}

} // namespace apisync
