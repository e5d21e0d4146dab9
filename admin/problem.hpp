#pragma once

#include "admin/message.hpp"
#include "specs/error.hpp"

#include <string>
#include <string_view>

namespace apisync::admin {

/// Problem details for HTTP (RFC 9457): what an answer of 400 and above says.
struct problem {
  int status = 500;
  std::string code;      ///< Stable and for programs: `not_found`, `invalid_argument`, ...
  std::string detail;    ///< For people: what is wrong and what to do about it.
  std::string where;     ///< A JSON pointer, a file or a parameter; may be empty.
  int retry_after_s = 0; ///< Sent as `Retry-After` when above 0.
  header_fields headers; ///< Further ones: `Allow`, `WWW-Authenticate`.
};

/// The status that answers an error of this kind.
int http_status(errc code);

/// The phrase that belongs to a status (RFC 9110 §15): `Not Found`.
std::string_view reason_phrase(int status);

/// The problem that an error is.
problem to_problem(const error& failure);

/// `application/problem+json` with `type`, `title`, `status`, `detail`, `instance` (the path),
/// `code` and, where known, `where`.
response to_response(const problem& answer, std::string_view instance);

/// Both steps at once.
response to_response(const error& failure, std::string_view instance);

} // namespace apisync::admin
