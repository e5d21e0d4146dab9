#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::events {

/// Who signs what is sent to `POST /v1/hooks/{source}`, and how: docs/push.md.
enum class hook_format : std::uint8_t {
  github,    ///< `X-Hub-Signature-256`
  gitlab,    ///< `X-Gitlab-Token`: the secret itself.
  bitbucket, ///< `X-Hub-Signature`
  gitea,     ///< `X-Gitea-Signature`; Forgejo's `X-Forgejo-Signature` too.
  standard,  ///< Standard Webhooks 1.0.0, which covers id and time as well.
  hmac       ///< `X-Signature-256`: HMAC-SHA256 of the body, in hexadecimal.
};
constexpr auto all_values(hook_format) {
  return std::array{hook_format::github, hook_format::gitlab,   hook_format::bitbucket,
                    hook_format::gitea,  hook_format::standard, hook_format::hmac};
}
std::string_view to_string(hook_format value);

/// How deliveries for a source are signed.
struct hook_definition {
  hook_format format = hook_format::github;
  std::vector<std::string> secrets; ///< References; any of them will do, so that one can be
                                    ///< replaced.

  bool operator==(const hook_definition&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("format", self.format);
    visit.required("secrets", self.secrets);
  }
};

} // namespace apisync::events
