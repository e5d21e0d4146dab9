#pragma once

#include "events/definition.hpp"
#include "specs/compat.hpp"
#include "specs/error.hpp"

#include <string>

namespace apisync::events {

/// How changes of an API are judged: by its own rules, on that day (`YYYY-MM-DD`, UTC). Fails for
/// rules that cannot be read, such as those declared when a rule's id was known that no longer is.
result<specs::compat_options> judging(const api_definition& api, std::string today);

/// Whether the rules of an API can be read. Fails as `specs::read_rule_config` does.
result<void> check_compatibility(const raw_json& rules);

} // namespace apisync::events
