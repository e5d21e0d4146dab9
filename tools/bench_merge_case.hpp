#pragma once

#include "specs/document.hpp"
#include "specs/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace apisync::tools {

/// Three versions of a document that somebody merged, in a folder: `base`, `ours`, `theirs` and
/// perhaps `merged`, what was committed; each `.yaml`, `.yml` or `.json`.
struct merge_case {
  std::string id; ///< The last two names of the folder's path.
  std::string stratum;
  std::string folder;
};

/// Every case below a folder, by id. The strata come from files ITEMS.tsv (columns `id` and
/// `stratum`) in or below it; a case in none of them is of the stratum `other`. Fails with `io`,
/// and with `not_found` where there is no case.
result<std::vector<merge_case>> find_merge_cases(const std::string& below);

/// The documents of a case.
struct case_documents {
  specs::document_ptr base, ours, theirs;
  specs::document_ptr
      merged; ///< What was committed; null where there is none, or it is unreadable.
};

/// Nothing where a version cannot be read.
std::optional<case_documents> read_case(const merge_case& which);

/// How a merge ended.
enum class merge_end : std::uint8_t {
  clean,
  semantic, ///< No conflict, but what came out is broken where neither side was.
  conflict
};

/// `clean`, `semantic`, `conflict`.
std::string_view to_string(merge_end how);

/// One case, merged by structure and by lines.
struct merge_trial {
  merge_end structure = merge_end::conflict;
  merge_end lines = merge_end::conflict; ///< Never `semantic`: nobody looks.
  bool by_lines = false;      ///< A version cannot be read, so that `structure` is by lines, too.
  bool has_committed = false; ///< There is a committed result.
  bool structure_as_committed = false; ///< The same but for the order of members.
  bool lines_as_committed = false;     ///< Likewise; byte by byte where it cannot be read.
  std::vector<std::string> problems;   ///< Conflicts, semantic conflicts, unreadable versions.
  std::size_t lines_out = 0;           ///< Of the text that the structural merge is written as.
  std::size_t lines_kept = 0;          ///< Those of them that a side wrote so.
  std::size_t conflicts = 0;           ///< Of the structural merge.
  std::vector<std::string> doubts;     ///< Conflicts that are not proved to be real, and why.
  std::vector<std::string> damage;     ///< What the proof of a merge without conflict found.
};

/// Merges a case, compares with what was committed, and proves the result where there is no
/// conflict. A name that stands twice in an object is read as other tools do: the last counts. What
/// cannot be read is merged by lines, as the merge driver does (docs/git.md).
merge_trial try_merge(const merge_case& which);

} // namespace apisync::tools
