#pragma once

#include "sources/fetch.hpp"

#include <string>
#include <utility>

namespace apisync::sources {

/// Shorthand for returning a failure from a function that returns `fetch_outcome`.
[[nodiscard]] inline tl::unexpected<fetch_failure> failed(failure_class type, error problem) {
  return tl::unexpected(fetch_failure{type, std::move(problem), std::nullopt});
}

[[nodiscard]] inline tl::unexpected<fetch_failure>
failed(failure_class type, errc code, std::string message, std::string where = {}) {
  return failed(type, error{code, std::move(message), std::move(where)});
}

/// What is answered for a fetch or exchange that is given up at a stop; `who` is on whose behalf.
[[nodiscard]] inline tl::unexpected<fetch_failure> cancelled(const std::string& who) {
  return failed(failure_class::transient, errc::cancelled, "cancelled, for the service stops", who);
}
[[nodiscard]] inline fetch_outcome cancelled(const fetch_request& request) {
  return cancelled(request.source);
}

/// What is answered for one that there is no room for.
[[nodiscard]] inline tl::unexpected<fetch_failure> overloaded(const std::string& who) {
  return failed(failure_class::transient, errc::overloaded,
                "too many requests are waiting: try again later", who);
}
[[nodiscard]] inline fetch_outcome overloaded(const fetch_request& request) {
  return overloaded(request.source);
}

/// The class of an error met on the local file system.
[[nodiscard]] inline failure_class class_of(const error& problem) {
  switch (problem.code) {
  case errc::not_found:
    return failure_class::gone;
  case errc::io:
  case errc::unavailable:
  case errc::overloaded:
  case errc::cancelled:
    return failure_class::transient;
  default:
    return failure_class::permanent;
  }
}

} // namespace apisync::sources
