#include "sources/file_finder.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <future>

using namespace apisync;
using namespace apisync::sources;

namespace {

namespace fs = std::filesystem;

constexpr std::string_view document =
    R"({"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{}})";

struct world {
  test::scratch_directory folder;

  [[nodiscard]] find_outcome find(const std::string& pattern, find_order order = {}) const {
    auto allowed = roots::open({folder.path()}, folder.path());
    REQUIRE(allowed);
    auto files = file_glob::parse(pattern);
    REQUIRE(files);
    order.files = *files;
    return find_documents(order, *allowed);
  }
};

using names = std::vector<std::string>;

} // namespace

TEST_CASE("a directory is searched for documents by what its files say", "[finder]") {
  const world w;
  w.folder.write("specs/b.json", document);
  w.folder.write("specs/a.yaml", "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {}\n");
  w.folder.write("specs/deep/er/c.yml",
                 "swagger: '2.0'\ninfo: {title: C, version: '1'}\npaths: {}\n");
  w.folder.write("specs/schema.json", R"({"type":"object"})");
  w.folder.write("specs/notes.txt", document);
  w.folder.write("specs/.hidden/d.json", document);
  w.folder.write("specs/node_modules/x/e.json", document);
  w.folder.write("other/f.json", document);
  const auto found = w.find("specs");
  CHECK(found.documents == names{"specs/a.yaml", "specs/b.json", "specs/deep/er/c.yml"});
  CHECK(found.problem.empty());
  REQUIRE(found.refused.size() == 1);
  CHECK(found.refused.at("specs/schema.json").why.empty());
}

TEST_CASE("a pattern says that its files are documents, so that others are told", "[finder]") {
  const world w;
  w.folder.write("specs/a/api.json", document);
  w.folder.write("specs/b/api.json", "");
  w.folder.write("specs/c/api.json", R"({"openapi":"3.1.0","info":{"ti)");
  w.folder.write("specs/d/api.json", R"({"type":"object"})");
  const auto found = w.find("specs/*/api.json");
  CHECK(found.documents == names{"specs/a/api.json"});
  CHECK(found.refused.at("specs/b/api.json").why == "it is empty");
  CHECK_THAT(found.refused.at("specs/c/api.json").why, Catch::Contains("specs/c/api.json:1"));
  CHECK(found.refused.at("specs/d/api.json").why == "it is no OpenAPI document");
}

TEST_CASE("links to files are followed inside the roots, and links to directories are not",
          "[finder]") {
  const world w;
  const test::scratch_directory outside;
  outside.write("secret.json", document);
  w.folder.write("mount/..data/shop.json", document);
  fs::create_symlink("..data/shop.json", w.folder / "mount/shop.json");
  fs::create_symlink(outside / "secret.json", w.folder / "mount/secret.json");
  fs::create_symlink("missing.json", w.folder / "mount/dangling.json");
  fs::create_directory_symlink("..", w.folder / "mount/round");
  const auto found = w.find("mount/*.json");
  CHECK(found.documents == names{"mount/shop.json"});
  REQUIRE(found.refused.contains("mount/secret.json"));
  CHECK_THAT(found.refused.at("mount/secret.json").why, Catch::Contains("root"));
  CHECK(w.find("mount").documents == names{"mount/shop.json"});
}

TEST_CASE("what is known is not read, and what was refused is read again once it has changed",
          "[finder]") {
  const world w;
  w.folder.write("specs/known.json", "by now it is something else");
  w.folder.write("specs/late.json", "{");
  find_order order;
  order.known = std::make_shared<const std::set<std::string, std::less<>>>(
      std::set<std::string, std::less<>>{"specs/known.json"});
  const auto first = w.find("specs/*.json", order);
  CHECK(first.documents == names{"specs/known.json"});
  REQUIRE(first.refused.contains("specs/late.json"));

  // Its mark says that it is as it was: a look into it would tell otherwise.
  auto refused = first.refused;
  refused.at("specs/late.json").why = "as it was";
  order.refused = std::make_shared<const std::map<std::string, refused_file>>(refused);
  CHECK(w.find("specs/*.json", order).refused.at("specs/late.json").why == "as it was");

  w.folder.write("specs/late.json", document);
  const auto second = w.find("specs/*.json", order);
  CHECK(second.documents == names{"specs/known.json", "specs/late.json"});
  CHECK(second.refused.empty());
}

TEST_CASE("a search that is not to its end says so", "[finder]") {
  const world w;
  for (const auto* name : {"a", "b", "c"})
    w.folder.write("specs/" + std::string{name} + ".json", document);
  using Catch::Contains;
  SECTION("too many documents") {
    find_order order;
    order.limits.documents = 2;
    const auto found = w.find("specs", order);
    CHECK(found.documents.size() == 2);
    CHECK_THAT(found.problem, Contains("2 documents at most"));
  }
  SECTION("too many names") {
    find_order order;
    order.limits.entries = 2;
    CHECK_THAT(w.find("specs", order).problem, Contains("the first 2 names"));
  }
  SECTION("too much to read at once: the next search goes on") {
    find_order order;
    order.limits.bytes = document.size() * 2;
    const auto first = w.find("specs", order);
    CHECK(first.documents.size() == 2);
    CHECK_THAT(first.problem, Contains("the next goes on"));
    order.known = std::make_shared<const std::set<std::string, std::less<>>>(
        first.documents.begin(), first.documents.end());
    const auto second = w.find("specs", order);
    CHECK(second.documents.size() == 3);
    CHECK(second.problem.empty());
  }
  SECTION("a file that is too large") {
    find_order order;
    order.limits.document_bytes = 10;
    const auto found = w.find("specs/*.json", order);
    CHECK(found.documents.empty());
    CHECK_THAT(found.refused.at("specs/a.json").why, Contains("documentBytes"));
  }
  SECTION("a directory that is not there, a file, one outside the roots") {
    CHECK_THAT(w.find("nowhere/*.json").problem, Contains("nowhere"));
    CHECK_THAT(w.find("specs/a.json").problem, Contains("no directory"));
    CHECK_THAT(w.find("/etc").problem, Contains("root"));
  }
  SECTION("a stop") {
    auto allowed = roots::open({w.folder.path()}, w.folder.path());
    std::stop_source stop;
    stop.request_stop();
    const auto found =
        find_documents({*file_glob::parse("specs"), {}, {}, {}}, *allowed, stop.get_token());
    CHECK(found.documents.empty());
    CHECK_FALSE(found.problem.empty());
  }
}

TEST_CASE("the finder searches on a thread of its own", "[finder]") {
  const world w;
  w.folder.write("specs/a.json", document);
  auto allowed = roots::open({w.folder.path()}, w.folder.path());
  std::promise<find_outcome> ended;
  file_finder finder{*allowed};
  finder.find({*file_glob::parse("specs"), {}, {}, {}},
              [&](find_outcome outcome) { ended.set_value(std::move(outcome)); });
  CHECK(ended.get_future().get().documents == names{"specs/a.json"});
}
