#pragma once

#include "specs/document.hpp"
#include "specs/error.hpp"
#include "specs/parse.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// Gives the document at an address: that of the first document, or one resolved against it.
using document_loader = std::function<result<document_ptr>(const std::string& address)>;

struct bundle_limits {
  std::size_t files = 1000;
  std::size_t max_nodes = 5'000'000; ///< Of the document that is made.
};

/// A part of a bundle that stood in another file.
struct bundled_part {
  std::string pointer; ///< In the bundle.
  std::string file;

  bool operator==(const bundled_part&) const = default;
};

/// Several documents made one.
struct bundled {
  document_ptr document;          ///< The first one itself where it refers to no other.
  std::vector<std::string> files; ///< The others, as they were first needed.
  std::vector<bundled_part> parts;
  std::vector<warning> kept; ///< References to URLs in the first document, which stay.
};

/// Whether a document refers to other files.
[[nodiscard]] bool refers_outside(const document& doc);

/// Brings everything that a document refers to in other files into it. A referenced part becomes a
/// component, named by the last word of its reference (or its file), with the file's name before it
/// where that name is taken; one that several places refer to becomes one component, and an entry
/// of `components` that is nothing but such a reference becomes its home. Path items, which have no
/// place in `components` before 3.1, take the place of the reference. The same files give the same
/// names. References to URLs stay as they are.
///
/// `name` is the address of the first document; others are resolved against it as RFC 3986 says,
/// and `load` is asked once for each. Fails with what `load` fails with, with not_found for a part
/// that a file does not have, with unsupported for a reference to an anchor of another file, and
/// with limit_exceeded; the message names the file and the reference, `where` is the place that
/// holds it.
[[nodiscard]] result<bundled> bundle(const document_ptr& doc, const std::string& name,
                                     const document_loader& load, const bundle_limits& limits = {});

/// The file that the place of a bundle stood in; empty for the first document's own.
[[nodiscard]] std::string_view file_of(const std::vector<bundled_part>& parts,
                                       std::string_view pointer);

} // namespace apisync::specs
