#pragma once

#include <string_view>

namespace apisync::specs {

/// Compares dotted versions part by part, numbers as numbers: `1.10.0` > `1.9`. Negative, zero or
/// positive; a pre-release (`-rc.1`) is lower than its release (SemVer 2.0.0 §11).
[[nodiscard]] int compare_versions(std::string_view left, std::string_view right);

} // namespace apisync::specs
