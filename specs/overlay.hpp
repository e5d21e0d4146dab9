#pragma once

#include "specs/document.hpp"
#include "specs/error.hpp"
#include "specs/json_path.hpp"
#include "specs/parse.hpp"
#include "specs/validate.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace apisync::specs {

/// One change that an overlay makes.
struct overlay_action {
  std::string target_text; ///< As written.
  json_path target;
  bool remove = false;
  node update;                   ///< No node where there is none.
  std::optional<json_path> copy; ///< Of the node whose value is taken as the update.
  position where;                ///< In the overlay's text.
};

/// An OpenAPI Overlay (1.0, 1.1), ready to be applied.
struct overlay {
  document_ptr source; ///< Keeps the updates alive.
  std::string title;
  std::string extends;             ///< What it was written for; empty where it says nothing.
  bool plain_values_alone = false; ///< 1.1: its targets may be plain values.
  std::vector<overlay_action> actions;
};

/// Whether a document says that it is an overlay.
[[nodiscard]] bool is_overlay(const document& doc);

/// What is wrong with an overlay, sorted by place: its form, and paths that cannot be read.
[[nodiscard]] std::vector<flaw> validate_overlay(const document& doc,
                                                 std::size_t max_findings = 1000);

/// Reads an overlay. Fails with parse_error at its first flaw, `where` is `NAME:LINE:COLUMN`.
[[nodiscard]] result<overlay> read_overlay(const document_ptr& doc, const std::string& name);

/// What becomes of an action that does not fit what it selects.
enum class overlay_misfits : std::uint8_t {
  refuse,
  leave_out ///< With a warning; the other actions are carried out.
};

struct overlay_limits {
  std::size_t max_nodes = 5'000'000; ///< Of the document that is made.
  json_path_limits paths = {};       ///< Of each path.
  overlay_misfits misfits = overlay_misfits::refuse;
};

/// A document with an overlay on it.
struct overlaid {
  document_ptr document; ///< The one that was given where no action changed anything.
  /// Actions whose target selects nothing, and those left out, at their place.
  std::vector<warning> unmatched;
};

/// Applies the actions in order, each to the result of the one before (Overlay section 4.4). An
/// update of an object is merged member by member, lists are appended to, plain values replaced; a
/// list given to a list is appended element by element. Fails with invalid_argument where an
/// action does not fit what it selects and `misfits` has it refused, and limit_exceeded; `where` is
/// `NAME:LINE:COLUMN` of the action.
[[nodiscard]] result<overlaid> apply(const overlay& changes, const document_ptr& to,
                                     const std::string& name, const overlay_limits& limits = {});

} // namespace apisync::specs
