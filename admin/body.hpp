#pragma once

#include "admin/message.hpp"
#include "events/config_reader.hpp"
#include "specs/document.hpp"
#include "specs/error.hpp"

#include <functional>
#include <string>

namespace apisync::admin {

/// What messages call the body of a request: `body:3:7`.
inline const std::string body_name = "body";

/// The body as JSON. Fails with `parse_error` at its line and column.
result<specs::document_ptr> parse_body(const request& asked);

/// Reads the members of the body's object and refuses all others; every problem is reported.
result<void> read_members(specs::node body,
                          const std::function<void(events::config_object&)>& read);

/// The declaration with the body merged into it (RFC 7396). Fails as `parse_body` does, and with
/// `invalid_argument` where the body is no object or would change the `id`.
result<specs::document_ptr> merge_body(const std::string& declaration, const request& asked);

} // namespace apisync::admin
