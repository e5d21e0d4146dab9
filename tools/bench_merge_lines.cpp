#include "tools/bench_merge_lines.hpp"

#include <git2.h>

namespace apisync::tools {
namespace {

/// libgit2 between its start and its end; both count.
struct library {
  library() { git_libgit2_init(); }
  ~library() { git_libgit2_shutdown(); }
  library(const library&) = delete;
  library& operator=(const library&) = delete;
};

git_merge_file_input input(std::string_view text) {
  git_merge_file_input made = GIT_MERGE_FILE_INPUT_INIT;
  made.ptr = text.data();
  made.size = text.size();
  made.path = "document";
  made.mode = 0100644;
  return made;
}

} // namespace

std::optional<lines_merge> merge_as_lines(std::string_view base, std::string_view ours,
                                          std::string_view theirs) {
  library const started;
  auto const ancestor_input = input(base);
  auto const our_input = input(ours);
  auto const their_input = input(theirs);
  git_merge_file_options options = GIT_MERGE_FILE_OPTIONS_INIT;
  options.flags = GIT_MERGE_FILE_STYLE_DIFF3;
  git_merge_file_result merged{};
  if (git_merge_file(&merged, &ancestor_input, &our_input, &their_input, &options) != 0)
    return std::nullopt;
  lines_merge made{std::string{merged.ptr, merged.len}, merged.automergeable != 0};
  git_merge_file_result_free(&merged);
  return made;
}

} // namespace apisync::tools
