#pragma once

#include "specs/document.hpp"

#include <string_view>

namespace apisync::fuzz {

/// The parts of an input, which stand between bytes that are 0; those that are missing are empty.
[[nodiscard]] std::string_view part(std::string_view input, std::size_t number);

/// A small document read from JSON or YAML text; null where it is none.
[[nodiscard]] specs::document_ptr read(std::string_view text);

/// The document after edits, four bytes each: which node, what is done to it, and with what.
/// At most `edits_max` are made.
[[nodiscard]] specs::document_ptr edited(const specs::document& from, std::string_view edits);

inline constexpr std::size_t edits_max = 16;

} // namespace apisync::fuzz
