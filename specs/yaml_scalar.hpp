#pragma once

#include "specs/document.hpp"

#include <string>
#include <string_view>

namespace apisync::specs {

/// What a plain YAML scalar means under the core schema (YAML 1.2.2, section 10.3.2).
struct yaml_scalar {
  specs::kind kind = specs::kind::string;
  bool boolean = false;
  std::string number;             ///< As JSON writes it: `+1`, `0x1F`, `.5` become 1, 31, 0.5.
  bool not_representable = false; ///< `.inf`, `.nan`, a hex number over 64 bits: kept as a string.
};

[[nodiscard]] yaml_scalar resolve_plain(std::string_view text);

} // namespace apisync::specs
