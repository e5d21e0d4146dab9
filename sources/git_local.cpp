#include "sources/git_local.hpp"

#include "sources/failure.hpp"
#include "sources/git_library.hpp"

#include <filesystem>
#include <fstream>
#include <string>

namespace apisync::sources {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view file_scheme = "file://";

/// The object stores that a repository borrows from, one a line (gitrepository-layout).
result<void> check_alternates(const fs::path& objects, const roots& allowed) {
  constexpr int alternates_max = 64;
  std::ifstream list(objects / "info" / "alternates");
  std::string line;
  for (int count = 0; std::getline(list, line); ++count) {
    if (count == alternates_max)
      return fail(errc::limit_exceeded, "the repository borrows from too many others");
    if (line.empty() || line.starts_with('#')) continue;
    // A relative one counts from the objects directory; an absolute one replaces it.
    const auto found = allowed.resolve((objects / line).string());
    if (!found) return tl::unexpected(found.error());
    if (fs::exists(fs::path(*found) / "info" / "alternates"))
      return fail(errc::unsupported, "the repository borrows from one that borrows itself", *found);
  }
  return {};
}

result<void> check_inside(git_repository* repository, const roots& allowed) {
  for (const char* directory :
       {git_repository_path(repository), git_repository_commondir(repository)})
    if (const auto found = allowed.resolve(directory); !found) return tl::unexpected(found.error());
  return check_alternates(fs::path(git_repository_commondir(repository)) / "objects", allowed);
}

} // namespace

result<git_repository_ptr> open_local_git(std::string url, const roots& allowed) {
  if (url.starts_with(file_scheme)) url.erase(0, file_scheme.size());
  const auto found = allowed.resolve(url);
  if (!found) {
    auto problem = found.error();
    if (problem.code == errc::not_found) problem.message = "there is no repository here";
    return tl::unexpected{std::move(problem)};
  }
  git_repository_ptr repository;
  if (git_receive(repository, git_repository_open_ext, found->c_str(),
                  unsigned{GIT_REPOSITORY_OPEN_NO_SEARCH}, nullptr) != 0)
    return tl::unexpected{git_error_of(errc::invalid_argument, *found)};
  if (const auto inside = check_inside(repository.get(), allowed); !inside)
    return tl::unexpected{inside.error()};
  return repository;
}

fetch_outcome read_local_git(const fetch_request& request, const roots& allowed,
                             const git_history_limits& limits, const std::stop_token& stop) {
  const auto repository = open_local_git(request.from.url, allowed);
  if (!repository) return failed(failure_class::permanent, repository.error());
  auto tip = resolve_git_ref(repository->get(), request.from.ref);
  if (!tip) {
    tip.error().where = request.from.url;
    return failed(failure_class::permanent, tip.error());
  }
  return read_git_document(repository->get(), *tip, request, limits, stop);
}

} // namespace apisync::sources
