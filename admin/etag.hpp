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

/// A tag of two parts, for things whose declaration people change while syncs change their state:
/// of the declaration, and of all that is shown.
std::string declared_etag(std::string_view declaration, std::string_view shown);

/// Refuses (412) a change whose `If-Match` names another declaration than that of the tag, made by
/// `declared_etag`. What syncs have done since is no change of it.
std::optional<problem> check_declaration(const request& asked, std::string_view etag);

/// The answer to a write that failed: 412 where it had an `If-Match` and somebody else was faster
/// between the check and the write.
response overtaken(const request& asked, const error& failure);

} // namespace apisync::admin
