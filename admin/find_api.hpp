#pragma once

#include "admin/message.hpp"
#include "events/views.hpp"

#include <cstdint>
#include <string_view>

namespace apisync::admin {

/// The API of that id; `not_found` otherwise. Lives as long as the views.
result<const events::api_state*> find_api(const events::views& in, std::string_view id);

/// One of its revisions; `not_found` otherwise.
result<const events::revision*> find_revision(const events::api_state& api, std::uint64_t number);

/// The revision that `{id}` and `{number}` of a path name.
result<const events::revision*> find_revision(const events::views& in, const request& asked);

} // namespace apisync::admin
