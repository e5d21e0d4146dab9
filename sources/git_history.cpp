#include "sources/git_history.hpp"

#include "sources/failure.hpp"
#include "sources/git_tag.hpp"
#include "sources/text.hpp"
#include "specs/digest.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace apisync::sources {

namespace {

/// Where the document is in one commit's tree.
struct located {
  git_oid id{};
  git_filemode_t mode = GIT_FILEMODE_UNREADABLE;

  bool operator==(const located& other) const {
    return mode == other.mode && git_oid_equal(&id, &other.id) != 0;
  }
};

/// A commit that changed the document, and to what.
struct change {
  git_commit_ptr commit;
  git_oid blob{};
};

tl::unexpected<fetch_failure> damaged(const std::string& where) {
  return failed(failure_class::transient, git_error_of(errc::io, where));
}

bool is_file(git_filemode_t mode) {
  return mode == GIT_FILEMODE_BLOB || mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

std::string subject_of(const git_commit* commit) {
  constexpr std::size_t subject_bytes_max = 500;
  const char* summary = git_commit_summary(const_cast<git_commit*>(commit));
  return clean_text(summary == nullptr ? "" : summary, subject_bytes_max);
}

std::string author_of(const git_commit* commit) {
  constexpr std::size_t author_bytes_max = 300;
  const git_signature* author = git_commit_author(commit);
  return clean_text(std::string(author->name) + " <" + author->email + ">", author_bytes_max);
}

/// Walks and reads; one object for one fetch.
class history_reader {
public:
  history_reader(git_repository* repository, const fetch_request& request,
                 const git_history_limits& limits, const std::stop_token& stop)
      : repository_(repository),
        request_(request),
        limits_(limits),
        stop_(stop),
        path_(tree_path(request.from.path)),
        where_(request.from.url + ":" + path_) {}

  fetch_outcome read(const git_oid& tip_id);

private:
  [[nodiscard]] result<std::optional<located>> locate(const git_commit* commit) const;
  [[nodiscard]] fetch_outcome refuse(const located& found, const std::string& commit) const;
  tl::expected<std::deque<change>, fetch_failure>
  changes_since(const git_oid& tip_id, std::optional<git_oid> last, std::size_t count);
  [[nodiscard]] std::optional<git_oid> known_ancestor(const git_oid& tip_id) const;
  [[nodiscard]] tl::expected<std::string, fetch_failure> bytes_of(const git_oid& blob) const;
  fetch_outcome collect(const git_oid& tip_id, std::deque<change> changes);

  git_repository* repository_;
  const fetch_request& request_;
  const git_history_limits& limits_;
  const std::stop_token& stop_;
  std::string path_;
  std::string where_;
};

result<std::optional<located>> history_reader::locate(const git_commit* commit) const {
  git_tree_ptr tree;
  git_tree_entry_ptr entry;
  if (git_receive(tree, git_commit_tree, commit) != 0)
    return tl::unexpected(git_error_of(errc::io, where_));
  const int code = git_receive(entry, git_tree_entry_bypath, tree.get(), path_.c_str());
  if (code == GIT_ENOTFOUND) return std::nullopt;
  if (code != 0) return tl::unexpected(git_error_of(errc::io, where_));
  return located{*git_tree_entry_id(entry.get()), git_tree_entry_filemode(entry.get())};
}

fetch_outcome history_reader::refuse(const located& found, const std::string& commit) const {
  const char* what = found.mode == GIT_FILEMODE_TREE   ? "a directory"
                     : found.mode == GIT_FILEMODE_LINK ? "a symbolic link: name what it leads to"
                     : found.mode == GIT_FILEMODE_COMMIT
                         ? "a submodule: name its repository instead"
                         : "not a file";
  return failed(failure_class::permanent, errc::invalid_argument,
                std::string("is ") + what + " (at commit " + commit + ")", where_);
}

std::optional<git_oid> history_reader::known_ancestor(const git_oid& tip_id) const {
  git_oid last{};
  git_commit_ptr commit;
  if (git_oid_fromstr(&last, request_.last.commit.c_str()) != 0) return std::nullopt;
  if (git_receive(commit, git_commit_lookup, repository_, &last) != 0) return std::nullopt;
  if (git_graph_descendant_of(repository_, &tip_id, &last) != 1) return std::nullopt;
  return last;
}

/// The changes between `last` and the tip, newest last; without `last` the newest `count`.
tl::expected<std::deque<change>, fetch_failure>
history_reader::changes_since(const git_oid& tip_id, std::optional<git_oid> last,
                              std::size_t count) {
  git_revwalk_ptr walk;
  if (git_receive(walk, git_revwalk_new, repository_) != 0 ||
      git_revwalk_simplify_first_parent(walk.get()) != 0 ||
      git_revwalk_push(walk.get(), &tip_id) != 0 ||
      (last && git_revwalk_hide(walk.get(), &*last) != 0))
    return damaged(where_);
  std::deque<change> changes;
  std::optional<located> here;
  bool first = true;
  git_oid id{};
  for (std::size_t walked = 0; walked < limits_.commits_walked && changes.size() < count;
       ++walked) {
    if (stop_.stop_requested()) return tl::unexpected(cancelled(request_).error());
    if (git_revwalk_next(&id, walk.get()) != 0) break;
    git_commit_ptr commit;
    if (git_receive(commit, git_commit_lookup, repository_, &id) != 0) return damaged(where_);
    if (std::exchange(first, false)) {
      auto found = locate(commit.get());
      if (!found) return failed(failure_class::transient, found.error());
      here = *found;
    }
    std::optional<located> before;
    git_commit_ptr parent;
    if (git_commit_parentcount(commit.get()) > 0 &&
        git_receive(parent, git_commit_parent, commit.get(), 0U) == 0) {
      auto found = locate(parent.get());
      if (!found) return failed(failure_class::transient, found.error());
      before = *found;
    }
    if (here && is_file(here->mode) && here != before)
      changes.push_front({std::move(commit), here->id});
    here = before;
  }
  return changes;
}

tl::expected<std::string, fetch_failure> history_reader::bytes_of(const git_oid& blob) const {
  git_odb_ptr database;
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  if (git_receive(database, git_repository_odb, repository_) != 0 ||
      git_odb_read_header(&size, &type, database.get(), &blob) != 0)
    return damaged(where_);
  if (size > request_.limits.bytes)
    return failed(failure_class::permanent, errc::limit_exceeded,
                  "has " + std::to_string(size) + " bytes, over the limit of " +
                      std::to_string(request_.limits.bytes),
                  where_);
  git_blob_ptr content;
  if (git_receive(content, git_blob_lookup, repository_, &blob) != 0) return damaged(where_);
  return std::string(static_cast<const char*>(git_blob_rawcontent(content.get())), size);
}

fetch_outcome history_reader::collect(const git_oid& tip_id, std::deque<change> changes) {
  fetched found;
  found.seen.commit = git_hex(tip_id);
  std::uint64_t taken_bytes = 0;
  // Newest first, so that what does not fit is the oldest.
  for (auto at = changes.rbegin(); at != changes.rend(); ++at) {
    const bool newest = at == changes.rbegin();
    auto bytes = bytes_of(at->blob);
    if (!bytes && newest) return tl::unexpected(bytes.error());
    if (!bytes) continue; // an older state that was too large, or has been pruned
    if (newest && bytes->starts_with("version https://git-lfs.github.com/spec/"))
      return failed(failure_class::permanent, errc::unsupported,
                    "is kept in Git LFS, which is not supported: the repository has only a pointer",
                    where_);
    taken_bytes += bytes->size();
    if (!newest && taken_bytes > limits_.bytes) break;
    if (newest) found.seen.bytes_hash = sha256::of(*bytes).hex();
    version taken;
    taken.bytes = std::make_shared<const std::string>(std::move(*bytes));
    taken.commit = git_hex(*git_commit_id(at->commit.get()));
    taken.author = author_of(at->commit.get());
    taken.message = subject_of(at->commit.get());
    taken.time = wall_time(std::chrono::seconds(git_commit_time(at->commit.get())));
    found.versions.push_back(std::move(taken));
  }
  std::ranges::reverse(found.versions);
  if (found.versions.size() == 1 && found.seen.bytes_hash == request_.last.bytes_hash)
    found.versions.clear();
  return found;
}

fetch_outcome history_reader::read(const git_oid& tip_id) {
  if (path_.empty())
    return failed(failure_class::permanent, errc::invalid_argument,
                  "a git source needs the path of the document in the repository", where_);
  const auto tip_hex = git_hex(tip_id);
  if (request_.last.commit == tip_hex && !request_.last.bytes_hash.empty())
    return fetched{{}, request_.last};
  git_commit_ptr tip;
  if (git_receive(tip, git_commit_lookup, repository_, &tip_id) != 0) return damaged(where_);
  const auto at_tip = locate(tip.get());
  if (!at_tip) return failed(failure_class::transient, at_tip.error());
  if (!*at_tip)
    return failed(failure_class::gone, errc::not_found,
                  "there is no such file at commit " + tip_hex, where_);
  if (!is_file((*at_tip)->mode)) return refuse(**at_tip, tip_hex);

  const bool first_fetch = request_.last.commit.empty();
  const auto last = first_fetch ? std::nullopt : known_ancestor(tip_id);
  const std::size_t count =
      last ? limits_.versions
           : std::min<std::size_t>(first_fetch ? request_.from.history + std::size_t{1} : 1,
                                   limits_.versions);
  auto changes = changes_since(tip_id, last, count);
  if (!changes) return tl::unexpected(changes.error());
  // The walk may end before the change, or pass it by in a merge: the tip stands for it then.
  if (changes->empty() || git_oid_equal(&changes->back().blob, &(*at_tip)->id) == 0)
    changes->push_back({std::move(tip), (*at_tip)->id});
  return collect(tip_id, std::move(*changes));
}

} // namespace

std::string tree_path(std::string_view path) {
  std::string plain;
  while (!path.empty()) {
    const auto slash = std::min(path.find('/'), path.size());
    const auto segment = path.substr(0, slash);
    if (!segment.empty() && segment != ".") plain.append(plain.empty() ? "" : "/").append(segment);
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return plain;
}

namespace {

/// The full name of the newest tag that a pattern means.
result<std::string> find_tag(git_repository* repository, const std::string& pattern) {
  git_strarray list{};
  if (git_tag_list(&list, repository) != 0)
    return tl::unexpected{git_error_of(errc::io, git_repository_path(repository))};
  std::vector<std::string> tags(list.strings, list.strings + list.count);
  git_strarray_dispose(&list);
  const auto newest = newest_tag(tags, pattern);
  if (!newest) return fail(errc::not_found, "the repository has no tag “" + pattern + "”");
  return "refs/tags/" + *newest;
}

} // namespace

result<git_oid> resolve_git_ref(git_repository* repository, const std::string& ref) {
  if (is_tag_pattern(ref)) {
    const auto tag = find_tag(repository, ref);
    if (!tag) return tl::unexpected{tag.error()};
    return resolve_git_ref(repository, *tag);
  }
  git_object_ptr found;
  const std::vector<std::string> names =
      ref.empty()                ? std::vector<std::string>{"HEAD"}
      : ref.starts_with("refs/") ? std::vector<std::string>{ref}
                                 : std::vector<std::string>{"refs/heads/" + ref, "refs/tags/" + ref,
                                                            "refs/remotes/origin/" + ref};
  git_oid id{};
  int code = GIT_ENOTFOUND;
  for (const auto& name : names)
    if (code = git_reference_name_to_id(&id, repository, name.c_str()); code == 0) break;
  if (code != 0 && ref.size() == GIT_OID_HEXSZ) code = git_oid_fromstr(&id, ref.c_str());
  git_object_ptr commit;
  if (code != 0 || git_receive(found, git_object_lookup, repository, &id, GIT_OBJECT_ANY) != 0 ||
      git_receive(commit, git_object_peel, found.get(), GIT_OBJECT_COMMIT) != 0)
    return fail(errc::not_found, ref.empty()
                                     ? "the repository's default branch has no commits"
                                     : "the repository has no branch, tag or commit “" + ref + "”");
  return *git_object_id(commit.get());
}

fetch_outcome read_git_document(git_repository* repository, const git_oid& tip,
                                const fetch_request& request, const git_history_limits& limits,
                                const std::stop_token& stop) {
  if (!is_tag_pattern(request.from.ref))
    return history_reader(repository, request, limits, stop).read(tip);
  if (git_hex(tip) == request.last.commit && !request.last.bytes_hash.empty())
    return fetched{{}, request.last};
  // What lies between two tags was never released.
  auto alone = request;
  alone.from.history = 0;
  alone.last.commit.clear();
  return history_reader(repository, alone, limits, stop).read(tip);
}

} // namespace apisync::sources
