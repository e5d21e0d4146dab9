#pragma once

#include "specs/document.hpp"
#include "specs/error.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// A node that a path selects, and how to come to it from the root: the number of a member or
/// element on each level.
struct path_match {
  node value;
  std::vector<std::uint32_t> path;

  bool operator==(const path_match&) const = default;
};

/// What a path selects from a document may cost at most.
struct json_path_limits {
  std::size_t steps = 20'000'000; ///< Nodes looked at, those of filters included.
  std::size_t matches = 1'000'000;
};

struct json_path_query;

/// A JSONPath query (RFC 9535): all of its segments, selectors, filters and functions. Copied
/// cheaply, and read by many threads at once.
class json_path {
public:
  /// Reads a query that begins with `$`. Fails with parse_error, `where` is the column (from 1).
  [[nodiscard]] static result<json_path> parse(std::string_view text);

  /// The nodes selected, in the order of RFC 9535; one may come more than once. Fails with
  /// limit_exceeded.
  [[nodiscard]] result<std::vector<path_match>> select(node root,
                                                       const json_path_limits& limits = {}) const;

private:
  explicit json_path(std::shared_ptr<const json_path_query> query) : query_{std::move(query)} {}

  std::shared_ptr<const json_path_query> query_;
};

/// The JSON pointer of a match.
[[nodiscard]] std::string pointer_to(node root, const path_match& match);

} // namespace apisync::specs
