#pragma once

#include "sources/fetch.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace apisync::sources {

/// What a server said at the end of all redirects.
struct http_answer {
  long status = 0;
  std::string content_type, etag, last_modified, retry_after;
  std::string body; ///< Decoded; of an answer other than 200 only the beginning.
  std::string url;  ///< Printable, of the last hop.
  bool redirected = false;
};

/// The outcome of a fetch, from the answer alone (RFC 9110): 304 and the same bytes are nothing
/// new; 404 and 410 `gone`; 401 and 403 `auth`; 408, 425, 429, 5xx and an empty body `transient`;
/// the rest, among it an HTML page with status 200, `permanent`.
fetch_outcome judge(const fetch_request& request, http_answer answer, wall_time now);

/// Whether the text is a page for people: begins, after blanks, comments and an XML declaration, as
/// HTML does.
bool looks_like_html(std::string_view text);

/// The content of the first `title` element, blanks folded, 120 bytes at most; empty for none.
std::string html_title(std::string_view text);

/// The `Retry-After` field (RFC 9110 §10.2.3), seconds or a date, as seconds from `now`; at most a
/// day, and nothing for text that is neither.
std::optional<std::chrono::seconds> parse_retry_after(std::string_view text, wall_time now);

} // namespace apisync::sources
