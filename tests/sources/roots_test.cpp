#include "sources/roots.hpp"
#include "sources/secret.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <sys/stat.h>

using namespace apisync;
using namespace apisync::sources;
using apisync::test::scratch_directory;

namespace fs = std::filesystem;

namespace {

roots open_roots(const std::vector<std::string>& directories, const std::string& base = ".") {
  auto opened = roots::open(directories, base);
  REQUIRE(opened);
  return *opened;
}

} // namespace

TEST_CASE("a file inside a root is opened, by absolute and by relative path") {
  const scratch_directory scratch;
  scratch.write("specs/a.json", "{}");
  const auto allowed = open_roots({"specs"}, scratch.path());
  const auto relative = allowed.open_file("specs/a.json");
  REQUIRE(relative);
  CHECK(relative->path == scratch / "specs/a.json");
  CHECK(allowed.open_file(scratch / "specs/a.json"));
}

TEST_CASE("no path leads out of the roots") {
  const scratch_directory scratch;
  scratch.write("inside/a.json", "{}");
  scratch.write("outside/secret.json", "{}");
  scratch.write("inside-too/b.json", "{}");
  fs::create_symlink(scratch / "outside/secret.json", scratch / "inside/link.json");
  fs::create_directory_symlink(scratch / "outside", scratch / "inside/dir");
  const auto allowed = open_roots({scratch / "inside"});
  for (const std::string path :
       {"/etc/passwd", "/dev/zero", "inside/../outside/secret.json", "inside/link.json",
        "inside/dir/secret.json", "inside-too/b.json", "outside/missing.json"}) {
    INFO(path);
    const auto opened = allowed.open_file(path.front() == '/' ? path : scratch / path);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == errc::forbidden);
    CHECK(opened.error().message.find(scratch / "inside") != std::string::npos);
  }
}

TEST_CASE("a link that stays inside the roots may be used") {
  const scratch_directory scratch;
  scratch.write("one/a.json", "{}");
  fs::create_directory(scratch / "two");
  fs::create_symlink(scratch / "one/a.json", scratch / "two/link.json");
  const auto allowed = open_roots({scratch / "one", scratch / "two"});
  const auto opened = allowed.open_file(scratch / "two/link.json");
  REQUIRE(opened);
  CHECK(opened->path == scratch / "one/a.json");
}

TEST_CASE("what is no regular file is refused without touching it") {
  const scratch_directory scratch;
  fs::create_directory(scratch / "dir");
  REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  fs::create_symlink("loop", scratch / "loop");
  const auto allowed = open_roots({scratch.path()});
  CHECK(allowed.open_file(scratch / "dir").error().message ==
        "is a directory, where a file is expected");
  CHECK(allowed.open_file(scratch / "pipe").error().code == errc::invalid_argument);
  CHECK_FALSE(allowed.open_file(scratch / "loop"));
  CHECK(allowed.open_file(scratch / "missing.json").error().code == errc::not_found);
  CHECK(allowed.open_file("").error().code == errc::invalid_argument);
}

TEST_CASE("without roots every file is forbidden") {
  const scratch_directory scratch;
  const auto opened = roots().open_file(scratch.write("a.json", "{}"));
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == errc::forbidden);
}

TEST_CASE("a root that is missing or no directory is refused") {
  const scratch_directory scratch;
  scratch.write("file", "");
  CHECK(roots::open({scratch / "none"}).error().code == errc::not_found);
  CHECK(roots::open({scratch / "file"}).error().code == errc::invalid_argument);
}

TEST_CASE("a secret comes from where the text refers to") {
  const scratch_directory scratch;
  scratch.write("token", "from file\n");
  scratch.write("broken", "two\nlines");
  scratch.write("empty", "\n");
  const auto allowed = open_roots({scratch.path()});
  REQUIRE(::setenv("APISYNC_TEST_SECRET", "from environment", 1) == 0);
  CHECK(resolve_secret("plain", allowed) == "plain");
  CHECK(resolve_secret("env:APISYNC_TEST_SECRET", allowed) == "from environment");
  CHECK(resolve_secret("Bearer env:APISYNC_TEST_SECRET", allowed) == "Bearer from environment");
  CHECK(resolve_secret("file:" + (scratch / "token"), allowed) == "from file");
  CHECK(resolve_secret("Bearer file:" + (scratch / "token"), allowed) == "Bearer from file");
  CHECK(resolve_secret("env:APISYNC_TEST_UNSET", allowed).error().message ==
        "the environment variable APISYNC_TEST_UNSET is not set");
  CHECK(resolve_secret("file:/etc/hostname", allowed).error().code == errc::forbidden);
  CHECK(resolve_secret("file:" + (scratch / "empty"), allowed).error().code == errc::not_found);
  const auto broken = resolve_secret("file:" + (scratch / "broken"), allowed);
  REQUIRE_FALSE(broken);
  CHECK(broken.error().message.find("lines") == broken.error().message.rfind("lines"));
  CHECK(broken.error().message.find("two") == std::string::npos);
}
