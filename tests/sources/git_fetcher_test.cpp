#include "sources/git_fetcher.hpp"
#include "specs/digest.hpp"
#include "tests/support/fetch_support.hpp"
#include "tests/support/git_fixture.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

using namespace apisync;
using namespace apisync::sources;
using namespace apisync::test;

namespace {

struct fixture {
  scratch_directory scratch;
  git_fixture repository{scratch / "repo.git"};
  git_settings settings = [&] {
    git_settings made;
    made.allowed = *roots::open({scratch.path()});
    made.now = [] { return wall_time(); };
    return made;
  }();

  fetch_request request(std::string path = "api/spec.json", std::string ref = "") const {
    fetch_request made;
    made.source = "petstore";
    made.from.type = location::kind::git;
    made.from.url = repository.path();
    made.from.path = std::move(path);
    made.from.ref = std::move(ref);
    return made;
  }

  fetch_outcome fetch(const fetch_request& asked) const {
    git_fetcher fetcher(settings);
    return fetch_now(fetcher, asked);
  }

  /// Commits the document with this text, beside a file that changes every time.
  std::string commit(const std::string& text, const std::string& branch = "main") {
    ++count_;
    return repository.commit("Change " + std::to_string(count_) + "\n\nAt length.",
                             {{"api/spec.json", text}, {"readme", std::to_string(count_)}}, branch);
  }

private:
  int count_ = 0;
};

std::vector<std::string> texts(const fetched& found) {
  std::vector<std::string> all;
  for (const auto& version : found.versions)
    all.push_back(*version.bytes);
  return all;
}

using strings = std::vector<std::string>;

} // namespace

TEST_CASE_METHOD(fixture, "the document at the tip comes with its commit, author and time") {
  commit("one");
  const auto tip = commit("two");
  const auto found = found_by(fetch(request()));
  REQUIRE(found.versions.size() == 1);
  const auto& version = found.versions[0];
  CHECK(*version.bytes == "two");
  CHECK(version.commit == tip);
  CHECK(version.author == "Ada Lovelace <ada@example.com>");
  CHECK(version.message == "Change 2");
  CHECK(version.time == wall_time(std::chrono::seconds(1'700'000'060)));
  CHECK(found.seen.commit == tip);
  CHECK(found.seen.bytes_hash == sha256::of("two").hex());
}

TEST_CASE_METHOD(fixture,
                 "the first fetch takes in as much history as is asked for, oldest first") {
  commit("one");
  commit("one"); // changes another file only
  commit("two");
  commit("three");
  commit("three");
  auto asked = request();
  asked.from.history = 1;
  CHECK(texts(found_by(fetch(asked))) == strings{"two", "three"});
  asked.from.history = 100;
  const auto all = found_by(fetch(asked));
  CHECK(texts(all) == strings{"one", "two", "three"});
  CHECK(all.versions[2].message == "Change 4");
}

TEST_CASE_METHOD(fixture,
                 "later fetches take every commit in between, and nothing when none came") {
  commit("one");
  auto asked = request();
  asked.last = found_by(fetch(asked)).seen;
  CHECK(found_by(fetch(asked)).versions.empty());
  commit("two");
  commit("three");
  commit("two");
  const auto found = found_by(fetch(asked));
  CHECK(texts(found) == strings{"two", "three", "two"});
  asked.last = found.seen;
  const auto tip = commit("two"); // another file
  const auto other = found_by(fetch(asked));
  CHECK(other.versions.empty());
  CHECK(other.seen.commit == tip);
}

TEST_CASE_METHOD(fixture, "a merge is one change of the branch that it came into") {
  const auto base = commit("one");
  auto asked = request();
  asked.last = found_by(fetch(asked)).seen;
  repository.commit_on({base}, "Side 1", {{"api/spec.json", "side 1"}}, "side");
  const auto side = repository.commit("Side 2", {{"api/spec.json", "side 2"}}, "side");
  repository.commit_on({base, side}, "Merge side", {{"api/spec.json", "side 2"}});
  const auto found = found_by(fetch(asked));
  REQUIRE(texts(found) == strings{"side 2"});
  CHECK(found.versions[0].message == "Merge side");
}

TEST_CASE_METHOD(fixture, "a commit that became a second parent is still what was seen last") {
  const auto base = commit("one");
  const auto seen = commit("two");
  auto asked = request();
  asked.last = found_by(fetch(asked)).seen;
  const auto other = repository.commit_on({base}, "Other", {{"api/spec.json", "other"}}, "local");
  repository.commit_on({other, seen}, "Merge upstream", {{"api/spec.json", "merged"}});
  CHECK(texts(found_by(fetch(asked))) == strings{"other", "merged"});
}

TEST_CASE_METHOD(fixture, "after a forced push only the tip counts") {
  const auto base = commit("one");
  commit("two");
  auto asked = request();
  asked.last = found_by(fetch(asked)).seen;
  repository.commit_on({base}, "Rewritten 1", {{"api/spec.json", "a"}});
  repository.commit("Rewritten 2", {{"api/spec.json", "b"}});
  CHECK(texts(found_by(fetch(asked))) == strings{"b"});
  asked.last.commit = std::string(40, 'a'); // a commit that is gone
  CHECK(texts(found_by(fetch(asked))) == strings{"b"});
}

TEST_CASE_METHOD(fixture, "a reference is a branch, a tag, a full name or a commit") {
  const auto first = commit("one");
  repository.tag("v1", first);
  commit("two", "release");
  CHECK(texts(found_by(fetch(request("api/spec.json", "release")))) == strings{"two"});
  CHECK(texts(found_by(fetch(request("api/spec.json", "refs/heads/release")))) == strings{"two"});
  for (const auto& ref : {std::string("v1"), std::string("refs/tags/v1"), first, std::string()}) {
    INFO(ref);
    const auto found = found_by(fetch(request("/./api//spec.json", ref)));
    CHECK(texts(found) == strings{"one"});
    CHECK(found.seen.commit == first);
  }
}

TEST_CASE_METHOD(fixture, "what is missing or no file says so") {
  CHECK(failure_of(fetch(request())).problem.message.find("no commits") != std::string::npos);
  repository.commit("All kinds", {{"api/spec.json", "{}"},
                                  {"link.json", "api/spec.json"},
                                  {"lfs.json", "version https://git-lfs.github.com/spec/v1\n"}});
  const auto missing = failure_of(fetch(request("api/none.json")));
  CHECK(missing.type == failure_class::gone);
  CHECK(missing.problem.where == repository.path() + ":api/none.json");
  const auto branch = failure_of(fetch(request("api/spec.json", "none")));
  CHECK(branch.type == failure_class::permanent);
  CHECK(branch.problem.message == "the repository has no branch, tag or commit “none”");
  CHECK(failure_of(fetch(request("api"))).problem.message.find("directory") != std::string::npos);
  CHECK(failure_of(fetch(request("link.json"))).problem.message.find("link") != std::string::npos);
  CHECK(failure_of(fetch(request("lfs.json"))).problem.code == errc::unsupported);
  CHECK(failure_of(fetch(request(""))).type == failure_class::permanent);
  auto small = request();
  small.limits.bytes = 1;
  CHECK(failure_of(fetch(small)).problem.code == errc::limit_exceeded);
}

TEST_CASE_METHOD(fixture, "a deleted document is gone, and its return is a version") {
  commit("one");
  auto asked = request();
  asked.last = found_by(fetch(asked)).seen;
  repository.commit("Delete", {{"readme", "x"}});
  CHECK(failure_of(fetch(asked)).type == failure_class::gone);
  commit("back");
  CHECK(texts(found_by(fetch(asked))) == strings{"back"});
}

TEST_CASE_METHOD(fixture, "more history than is allowed leaves out the oldest") {
  for (int i = 0; i < 10; ++i)
    commit("version " + std::to_string(i));
  settings.history.versions = 3;
  auto asked = request();
  asked.from.history = 100;
  CHECK(texts(found_by(fetch(asked))) == strings{"version 7", "version 8", "version 9"});
  settings.history.versions = 100;
  settings.history.bytes = 19;
  CHECK(texts(found_by(fetch(asked))) == strings{"version 8", "version 9"});
  settings.history.bytes = 1'000;
  settings.history.commits_walked = 4;
  CHECK(found_by(fetch(asked)).versions.size() == 4);
}

TEST_CASE_METHOD(fixture,
                 "a repository outside the roots is forbidden, and so is what it borrows") {
  commit("one");
  const scratch_directory elsewhere;
  git_fixture outside(elsewhere / "repo.git");
  outside.commit("One", {{"api/spec.json", "secret"}});
  auto asked = request();
  asked.from.url = outside.path();
  CHECK(failure_of(fetch(asked)).problem.code == errc::forbidden);
  scratch.write("repo.git/objects/info/alternates", outside.path() + "/objects\n");
  CHECK(failure_of(fetch(request())).problem.code == errc::forbidden);
  // A working tree whose repository is elsewhere.
  scratch.write("tree/.git", "gitdir: " + outside.path() + "\n");
  asked.from.url = scratch / "tree";
  CHECK(failure_of(fetch(asked)).problem.code == errc::forbidden);
}

TEST_CASE_METHOD(fixture,
                 "what is no repository, and protocols that are not spoken, are permanent") {
  auto asked = request();
  for (const std::string& url :
       {scratch / "none", scratch.path(), std::string("git@example.com:a/b.git"),
        std::string("ssh://example.com/a"), std::string("git://example.com/a")}) {
    INFO(url);
    asked.from.url = url;
    CHECK(failure_of(fetch(asked)).type == failure_class::permanent);
  }
}
