#pragma once

#include "specs/parse.hpp"

namespace apisync::specs {

/// A document being read: the builder, with the limits and rules of `parse_options` around it. Both
/// readers tell it what they find, and stop at the first error it answers.
class parse_target {
public:
  /// @pre `options` outlives the target
  explicit parse_target(const parse_options& options) : options_{&options} {}

  [[nodiscard]] document_builder& builder() { return builder_; }
  [[nodiscard]] const parse_options& options() const { return *options_; }

  /// Each checks a limit before, or a rule after, the event of that name.
  [[nodiscard]] result<void> begin_object(position where);
  [[nodiscard]] result<void> begin_array(position where);
  [[nodiscard]] result<void> end_object();
  void end_array();
  [[nodiscard]] result<void> key(std::string_view name, position where);
  [[nodiscard]] result<void> string(std::string_view value, position where);
  [[nodiscard]] result<void> number(std::string_view text, position where);
  [[nodiscard]] result<void> boolean(bool value, position where);
  [[nodiscard]] result<void> null(position where);

  void warn(std::string message, position where);

  /// Ends the document.
  [[nodiscard]] parsed finish();

  /// How deep arrays and objects may lie within each other.
  [[nodiscard]] std::size_t max_depth() const;

  /// The error that they lie deeper.
  [[nodiscard]] tl::unexpected<error> too_deep(position where) const;

  /// An error at a place of the text: `NAME:LINE:COLUMN`.
  [[nodiscard]] tl::unexpected<error> fail_at(position where, std::string message,
                                              errc code = errc::parse_error) const;

private:
  [[nodiscard]] result<void> enter(position where);
  [[nodiscard]] result<void> count(std::size_t text_bytes, position where);

  const parse_options* options_;
  document_builder builder_;
  std::vector<warning> warnings_;
  std::size_t depth_ = 0;
};

/// A place as people write it: `NAME:LINE:COLUMN`.
[[nodiscard]] std::string to_string(std::string_view name, position where);

} // namespace apisync::specs
