#pragma once

#include "specs/openapi_roles.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// One segment of an identity path (docs/merge.md), and what stands there.
struct identity_step {
  std::string identity; ///< The path up to here.
  std::string name;     ///< Of a member; empty for an element.
  role parent = role::root;
  role place = role::root;
};

/// What an identity path leads through, from the root on; nothing for text that is none. Ends where
/// plain data begins, of which the standard says nothing.
[[nodiscard]] std::vector<identity_step> roles_along(std::string_view identity);

} // namespace apisync::specs
