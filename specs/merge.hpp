#pragma once

#include "specs/conflict.hpp"
#include "specs/document.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// Whose change a part of the merged document is.
enum class merged_from : std::uint8_t { current, incoming, both };

/// One part that differs from the base and was merged without conflict.
struct merged_part {
  std::string identity; ///< Identity path (docs/merge.md); empty for the whole document.
  merged_from from = merged_from::current;
};

/// A part that one side renamed, or both alike, while the other changed it: the change was merged
/// under the new name, and references to the old one were changed.
struct followed_rename {
  std::string from; ///< RFC 6901, in the base.
  std::string to;   ///< RFC 6901, in the side that renamed it and in the merged document.
  merged_from side = merged_from::current;
  double confidence = 0; ///< From 0 to 1 (specs/rename.hpp).
};

/// Something that neither side had and the merge made: a clean merge of invalid parts.
struct merge_flaw {
  enum class kind : std::uint8_t { dangling_reference, duplicate_operation_id };
  kind what = kind::dangling_reference;
  std::string pointer; ///< RFC 6901, in the merged document.
  std::string value;   ///< The reference, or the operation id.
  node current;        ///< Where current has it; no node where it does not.
  node incoming;
};

/// `dangling-reference`, `duplicate-operation-id`.
std::string_view to_string(merge_flaw::kind what);

struct merge_result {
  document_ptr merged; ///< Open places hold the current value.
  std::vector<conflict> conflicts;
  std::vector<merged_part> parts; ///< In document order.
  std::vector<merge_flaw> flaws;
  std::vector<followed_rename> renames;
  /// Versions that took part in the renames: nodes of conflicts may belong to them.
  std::vector<document_ptr> relocated;

  [[nodiscard]] bool clean() const { return conflicts.empty() && flaws.empty(); }
  [[nodiscard]] std::size_t count(merged_from side) const;
};

/// Merges what current and incoming each changed since base. A null base is the empty document:
/// then only places where both have different values are in conflict. Where a side has the base's
/// content the result is the other side, exactly (the same pointer). The conflicts' nodes belong to
/// the arguments, which must outlive them.
///
/// @pre current && incoming
[[nodiscard]] merge_result merge(const document_ptr& base, const document_ptr& current,
                                 const document_ptr& incoming);

} // namespace apisync::specs
