#include "specs/file_glob.hpp"

#include <catch2/catch.hpp>

using namespace apisync;

namespace {

bool has(std::string_view pattern, std::string_view path) {
  const auto files = file_glob::parse(pattern);
  REQUIRE(files);
  return files->has(path);
}

} // namespace

TEST_CASE("a pattern is matched name by name", "[glob]") {
  struct row {
    std::string_view pattern, path;
    bool matches;
  };
  const auto [pattern, path, matches] = GENERATE(values<row>({
      {"specs/*.yaml", "specs/a.yaml", true},
      {"specs/*.yaml", "specs/.yaml", true},
      {"specs/*.yaml", "specs/a.json", false},
      {"specs/*.yaml", "specs/sub/a.yaml", false},
      {"specs/*.yaml", "other/a.yaml", false},
      {"specs/*.yaml", "specsa.yaml", false},
      {"specs/*/openapi.yaml", "specs/shop/openapi.yaml", true},
      {"specs/*/openapi.yaml", "specs/openapi.yaml", false},
      {"specs/**/openapi.yaml", "specs/openapi.yaml", true},
      {"specs/**/openapi.yaml", "specs/a/b/c/openapi.yaml", true},
      {"specs/**/openapi.yaml", "specs/a/openapi.yml", false},
      {"specs/**/v?/**/*.json", "specs/a/v1/x.json", true},
      {"specs/**/v?/**/*.json", "specs/v1/a/b/v2/c/x.json", true},
      {"specs/**/v?/**/*.json", "specs/a/v12/x.json", false},
      {"specs/**", "specs/anything.txt", true},
      {"**/openapi.json", "openapi.json", true},
      {"**/openapi.json", "a/b/openapi.json", true},
      {"**/openapi.json", "/a/openapi.json", false},
      {"/srv/*/a.json", "/srv/x/a.json", true},
      {"/*/a.json", "/srv/a.json", true},
      {"../up/*.json", "../up/a.json", true},
      {"./specs//*.yaml", "specs/a.yaml", true},
      {"specs", "specs/a.yaml", true},
      {"specs/", "specs/a/b/c.json", true},
      {"specs", "specs/readme.md", false},
      {"specs", "specs/.hidden.json", false},
      {"specs", "specs", false},
      {".", "a.yml", true},
  }));
  INFO(pattern << " of " << path);
  CHECK(has(pattern, path) == matches);
}

TEST_CASE("the base is what stands before the first wildcard, and paths begin with it", "[glob]") {
  struct row {
    std::string_view pattern, base, below, path;
  };
  const auto [pattern, base, below, path] = GENERATE(values<row>({
      {"specs/*/o.yaml", "specs", "a/o.yaml", "specs/a/o.yaml"},
      {"a/b/c", "a/b/c", "d.json", "a/b/c/d.json"},
      {"*.yaml", ".", "a.yaml", "a.yaml"},
      {"/*.yaml", "/", "a.yaml", "/a.yaml"},
      {"/srv/specs/**/x.json", "/srv/specs", "x.json", "/srv/specs/x.json"},
  }));
  const auto files = file_glob::parse(pattern);
  REQUIRE(files);
  CHECK(files->base() == base);
  CHECK(files->path_of(below) == path);
  CHECK(files->has(path));
  CHECK(files->matches(below));
}

TEST_CASE("a pattern that could mean two things is refused", "[glob]") {
  CHECK_FALSE(file_glob::parse(""));
  CHECK_FALSE(file_glob::parse("specs/*/../x.json"));
  CHECK_FALSE(file_glob::parse("specs/**.json"));
}

TEST_CASE("many wildcards of a long path are matched in no time", "[glob]") {
  std::string pattern = "x";
  std::string path = "x";
  for (int i = 0; i < 60; ++i) {
    pattern += "/**/a*a";
    path += "/aaaaaaaa/b";
  }
  CHECK_FALSE(has(pattern + "/c", path));
}
