#include "tests/support/git_fixture.hpp"

#include <memory>
#include <stdexcept>
#include <utility>

namespace apisync::test {

namespace {

void check(int code) {
  if (code == 0) return;
  const git_error* last = git_error_last();
  throw std::runtime_error(last == nullptr ? "git" : last->message);
}

using signature = std::unique_ptr<git_signature, decltype(&git_signature_free)>;

signature make_signature(std::int64_t time) {
  git_signature* made = nullptr;
  check(git_signature_new(&made, "Ada Lovelace", "ada@example.com", time, 0));
  return {made, &git_signature_free};
}

/// A tree of these files, which may lie in directories one in another.
git_oid write_tree(git_repository* repository, const std::map<std::string, std::string>& files) {
  git_treebuilder* builder = nullptr;
  check(git_treebuilder_new(&builder, repository, nullptr));
  std::map<std::string, std::map<std::string, std::string>> directories;
  for (const auto& [path, content] : files) {
    if (const auto slash = path.find('/'); slash != std::string::npos) {
      directories[path.substr(0, slash)][path.substr(slash + 1)] = content;
      continue;
    }
    git_oid blob{};
    check(git_blob_create_from_buffer(&blob, repository, content.data(), content.size()));
    const bool is_link = path.starts_with("link");
    check(git_treebuilder_insert(nullptr, builder, path.c_str(), &blob,
                                 is_link ? GIT_FILEMODE_LINK : GIT_FILEMODE_BLOB));
  }
  for (const auto& [name, inner] : directories) {
    const auto id = write_tree(repository, inner);
    check(git_treebuilder_insert(nullptr, builder, name.c_str(), &id, GIT_FILEMODE_TREE));
  }
  git_oid id{};
  check(git_treebuilder_write(&id, builder));
  git_treebuilder_free(builder);
  return id;
}

std::string hex(const git_oid& id) {
  std::string text(GIT_OID_HEXSZ + 1, '\0');
  git_oid_tostr(text.data(), text.size(), &id);
  text.pop_back();
  return text;
}

} // namespace

git_fixture::git_fixture(std::string path) : path_(std::move(path)) {
  git_libgit2_init();
  git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
  options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH;
  options.initial_head = "main";
  check(git_repository_init_ext(&repository_, path_.c_str(), &options));
}

git_fixture::~git_fixture() {
  git_repository_free(repository_);
  git_libgit2_shutdown();
}

std::string git_fixture::commit(const std::string& message,
                                const std::map<std::string, std::string>& files,
                                const std::string& branch) {
  git_oid tip{};
  const auto name = "refs/heads/" + branch;
  if (git_reference_name_to_id(&tip, repository_, name.c_str()) != 0)
    return commit_on({}, message, files, branch);
  return commit_on({hex(tip)}, message, files, branch);
}

std::string git_fixture::commit_on(const std::vector<std::string>& parents,
                                   const std::string& message,
                                   const std::map<std::string, std::string>& files,
                                   const std::string& branch) {
  std::vector<git_commit*> loaded;
  for (const auto& parent : parents) {
    git_oid id{};
    check(git_oid_fromstr(&id, parent.c_str()));
    check(git_commit_lookup(&loaded.emplace_back(), repository_, &id));
  }
  const auto tree_id = write_tree(repository_, files);
  git_tree* tree = nullptr;
  check(git_tree_lookup(&tree, repository_, &tree_id));
  const auto who = make_signature(time_);
  time_ += 60;
  git_oid made{};
  std::vector<const git_commit*> borrowed(loaded.begin(), loaded.end());
  check(git_commit_create(&made, repository_, nullptr, who.get(), who.get(), nullptr,
                          message.c_str(), tree, borrowed.size(), borrowed.data()));
  git_reference* moved = nullptr;
  check(git_reference_create(&moved, repository_, ("refs/heads/" + branch).c_str(), &made, 1,
                             nullptr));
  git_reference_free(moved);
  git_tree_free(tree);
  for (auto* commit : loaded)
    git_commit_free(commit);
  return hex(made);
}

void git_fixture::tag(const std::string& name, const std::string& commit) {
  git_oid id{};
  git_object* target = nullptr;
  check(git_oid_fromstr(&id, commit.c_str()));
  check(git_object_lookup(&target, repository_, &id, GIT_OBJECT_COMMIT));
  const auto who = make_signature(time_);
  check(git_tag_create(&id, repository_, name.c_str(), target, who.get(), "a tag", 0));
  git_object_free(target);
}

void git_fixture::delete_branch(const std::string& name) {
  git_reference* found = nullptr;
  check(git_reference_lookup(&found, repository_, ("refs/heads/" + name).c_str()));
  check(git_reference_delete(found));
  git_reference_free(found);
}

} // namespace apisync::test
