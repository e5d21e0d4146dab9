#pragma once

#include "specs/error.hpp"
#include "specs/i_regexp.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A JSONPath query as it was read (RFC 9535 section 2).
namespace apisync::specs {

struct filter_expression;

enum class selector_kind : std::uint8_t { name, wildcard, index, slice, filter };

struct path_selector {
  selector_kind kind = selector_kind::wildcard;
  std::string name;
  std::int64_t index = 0;
  std::optional<std::int64_t> start, end; ///< Of a slice.
  std::int64_t step = 1;
  std::shared_ptr<const filter_expression> filter;
};

struct path_segment {
  bool descendant = false;
  std::vector<path_selector> selectors;
};

struct json_path_query {
  bool relative = false; ///< Begins with `@`.
  std::vector<path_segment> segments;

  /// Selects one node at most, whatever the document.
  [[nodiscard]] bool singular() const;
};

enum class filter_operation : std::uint8_t {
  any_of,
  all_of,
  negation,
  exists,
  equal,
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  // What can be compared.
  null,
  boolean,
  number,
  text,
  query,
  length,
  count,
  value,
  // Functions that are true or false.
  match,
  search,
};

/// A part of a filter, with its operands.
struct filter_expression {
  filter_operation what = filter_operation::null;
  std::vector<filter_expression> operands;
  std::string text;
  double number = 0;
  bool boolean = false;
  std::shared_ptr<const json_path_query> query;
  std::shared_ptr<const i_regexp> pattern; ///< Of `match` and `search`, where it is a literal.
};

[[nodiscard]] result<json_path_query> parse_json_path(std::string_view text);

} // namespace apisync::specs
