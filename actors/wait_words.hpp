#pragma once

#include "actors/schedule.hpp"

#include <string>
#include <string_view>

namespace apisync::actors {

/// The name of a kind of wait, as answers have it: `budget`, `hostBusy`, `circuit`, …
std::string_view name_of(wait_fact::kind what);

/// A wait in words: a clause without a full stop.
std::string words_of(const wait_fact& fact, const schedule_limits& limits);

} // namespace apisync::actors
