#include "sources/read_file.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::sources;

TEST_CASE("files are read below their folder, and nowhere else") {
  const test::scratch_directory folder;
  folder.write("config/overlays/a.yaml", "text");
  folder.write("config/long.yaml", std::string((1U << 20U) + 1, 'x'));
  folder.write("secret", "no");
  const auto files = files_below(folder / "config");
  CHECK(files("overlays/a.yaml") == "text");
  CHECK(files("../secret").error().code == errc::forbidden);
  CHECK(files(folder / "secret").error().code == errc::forbidden);
  CHECK(files("gone").error().code == errc::not_found);
  CHECK(files("long.yaml").error().code == errc::limit_exceeded);
  CHECK(files("overlays").error().code == errc::invalid_argument);
}
