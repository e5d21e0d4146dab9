#include "sources/git_publisher.hpp"

#include "sources/git_history.hpp"
#include "sources/git_library.hpp"
#include "sources/git_local.hpp"
#include "sources/published_text.hpp"

#include <utility>

namespace apisync::sources {

namespace {

using git_signature_ptr = git_ptr<git_signature, git_signature_free>;
using git_treebuilder_ptr = git_ptr<git_treebuilder, git_treebuilder_free>;

constexpr const char* author_name = "apisync";
constexpr const char* author_address = "apisync@localhost";

/// One commit to one branch.
class git_writer {
public:
  git_writer(const publish_order& order, git_repository_ptr repository)
      : order_{order},
        repository_{std::move(repository)},
        branch_{"refs/heads/" + order.to.branch},
        path_{tree_path(order.to.path)} {}

  result<published> run() {
    if (auto found = find_tip(); !found) return tl::unexpected{found.error()};
    auto there = read_there_now();
    if (!there) return tl::unexpected{there.error()};
    auto text = order_.text();
    if (!text) return tl::unexpected{text.error()};
    const auto wanted = text_for(order_, std::move(*text), *there);
    if (!wanted) return tl::unexpected{wanted.error()};
    published out{
        sha256::of(wanted->bytes), wanted->bytes.size(), wanted->verbatim, wanted->found, {}};
    if (wanted->found) {
      if (tip_) out.commit = git_hex(*git_commit_id(tip_.get()));
      return out;
    }
    const auto made = commit(wanted->bytes);
    if (!made) return tl::unexpected{made.error()};
    if (auto moved = move_branch(*made); !moved) return tl::unexpected{moved.error()};
    out.commit = git_hex(*made);
    return out;
  }

private:
  [[nodiscard]] std::string where() const {
    return order_.to.url + ' ' + order_.to.branch + ':' + order_.to.path;
  }

  [[nodiscard]] tl::unexpected<error> broken() const {
    return tl::unexpected{git_error_of(errc::io, where())};
  }

  /// The commit that the branch is at, or that it begins at; none in an empty repository.
  result<void> find_tip() {
    if (git_reference_is_valid_name(branch_.c_str()) == 0)
      return fail(errc::invalid_argument, "'" + order_.to.branch + "' is not a branch's name",
                  where());
    git_reference_ptr branch;
    const int code = git_receive(branch, git_reference_lookup, repository_.get(), branch_.c_str());
    if (code != 0 && code != GIT_ENOTFOUND) return broken();
    if (is_checked_out(branch.get()))
      return fail(errc::conflict,
                  "the branch is checked out there: its files would seem to undo the commit; use a "
                  "branch of its own, or a bare repository",
                  where());
    git_oid from{};
    if (branch) {
      if (git_reference_name_to_id(&from, repository_.get(), branch_.c_str()) != 0) return broken();
      old_ = from;
    } else if (const auto begin = resolve_git_ref(repository_.get(), {})) {
      from = *begin;
    } else {
      return {};
    }
    if (git_receive(tip_, git_commit_lookup, repository_.get(), &from) != 0) return broken();
    if (git_receive(tree_, git_commit_tree, tip_.get()) != 0) return broken();
    return {};
  }

  [[nodiscard]] bool is_checked_out(git_reference* branch) const {
    if (branch != nullptr) return git_branch_is_checked_out(branch) == 1;
    git_reference_ptr head;
    if (git_repository_is_bare(repository_.get()) == 1 ||
        git_receive(head, git_reference_lookup, repository_.get(), "HEAD") != 0)
      return false;
    const char* target = git_reference_symbolic_target(head.get());
    return target != nullptr && branch_ == target;
  }

  result<std::optional<std::string>> read_there_now() {
    if (!tree_) return std::nullopt;
    git_tree_entry_ptr entry;
    const int code = git_receive(entry, git_tree_entry_bypath, tree_.get(), path_.c_str());
    if (code == GIT_ENOTFOUND) return std::nullopt;
    if (code != 0) return broken();
    mode_ = git_tree_entry_filemode(entry.get());
    if (mode_ != GIT_FILEMODE_BLOB && mode_ != GIT_FILEMODE_BLOB_EXECUTABLE)
      return fail(errc::invalid_argument, "there is something here that is no file", where());
    git_blob_ptr blob;
    if (git_receive(blob, git_blob_lookup, repository_.get(), git_tree_entry_id(entry.get())) != 0)
      return broken();
    return std::string{static_cast<const char*>(git_blob_rawcontent(blob.get())),
                       static_cast<std::size_t>(git_blob_rawsize(blob.get()))};
  }

  result<void> begin_tree() {
    if (tree_) return {};
    git_treebuilder_ptr builder;
    git_oid id{};
    if (git_receive(builder, git_treebuilder_new, repository_.get(), nullptr) != 0 ||
        git_treebuilder_write(&id, builder.get()) != 0 ||
        git_receive(tree_, git_tree_lookup, repository_.get(), &id) != 0)
      return broken();
    return {};
  }

  result<git_oid> commit(const std::string& bytes) {
    if (auto begun = begin_tree(); !begun) return tl::unexpected{begun.error()};
    git_tree_update update{GIT_TREE_UPDATE_UPSERT, {}, mode_, path_.c_str()};
    git_oid tree_id{};
    git_oid made{};
    git_tree_ptr tree;
    git_signature_ptr author;
    if (git_blob_create_from_buffer(&update.id, repository_.get(), bytes.data(), bytes.size()) !=
            0 ||
        git_tree_create_updated(&tree_id, repository_.get(), tree_.get(), 1, &update) != 0 ||
        git_receive(tree, git_tree_lookup, repository_.get(), &tree_id) != 0 ||
        git_receive(author, git_signature_now, author_name, author_address) != 0)
      return broken();
    const git_commit* parent = tip_.get();
    if (git_commit_create(&made, repository_.get(), nullptr, author.get(), author.get(), nullptr,
                          order_.message.c_str(), tree.get(), tip_ ? 1 : 0, &parent) != 0)
      return broken();
    return made;
  }

  /// Only if nobody else has moved it meanwhile.
  result<void> move_branch(const git_oid& to) {
    git_repository_set_ident(repository_.get(), author_name, author_address);
    git_reference_ptr moved;
    const int code = old_ ? git_receive(moved, git_reference_create_matching, repository_.get(),
                                        branch_.c_str(), &to, 1, &*old_, order_.message.c_str())
                          : git_receive(moved, git_reference_create, repository_.get(),
                                        branch_.c_str(), &to, 0, order_.message.c_str());
    if (code == GIT_EMODIFIED || code == GIT_EEXISTS)
      return fail(errc::conflict, "the branch was moved meanwhile; it is written again", where());
    if (code != 0) return broken();
    return {};
  }

  const publish_order& order_;
  git_repository_ptr repository_;
  const std::string branch_, path_;
  std::optional<git_oid> old_; ///< Where the branch is.
  git_commit_ptr tip_;
  git_tree_ptr tree_;
  git_filemode_t mode_ = GIT_FILEMODE_BLOB;
};

} // namespace

publish_outcome publish_git(const publish_order& order, const roots& allowed) {
  start_git();
  auto repository = open_local_git(order.to.url, allowed);
  auto done = repository ? git_writer{order, std::move(*repository)}.run()
                         : result<published>{tl::unexpected{repository.error()}};
  if (!done) return tl::unexpected(publish_failure{std::move(done.error()), {}});
  return std::move(*done);
}

} // namespace apisync::sources
