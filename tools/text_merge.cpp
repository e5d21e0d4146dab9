#include "tools/text_merge.hpp"

#include "sources/git_library.hpp"

namespace apisync::tools {

namespace {

git_merge_file_input input(std::string_view text) {
  git_merge_file_input made = GIT_MERGE_FILE_INPUT_INIT;
  made.ptr = text.data();
  made.size = text.size();
  return made;
}

/// Frees what git_merge_file gave.
struct merged_file {
  git_merge_file_result result{};
  merged_file() = default;
  merged_file(const merged_file&) = delete;
  merged_file& operator=(const merged_file&) = delete;
  ~merged_file() { git_merge_file_result_free(&result); }
};

} // namespace

result<text_merge> merge_texts(std::string_view base, std::string_view current,
                               std::string_view incoming, const specs::marker_style& style) {
  sources::start_git();
  auto const before = input(base);
  auto const ours = input(current);
  auto const theirs = input(incoming);
  git_merge_file_options how = GIT_MERGE_FILE_OPTIONS_INIT;
  how.flags = GIT_MERGE_FILE_STYLE_DIFF3;
  how.marker_size = static_cast<unsigned short>(style.size);
  how.ancestor_label = style.base.c_str();
  how.our_label = style.current.c_str();
  how.their_label = style.incoming.c_str();
  merged_file made;
  if (git_merge_file(&made.result, &before, &ours, &theirs, &how) != 0)
    return tl::unexpected{sources::git_error_of(errc::internal, "merging texts")};
  return text_merge{std::string{made.result.ptr, made.result.len}, made.result.automergeable != 0};
}

} // namespace apisync::tools
