#pragma once

#include "admin/listen_socket.hpp"
#include "admin/message.hpp"
#include "admin/problem.hpp"
#include "admin/tokens.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::admin {

/// Who may speak to the service, and under which names it is spoken to.
struct access_policy {
  listen_address listen;
  std::vector<std::string> hosts; ///< Further names in `Host`, without a port.
  token_set tokens;
  bool loopback_needs_token = false; ///< For machines that several people share.
};

/// Refuses a policy that would let strangers in: any address but loopback needs a token. Fails with
/// `forbidden`, naming what to configure.
result<void> check_policy(const access_policy& policy);

/// The host of a `Host` field or an authority: without port and brackets, in small letters; nothing
/// for text that is neither a name nor an address.
std::optional<std::string> host_of(std::string_view authority);

/// Refuses a request whose `Host` is not one of ours: a web page elsewhere can point a name of its
/// own at this machine (DNS rebinding), but it cannot choose the `Host` that its browser sends.
std::optional<problem> check_host(const request& asked, const access_policy& policy);

/// Refuses a write that a web page of another origin makes (RFC 6454; Fetch Metadata).
std::optional<problem> check_origin(const request& asked);

/// Refuses a body, or the announcement of one, that is of none of these media types.
std::optional<problem> check_content_type(const request& asked,
                                          std::span<const std::string_view> accepted);

/// Finds out who asks, from `Authorization: Bearer TOKEN` or the loopback address, sets the
/// request's role and author, and refuses (401, 403) who may not do what needs the role.
std::optional<problem> authorize(request& asked, role needed, const access_policy& policy);

} // namespace apisync::admin
