#pragma once

#include "specs/error.hpp"

#include <git2.h>

#include <memory>
#include <string>

namespace apisync::sources {

/// Frees an object of libgit2 by the function that the library has for it.
template <auto Free>
struct git_deleter {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

template <class T, auto Free>
using git_ptr = std::unique_ptr<T, git_deleter<Free>>;

using git_repository_ptr = git_ptr<git_repository, git_repository_free>;
using git_remote_ptr = git_ptr<git_remote, git_remote_free>;
using git_reference_ptr = git_ptr<git_reference, git_reference_free>;
using git_object_ptr = git_ptr<git_object, git_object_free>;
using git_commit_ptr = git_ptr<git_commit, git_commit_free>;
using git_tree_ptr = git_ptr<git_tree, git_tree_free>;
using git_tree_entry_ptr = git_ptr<git_tree_entry, git_tree_entry_free>;
using git_blob_ptr = git_ptr<git_blob, git_blob_free>;
using git_odb_ptr = git_ptr<git_odb, git_odb_free>;
using git_revwalk_ptr = git_ptr<git_revwalk, git_revwalk_free>;

/// Receives what a function of libgit2 makes through its first parameter:
/// `git_code = git_receive(pointer, git_commit_lookup, repository, id)`.
template <class Pointer, class Function, class... Arguments>
int git_receive(Pointer& into, Function make, Arguments&&... arguments) {
  typename Pointer::pointer made = nullptr;
  const int code = make(&made, std::forward<Arguments>(arguments)...);
  into.reset(made);
  return code;
}

/// Starts the library, once in the process, and makes it independent of the machine's
/// configuration: no system, user or XDG configuration is read (a `url.insteadOf` or a proxy there
/// would go around the address policy). Repositories of other users may be read: the configured
/// roots say what may be read, and nothing that a repository configures is executed.
void start_git();

/// The library's message about its last failure on this thread, as an error with the given code.
error git_error_of(errc code, const std::string& where);

/// The 40 digits of an object's id.
std::string git_hex(const git_oid& id);

} // namespace apisync::sources
