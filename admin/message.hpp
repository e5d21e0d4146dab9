#pragma once

#include "admin/url.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace apisync::admin {

/// What a caller may do; each role may do everything that the ones before it may.
enum class role : std::uint8_t {
  none,    ///< Health and readiness.
  read,    ///< Look at everything.
  operate, ///< Steer: syncs, resolutions, pause and resume.
  admin,   ///< Change what exists: sources, APIs, configuration, stop.
};

/// `none`, `read`, `operate`, `admin`.
std::string_view to_string(role level);

/// The inverse; nothing for another text.
std::optional<role> parse_role(std::string_view text);

/// Header fields. Names are compared without regard to case (RFC 9110 §5.1).
class header_fields {
public:
  void add(std::string name, std::string value);
  /// Replaces every field of that name.
  void set(std::string name, std::string value);
  /// The first field's value; empty when there is none.
  [[nodiscard]] std::string_view get(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] const name_values& all() const { return fields_; }

private:
  name_values fields_;
};

/// One request, whole: its body has been read and is within the limits.
struct request {
  std::string method;    ///< Upper case.
  request_target target; ///< Path and query.
  name_values params;    ///< The values of the route's `{names}`, decoded.
  header_fields headers;
  std::string body;
  std::string remote;               ///< The peer's address, without a port.
  std::string local;                ///< The address it connected to, without a port.
  admin::role role = role::none;    ///< Set by the access check.
  std::string author = "anonymous"; ///< `user:NAME`, set by the access check.

  /// The value of `{name}` in the route's path; empty when the route has none of that name.
  [[nodiscard]] std::string_view param(std::string_view name) const;
  /// The first query value of that name.
  [[nodiscard]] std::optional<std::string_view> query(std::string_view name) const;
  /// `GET` and `HEAD`: requests that change nothing.
  [[nodiscard]] bool is_read() const { return method == "GET" || method == "HEAD"; }
};

/// Where a streaming answer goes. Used on the connection's thread only.
class stream_writer {
public:
  virtual ~stream_writer() = default;
  /// Sends the text at once. False when the peer has gone, does not take it in time, or the server
  /// stops: then return.
  virtual bool write(std::string_view text) = 0;
  /// Whether the peer is still there and the server goes on. Cheap; ask it at least every second.
  virtual bool open() = 0;
};

/// Writes an answer piece by piece until it returns. It must look at `open()` at least once a
/// second.
using stream_body = std::function<void(stream_writer&)>;

/// One answer: either `body`, or `stream` for an open-ended one.
struct response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  header_fields headers;
  stream_body stream; ///< Counted against the limit of event streams.
};

} // namespace apisync::admin
