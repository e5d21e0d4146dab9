#pragma once

#include "specs/parse.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace apisync::tools {

/// A document with that many changes at random places: a text edited, or a member added to an
/// object. The same seed, the same changes; fewer where it has not so many places.
[[nodiscard]] specs::document_ptr changed_at_random(const specs::document& from,
                                                    std::size_t changes, std::uint64_t seed);

/// A version to measure, in both syntaxes: as its file has it, and printed.
struct version {
  std::string name;
  specs::document_ptr document;
  std::array<std::string, 2> text; ///< By `specs::syntax`; with simdjson's padding reserved.

  [[nodiscard]] const std::string& in(specs::syntax format) const {
    return text[static_cast<std::size_t>(format)];
  }
};

/// Of repeated names the last counts.
[[nodiscard]] specs::parse_options options_for(const std::string& name);

/// A text as a document. Fails as parsing does.
[[nodiscard]] result<specs::document_ptr> parse_text(std::string_view text, specs::syntax format,
                                                     const std::string& name);

/// A document as a version, printed in both syntaxes.
[[nodiscard]] version printed(std::string name, specs::document_ptr document);

/// A file's bytes. Fails with `io`.
[[nodiscard]] result<std::string> read_whole(const std::string& path);

/// Reads a file, JSON or YAML. Fails with `io`, or as parsing does.
[[nodiscard]] result<version> read_version(const std::string& path);

} // namespace apisync::tools
