#pragma once

#include "sources/fetch.hpp"

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

/// What a fetch answers that is given up at a stop.
[[nodiscard]] inline fetch_outcome cancelled(const fetch_request& request) {
  return failed(failure_class::transient, errc::cancelled, "the fetch was cancelled",
                request.source);
}

/// What a fetch answers for which there is no room.
[[nodiscard]] inline fetch_outcome overloaded(const fetch_request& request) {
  return failed(failure_class::transient, errc::overloaded,
                "too many fetches are waiting: try again later", request.source);
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
