#pragma once

#include "admin/message.hpp"
#include "admin/problem.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace apisync::admin {

/// A strong entity tag (RFC 9110 §8.8.3) around the opaque text, which must be without quotes.
std::string make_etag(std::string_view opaque);

/// Whether a list of tags, or `*`, holds the tag. The weak comparison ignores `W/`.
bool etag_matches(std::string_view list, std::string_view etag, bool weak);

/// The answer that spares a reader the document that it has: 304 with the tag, when `If-None-Match`
/// says so and the request is a read.
std::optional<response> not_modified(const request& asked, std::string_view etag);

/// Refuses (412) a write whose `If-Match` names another state than the current one; an empty `etag`
/// means that nothing exists yet. `If-None-Match: *` refuses to overwrite.
std::optional<problem> check_preconditions(const request& asked, std::string_view etag);

} // namespace apisync::admin
