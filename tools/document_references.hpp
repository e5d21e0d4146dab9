#pragma once

#include "events/event.hpp"

#include <vector>

namespace apisync::tools {

/// The documents that an event names, as keys in the document store.
std::vector<digest> documents_named_by(const events::any_event& event);

} // namespace apisync::tools
