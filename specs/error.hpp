#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace apisync {

/// Why an operation did not happen. The layers above map a code to an exit status or an HTTP
/// status, so a code says what kind of failure it is, and `error::message` says which.
enum class errc : std::uint8_t {
  invalid_argument = 1, ///< The caller's input breaks a rule; the same call fails again.
  parse_error,          ///< Text that is not what it claims to be.
  limit_exceeded,       ///< Input over a stated limit (bytes, depth, nodes).
  not_found,            ///< The named thing does not exist.
  already_exists,       ///< An id is taken.
  conflict,             ///< Somebody else changed it first (stream version, If-Match).
  forbidden,            ///< A policy denies it (roots, addresses, roles).
  unavailable,          ///< Cannot be done now; the same call may succeed later.
  overloaded,           ///< A bounded queue is full; the same call may succeed later.
  cancelled,            ///< Given up on request, at a stop or a shutdown.
  unsupported,          ///< A known thing that this version does not do.
  io,                   ///< The operating system, the disk or the network failed.
  unknown_outcome,      ///< A write that may or may not be on disk.
  corrupt,              ///< Stored data is damaged or of a newer version.
  internal,             ///< A broken promise of this program.
};

/// The code's name, as it is printed and logged: `not_found`.
std::string_view to_string(errc code);

/// An error for people: what is wrong and what to do about it, and where.
struct error {
  errc code = errc::internal;
  std::string message; ///< A sentence without a full stop.
  std::string where;   ///< `FILE:LINE:COLUMN`, a JSON pointer, a URL or a stream; may be empty.

  bool operator==(const error&) const = default;
};

/// `where: message`, or the message alone.
std::string render(const error& problem);

/// A value, or why there is none. The project returns errors by value; exceptions of libraries are
/// turned into `error` where they are called.
template <class T>
using result = tl::expected<T, error>;

/// Shorthand for returning an error from a function that returns `result<T>`.
[[nodiscard]] inline tl::unexpected<error> fail(errc code, std::string message,
                                                std::string where = {}) {
  return tl::unexpected<error>(error{code, std::move(message), std::move(where)});
}

} // namespace apisync
