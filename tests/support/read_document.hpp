#pragma once

#include "specs/parse.hpp"

#include <catch2/catch.hpp>

#include <string_view>

namespace apisync::tests {

/// The document of a JSON or YAML text that a test holds; fails the test where it cannot be read.
inline specs::document_ptr read_document(std::string_view text) {
  specs::parse_options options;
  options.name = "test.yaml"; // flow style with bare words is YAML, not broken JSON
  auto outcome = specs::parse(text, options);
  if (!outcome) FAIL(render(outcome.error()));
  return outcome->document;
}

} // namespace apisync::tests
