#pragma once

#include "specs/document.hpp"
#include "specs/merge.hpp"
#include "specs/rename.hpp"

#include <string>
#include <vector>

namespace apisync::specs {

/// The document with one part under another name, or in another place, and with its references to
/// it changed accordingly: what the document would be if it had taken part in the renaming. The
/// same document where it does not have the part, or has the other name already.
[[nodiscard]] document_ptr with_rename(const document_ptr& in, const followed_rename& what);

/// What a merge does about renames.
struct rename_plan {
  /// Renamed differently by both sides: `from` in the base, and where each side has it. The merge
  /// puts all of them where current has it, and says so with a conflict.
  struct fork {
    std::string from, current, incoming;
  };

  std::vector<followed_rename> followed;
  std::vector<fork> forks;
  std::vector<followed_rename> uncertain; ///< An edit of the other side beside it is a `move`.
};

/// The renames of both sides.
[[nodiscard]] rename_plan plan_renames(node base, node current, node incoming);

/// Leaves out what did no harm: renames of parts that the other side neither edited nor refers to.
void keep_relevant(rename_plan& plan, const merge_result& made, const document& base);

struct merge_versions {
  document_ptr base, current, incoming;
};

/// The versions as they would be if they had taken part in all renames.
[[nodiscard]] merge_versions relocate(merge_versions of, const rename_plan& plan);

/// Adds to a merge of relocated versions what was renamed: parts, conflicts of forks; and names the
/// places of conflicts as the versions that were given have them.
void tell_renames(merge_result& made, const rename_plan& plan, const merge_versions& given);

/// Turns deletions that are perhaps renames into conflicts of the kind `move`.
void mark_moves(merge_result& made, const rename_plan& plan, const document& base);

} // namespace apisync::specs
