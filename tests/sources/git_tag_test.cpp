#include "sources/git_fetcher.hpp"
#include "sources/git_tag.hpp"
#include "tests/support/fetch_support.hpp"
#include "tests/support/git_fixture.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::sources;
using namespace apisync::test;

TEST_CASE("the newest of the tags that a pattern means", "[git]") {
  const std::vector<std::string> tags{"v1.9.0",    "v1.10.0", "v2.0.0-rc.1", "release-3",
                                      "v1.10.0-1", "nightly", "api/v7",      "v1.2+build-7"};
  CHECK(newest_tag(tags, "v*") == "v1.10.0");
  CHECK(newest_tag(tags, "v*-*") == "v2.0.0-rc.1");
  CHECK(newest_tag(tags, "v1.?.0") == "v1.9.0");
  CHECK(newest_tag(tags, "release-*") == "release-3");
  CHECK(newest_tag(tags, "api/v*") == "api/v7");
  CHECK(newest_tag(tags, "night*") == "nightly");
  CHECK_FALSE(newest_tag(tags, "x*"));
  CHECK_FALSE(newest_tag({}, "*"));
  CHECK(is_tag_pattern("v?"));
  CHECK_FALSE(is_tag_pattern("refs/tags/v1"));
}

TEST_CASE("a source follows the tags of a repository, and nothing between them", "[git]") {
  const scratch_directory scratch;
  git_fixture repository{scratch / "repo.git"};
  git_settings settings;
  settings.allowed = *roots::open({scratch.path()});
  settings.now = [] { return wall_time{}; };
  fetch_request request;
  request.source = "petstore";
  request.from.type = location::kind::git;
  request.from.url = repository.path();
  request.from.path = "spec.json";
  request.from.ref = "v*";
  request.from.history = 5;
  git_fetcher fetcher{settings};
  const auto commit = [&](const std::string& text) {
    return repository.commit("Change", {{"spec.json", text}});
  };

  const auto begun = commit("one");
  CHECK(failure_of(fetch_now(fetcher, request)).type == failure_class::permanent);
  commit("two");
  repository.tag("v1.9.0", commit("three"));
  const auto first = found_by(fetch_now(fetcher, request));
  REQUIRE(first.versions.size() == 1);
  CHECK(*first.versions[0].bytes == "three");

  request.last = first.seen;
  commit("four");
  CHECK(found_by(fetch_now(fetcher, request)).versions.empty());
  repository.tag("v1.8.9", begun); // an older line goes on
  CHECK(found_by(fetch_now(fetcher, request)).versions.empty());
  repository.tag("v2.0.0-rc.1", commit("five"));
  CHECK(found_by(fetch_now(fetcher, request)).versions.empty());
  const auto tagged = commit("six");
  repository.tag("v1.10.0", tagged);
  commit("seven");
  const auto next = found_by(fetch_now(fetcher, request));
  REQUIRE(next.versions.size() == 1);
  CHECK(*next.versions[0].bytes == "six");
  CHECK(next.versions[0].commit == tagged);
}
