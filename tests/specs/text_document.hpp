#pragma once

#include "specs/document.hpp"
#include "specs/parse.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

namespace apisync::specs::testing {

/// A document from JSON text; single quotes stand for double ones.
inline document_ptr doc(std::string text) {
  std::replace(text.begin(), text.end(), '\'', '"');
  auto made = parse(text);
  if (!made) FAIL(render(made.error()) << "\n" << text);
  return made->document;
}

inline void write(std::string& out, node of) {
  switch (of.kind()) {
  case kind::null:
    out += "null";
    return;
  case kind::boolean:
    out += of.boolean() ? "true" : "false";
    return;
  case kind::number:
    out += of.text();
    return;
  case kind::string:
    out += "'" + std::string{of.text()} + "'";
    return;
  case kind::array:
  case kind::object:
    break;
  }
  out += of.is_object() ? "{" : "[";
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (i > 0) out += ",";
    if (of.is_object()) out += "'" + std::string{of[i].key()} + "':";
    write(out, of[i]);
  }
  out += of.is_object() ? "}" : "]";
}

/// The content with its order kept, in the notation of `doc`, without spaces.
inline std::string text(node of) {
  std::string out;
  if (of) write(out, of);
  return out;
}
inline std::string text(const document_ptr& of) {
  return text(of->root());
}

} // namespace apisync::specs::testing
