#pragma once

#include "specs/error.hpp"

#include <caf/error.hpp>
#include <caf/make_message.hpp> // CAF_ERROR_CODE_ENUM needs it

CAF_ERROR_CODE_ENUM(apisync::errc, "apisync")

namespace apisync::actors {

/// An error of the project as one that CAF carries in answers, and back. An error of CAF itself
/// becomes `unavailable` (its receiver is gone) or `internal`.
caf::error to_caf(const error& problem);
error from_caf(const caf::error& problem);

} // namespace apisync::actors
