#pragma once

#include "specs/document.hpp"
#include "specs/openapi_roles.hpp"

#include <string>
#include <string_view>

namespace apisync::specs {

/// What tells an element of a list apart in the proof of a merge, or nothing where only its content
/// does: a parameter's name and kind (in a path: which of the template's), a tag's name, a server's
/// URL, a requirement's schemes.
[[nodiscard]] std::string proof_name(role list, node element, std::string_view path_template);

/// A path without what its parameters are called.
[[nodiscard]] std::string proof_path(std::string_view path_template);

/// The content as text in which lists without order are sorted: equal where nothing but their order
/// and the spelling of numbers differs.
[[nodiscard]] std::string proof_content(role at, node value);

} // namespace apisync::specs
