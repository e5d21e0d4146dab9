#pragma once

#include "specs/document.hpp"
#include "specs/json_path_query.hpp"

#include <optional>
#include <string_view>

namespace apisync::specs {

/// What a filter compares: a value of the document, a literal, or nothing (RFC 9535 section 2.4).
class path_value {
public:
  path_value() = default; ///< Nothing.
  [[nodiscard]] static path_value null();
  [[nodiscard]] static path_value of(bool value);
  [[nodiscard]] static path_value of(double value);
  /// @pre `value` outlives the result
  [[nodiscard]] static path_value of(std::string_view value);
  [[nodiscard]] static path_value of(node value);

  [[nodiscard]] std::optional<std::string_view> text() const;

private:
  friend path_value length_of(const path_value& of);
  friend bool compare(filter_operation how, const path_value& left, const path_value& right);
  [[nodiscard]] bool equals(const path_value& other) const;
  [[nodiscard]] bool less_than(const path_value& other) const;

  std::optional<kind> kind_; ///< Nothing is nothing.
  bool boolean_ = false;
  double number_ = 0;
  std::string_view text_;
  node node_; ///< Of an array or object.
};

/// The characters of a text, or the children of an array or object; else nothing.
[[nodiscard]] path_value length_of(const path_value& of);

[[nodiscard]] bool compare(filter_operation how, const path_value& left, const path_value& right);

} // namespace apisync::specs
