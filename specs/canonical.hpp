#pragma once

#include "specs/digest.hpp"
#include "specs/document.hpp"
#include "specs/openapi_roles.hpp"

#include <string>
#include <string_view>

namespace apisync::specs {

/// SHA-256 of the document printed as compact JSON with its order kept: the key that it is stored
/// by.
[[nodiscard]] digest content_hash(const document& doc);

/// SHA-256 of `canonical_form`: equal where nothing that anyone needs to know differs.
[[nodiscard]] digest canonical_hash(const document& doc);

/// The document as compact JSON in its canonical form: names sorted, lists without order sorted,
/// numbers and defaults in one spelling. docs/canonical-form.md lists everything that is made one.
[[nodiscard]] std::string canonical_form(const document& doc);

/// Whether two objects in the same role say the same by their members of this name, with those that
/// say it in another spelling: `type` and `nullable`, `example` and `examples`, defaults written
/// out.
[[nodiscard]] bool says_the_same(role place, node before, node after, std::string_view member);

/// Data as compact JSON in its one spelling: members sorted, numbers as `canonical_number`.
[[nodiscard]] std::string canonical_data(node value);

/// A JSON number in its one spelling: `1`, `1.0`, `10e-1` are all `1`; `1500` and `1.5E3` are
/// `15e2`. Exponents over nine digits stay as they are.
[[nodiscard]] std::string canonical_number(std::string_view text);

} // namespace apisync::specs
