#include "admin/guard.hpp"

#include <algorithm>

namespace apisync::admin {
namespace {

problem denied(int status, std::string code, std::string detail) {
  problem answer;
  answer.status = status;
  answer.code = std::move(code);
  answer.detail = std::move(detail);
  return answer;
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
         c == ':';
}

std::string_view bearer_token(const request& asked) {
  auto const value = asked.headers.get("Authorization");
  constexpr std::string_view scheme = "bearer ";
  if (value.size() <= scheme.size() ||
      !equals_ignoring_case(value.substr(0, scheme.size()), scheme))
    return {};
  return trim(value.substr(scheme.size()));
}

problem unauthorized(std::string detail) {
  auto answer = denied(401, "unauthorized", std::move(detail));
  answer.headers.set("WWW-Authenticate", "Bearer realm=\"apisync\"");
  return answer;
}

} // namespace

result<void> check_policy(const access_policy& policy) {
  if (is_loopback(policy.listen.host) || !policy.tokens.empty()) return {};
  return fail(errc::forbidden,
              "listening on an address that other machines can reach needs a token: configure one, "
              "or listen on 127.0.0.1",
              policy.listen.to_string());
}

std::optional<std::string> host_of(std::string_view authority) {
  auto host = to_lower(trim(authority));
  if (host.starts_with('[')) {
    auto const end = host.find(']');
    if (end == std::string::npos) return std::nullopt;
    host = host.substr(1, end - 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  if (host.ends_with('.')) host.pop_back();
  if (host.empty() || !std::ranges::all_of(host, is_host_character)) return std::nullopt;
  return host;
}

std::optional<problem> check_host(const request& asked, const access_policy& policy) {
  auto const host = host_of(asked.headers.get("Host"));
  if (!host)
    return denied(400, "invalid_argument",
                  "the Host of the request is neither a name nor an address");
  auto const same = [&](std::string_view name) { return equals_ignoring_case(*host, name); };
  // The address that the client connected to is no name that somebody could have rebound.
  if (is_loopback(*host) || same(policy.listen.host) || (is_address(*host) && same(asked.local)) ||
      std::ranges::any_of(policy.hosts, same))
    return std::nullopt;
  return denied(403, "forbidden",
                "this service does not answer to the host \"" + *host +
                    "\": use its address, or add the name to its configured hosts");
}

std::optional<problem> check_origin(const request& asked) {
  if (asked.is_read()) return std::nullopt;
  auto const site = asked.headers.get("Sec-Fetch-Site");
  if (equals_ignoring_case(site, "cross-site") || equals_ignoring_case(site, "same-site"))
    return denied(403, "forbidden", "a web page of another site may not make this request");
  if (!asked.headers.has("Origin")) return std::nullopt;
  auto const origin = asked.headers.get("Origin");
  auto const mark = origin.find("://");
  if (mark != std::string_view::npos &&
      equals_ignoring_case(origin.substr(mark + 3), asked.headers.get("Host")))
    return std::nullopt;
  return denied(403, "forbidden", "a web page of another origin may not make this request");
}

std::optional<problem> check_content_type(const request& asked,
                                          std::span<const std::string_view> accepted) {
  if (asked.is_read() || (asked.body.empty() && !asked.headers.has("Content-Type")))
    return std::nullopt;
  auto const value = asked.headers.get("Content-Type");
  auto const media = to_lower(trim(value.substr(0, value.find(';'))));
  if (std::ranges::find(accepted, media) != accepted.end()) return std::nullopt;
  std::string wanted;
  for (auto const type : accepted)
    wanted += (wanted.empty() ? "" : " or ") + std::string{type};
  auto answer = denied(415, "unsupported_media_type",
                       accepted.empty() ? "this request takes no body"
                                        : "the body's Content-Type must be " + wanted);
  if (!wanted.empty()) answer.headers.set("Accept", wanted);
  return answer;
}

std::optional<problem> authorize(request& asked, role needed, const access_policy& policy) {
  asked.role = role::none;
  asked.author = "user:anonymous";
  if (auto const token = bearer_token(asked); !token.empty()) {
    auto const who = policy.tokens.find(token);
    if (!who) return unauthorized("the token is not one of this service's");
    asked.role = who->role;
    asked.author = "user:" + who->name;
  } else if (is_loopback(asked.remote) && is_loopback(policy.listen.host) &&
             !policy.loopback_needs_token) {
    asked.role = role::admin;
    asked.author = "user:local";
  }
  if (asked.role >= needed) return std::nullopt;
  if (asked.role == role::none)
    return unauthorized("this request needs a token: send Authorization: Bearer TOKEN");
  return denied(403, "forbidden",
                "this request needs the role " + std::string{to_string(needed)} +
                    ", and the token has the role " + std::string{to_string(asked.role)});
}

} // namespace apisync::admin
