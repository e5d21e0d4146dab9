#include "sources/git_library.hpp"

#include <array>

namespace apisync::sources {

void start_git() {
  static const bool started = [] {
    git_libgit2_init();
    for (const int level : {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM,
                            GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL})
      git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1); // what is committed is there after a crash
    return true;
  }();
  static_cast<void>(started);
}

error git_error_of(errc code, const std::string& where) {
  const git_error* last = git_error_last();
  std::string message = last != nullptr && last->message != nullptr ? last->message : "unknown";
  return {code, "git: " + message, where};
}

std::string git_hex(const git_oid& id) {
  std::array<char, GIT_OID_HEXSZ + 1> text{};
  git_oid_tostr(text.data(), text.size(), &id);
  return text.data();
}

} // namespace apisync::sources
