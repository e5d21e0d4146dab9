#pragma once

#include "events/hook.hpp"
#include "specs/error.hpp"

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <string_view>

/// Signatures of what others send to apisync: docs/push.md has each vendor's form.
namespace apisync::sources {

/// What was sent, as far as its signature goes.
struct hook_message {
  /// The first field of that name, compared without regard to case; empty where there is none.
  std::function<std::string_view(std::string_view name)> header;
  std::string_view body; ///< As it came, undecoded.
};

/// A delivery whose signature is right.
struct hook_delivery {
  std::string id;    ///< The same when it is sent again; empty where the sender names none.
  std::string event; ///< What the sender calls it: `push`; may be empty.

  /// Sent to try the connection, and about nothing.
  [[nodiscard]] bool is_ping() const { return event == "ping" || event == "diagnostics:ping"; }
};

/// How far the time of a signed delivery may be from ours.
inline constexpr std::chrono::seconds hook_tolerance{300};

/// Checks a signature against the secrets (one of them must have made it) in constant time.
/// Errors: `forbidden` for one that is missing or wrong, or whose signed time is not now;
/// `invalid_argument` for an id that is no visible ASCII of at most 200 bytes, or for a secret that
/// is none.
result<hook_delivery> verify_hook(events::hook_format format, std::span<const std::string> secrets,
                                  const hook_message& message, std::chrono::sys_seconds now);

} // namespace apisync::sources
