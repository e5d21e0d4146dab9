#include "specs/version_order.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <string_view>

using apisync::specs::compare_versions;

TEST_CASE("versions are ordered as SemVer 2.0.0 has it, and shorter ones beside", "[version]") {
  constexpr std::array<std::string_view, 12> rising{
      "0.9",          "1.0.0-alpha",   "1.0.0-alpha.1", "1.0.0-alpha.beta",
      "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",    "1.0.0",
      "1.0.1",        "1.9",           "1.10.0",        "2024-01"};
  for (std::size_t i = 0; i < rising.size(); ++i)
    for (std::size_t j = 0; j < rising.size(); ++j) {
      INFO(rising[i] << " and " << rising[j]);
      const int order = compare_versions(rising[i], rising[j]);
      CHECK((order < 0) == (i < j));
      CHECK((order > 0) == (i > j));
    }
  CHECK(compare_versions("v1.2", "1.2.0") == 0);
  CHECK(compare_versions("1.0.0+build.7", "1.0.0") == 0);
  CHECK(compare_versions("01.2", "1.2") == 0);
}
