#pragma once

#include "specs/document_writer.hpp"
#include "specs/parse.hpp"

#include <algorithm>

namespace apisync::specs {

/// A document being read: its writer, with the limits and rules of `parse_options` around it. Both
/// readers tell it what they find, and stop at the first error it answers.
class parse_target {
public:
  /// @pre `options` outlives the target
  explicit parse_target(const parse_options& options) : options_{&options} {}

  [[nodiscard]] const parse_options& options() const { return *options_; }

  /// Makes room for a text of that many bytes.
  void expect(std::size_t bytes) { writer_.expect(bytes); }

  /// Each checks a limit before, or a rule after, the event of that name.
  [[nodiscard]] result<void> begin_object(position where) {
    if (auto entered = enter(where); !entered) return entered;
    writer_.begin_object(where);
    return {};
  }
  [[nodiscard]] result<void> begin_array(position where) {
    if (auto entered = enter(where); !entered) return entered;
    writer_.begin_array(where);
    return {};
  }
  [[nodiscard]] result<void> end_object() {
    --depth_;
    const auto repeated = writer_.end_object();
    return repeated ? given_twice(*repeated) : result<void>{};
  }
  void end_array() {
    --depth_;
    writer_.end_array();
  }
  [[nodiscard]] result<void> key(std::string_view name, position where) {
    if (name.size() > options_->max_key_bytes) [[unlikely]]
      return too_long_a_key(where);
    if (auto counted = count(name.size(), where); !counted) return counted;
    writer_.key(name);
    return {};
  }
  [[nodiscard]] result<void> string(std::string_view value, position where) {
    if (auto counted = count(value.size(), where); !counted) return counted;
    writer_.string(value, where);
    return {};
  }
  [[nodiscard]] result<void> number(std::string_view text, position where) {
    if (auto counted = count(text.size(), where); !counted) return counted;
    writer_.number(text, where);
    return {};
  }
  [[nodiscard]] result<void> boolean(bool value, position where) {
    if (auto counted = count(0, where); !counted) return counted;
    writer_.boolean(value, where);
    return {};
  }
  [[nodiscard]] result<void> null(position where) {
    if (auto counted = count(0, where); !counted) return counted;
    writer_.null(where);
    return {};
  }

  void warn(std::string message, position where);

  /// Ends the document.
  [[nodiscard]] parsed finish();

  /// How deep arrays and objects may lie within each other.
  [[nodiscard]] std::size_t max_depth() const {
    return std::min(options_->max_depth, hard_max_depth);
  }

  /// The error that they lie deeper.
  [[nodiscard]] tl::unexpected<error> too_deep(position where) const;

  /// An error at a place of the text: `NAME:LINE:COLUMN`.
  [[nodiscard]] tl::unexpected<error> fail_at(position where, std::string message,
                                              errc code = errc::parse_error) const;

private:
  [[nodiscard]] result<void> enter(position where) {
    if (depth_ >= max_depth()) [[unlikely]]
      return too_deep(where);
    ++depth_;
    return count(0, where);
  }
  [[nodiscard]] result<void> count(std::size_t text_bytes, position where) const {
    const bool fits = writer_.node_count() < options_->max_nodes &&
                      writer_.text_bytes() + text_bytes <= options_->max_text_bytes;
    if (!fits) [[unlikely]]
      return too_large(where);
    return {};
  }
  [[nodiscard]] tl::unexpected<error> too_large(position where) const;
  [[nodiscard]] tl::unexpected<error> too_long_a_key(position where) const;
  [[nodiscard]] result<void> given_twice(const repeated_name& repeated);

  const parse_options* options_;
  document_writer writer_;
  std::vector<warning> warnings_;
  std::size_t depth_ = 0;
};

/// A place as people write it: `NAME:LINE:COLUMN`.
[[nodiscard]] std::string to_string(std::string_view name, position where);

} // namespace apisync::specs
