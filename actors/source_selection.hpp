#pragma once

#include "events/definition.hpp"
#include "specs/select.hpp"

#include <optional>

namespace apisync::actors {

/// What a source's declaration selects; without one, everything.
[[nodiscard]] specs::selection
to_selection(const std::optional<events::selection_definition>& declared);

} // namespace apisync::actors
