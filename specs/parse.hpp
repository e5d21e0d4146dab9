#pragma once

#include "specs/document.hpp"
#include "specs/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

enum class syntax : std::uint8_t { json, yaml };

/// `json` or `yaml`.
[[nodiscard]] std::string_view to_string(syntax which);

enum class syntax_choice : std::uint8_t {
  automatic, ///< By the first character, then by the name's ending.
  json,
  yaml
};

enum class repeated_names : std::uint8_t {
  refuse,
  keep_last ///< With a warning.
};

/// What walks a document may recurse as deep as its arrays and objects lie within each other: no
/// option allows more than this.
inline constexpr std::size_t hard_max_depth = 1000;

/// How to read a text, and the limits that keep a hostile one harmless.
struct parse_options {
  std::string name = "document"; ///< File or URL, for messages.
  syntax_choice format = syntax_choice::automatic;
  repeated_names repeated = repeated_names::refuse;
  std::size_t max_bytes = 64 << 20;
  std::size_t max_depth =
      200; ///< Arrays and objects within each other; never over `hard_max_depth`.
  std::size_t max_nodes = 5'000'000;      ///< With every YAML alias counted as often as it is used.
  std::size_t max_text_bytes = 256 << 20; ///< Keys and values, aliases counted likewise.
  std::size_t max_key_bytes = 64 << 10;
};

/// A flaw that a reader can live with.
struct warning {
  std::string message; ///< A sentence without a full stop.
  position where;

  bool operator==(const warning&) const = default;
};

/// A text read into a document, and what its writer may want kept.
struct parsed {
  document_ptr document;
  std::vector<warning> warnings;
  syntax format = syntax::json;
  bool byte_order_mark = false;
  bool crlf = false; ///< The first line ends in CR LF.
};

/// Reads one JSON (RFC 8259) or YAML 1.2 document, in UTF-8 with or without a byte order mark. YAML
/// is read with the core schema, narrowed to what JSON can hold: docs/canonical-form.md says how.
/// Fails with parse_error or limit_exceeded, and `where` is `NAME:LINE:COLUMN`.
[[nodiscard]] result<parsed> parse(std::string_view text, const parse_options& options = {});

} // namespace apisync::specs
