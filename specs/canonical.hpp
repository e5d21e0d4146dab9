#pragma once

#include "specs/digest.hpp"
#include "specs/document.hpp"

#include <string>

namespace apisync::specs {

/// SHA-256 of the document printed as compact JSON with its order kept: the key that it is stored
/// by.
[[nodiscard]] digest content_hash(const document& doc);

/// SHA-256 of `canonical_form`: equal where nothing that anyone needs to know differs.
[[nodiscard]] digest canonical_hash(const document& doc);

/// The document as compact JSON in its canonical form: names sorted, lists without order sorted,
/// numbers and defaults in one spelling. docs/canonical-form.md lists everything that is made one.
[[nodiscard]] std::string canonical_form(const document& doc);

/// A JSON number in its one spelling: `1`, `1.0`, `10e-1` are all `1`; `1500` and `1.5E3` are
/// `15e2`. Exponents over nine digits stay as they are.
[[nodiscard]] std::string canonical_number(std::string_view text);

} // namespace apisync::specs
