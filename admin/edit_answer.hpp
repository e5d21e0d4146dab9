#pragma once

#include "admin/api_context.hpp"

#include <string>

namespace apisync::admin {

/// What an edit, a rollback or a drop came to (`Edit`); the same when it is asked for again under
/// its key.
result<response> edit_answer(const api_context& in, const std::string& id,
                             const actors::answer& done);

} // namespace apisync::admin
