#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// A part of a text that is nobody else's business.
struct sensitive_span {
  std::size_t start = 0, length = 0;
  std::string_view what; ///< `secret`, `email`, `host`

  bool operator==(const sensitive_span&) const = default;
};

/// Finds secrets (private keys, bearer and basic credentials, tokens by their well-known
/// beginnings, JSON web tokens, long random words, what follows `password=` and the like, the user
/// part of a URL), e-mail addresses, and names and addresses of internal hosts (`*.internal`,
/// `*.corp`, single words in URLs, private IPv4 and unique local IPv6 addresses). Ascending,
/// without overlaps. By pattern: it finds too much rather than too little, and time grows linearly
/// with the text.
[[nodiscard]] std::vector<sensitive_span> find_sensitive(std::string_view text);

/// Whether a member of this name holds a secret where its value is a text: `password`,
/// `clientSecret`, `api_key`, ….
[[nodiscard]] bool names_secret(std::string_view member);

} // namespace apisync::specs
