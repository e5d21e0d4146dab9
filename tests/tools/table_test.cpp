#include "tools/table.hpp"

#include <catch2/catch.hpp>

using namespace apisync::tools;

TEST_CASE("columns line up, whatever characters they hold") {
  text_table table{{"A", "B"}};
  table.add({{"é日本"}, {"x"}});
  table.add({{"plain"}, {"y"}});
  REQUIRE(table.print(0, false) == "A      B\né日本  x\nplain  y\n");
}

TEST_CASE("a narrow terminal cuts the widest columns") {
  text_table table{{"ID", "TEXT"}};
  table.add({{"short"}, {std::string(100, 'x')}});
  auto const text = table.print(40, false);
  REQUIRE(text.find("short") != std::string::npos);
  REQUIRE(text.find("…") != std::string::npos);
  auto const line = text.substr(text.find('\n') + 1);
  REQUIRE(display_width(line.substr(0, line.find('\n'))) == 40);
}

TEST_CASE("text from outside cannot steer the terminal") {
  REQUIRE(printable("a\x1b[31mb\nc\x07") == "a?[31mb c?");
  REQUIRE(printable("\xc3(") == "?(");
  REQUIRE(printable("\xe2\x80\xae"
                    "abc") == "?abc");
  REQUIRE(painted("x", paint::bad, true) == "\x1b[31mx\x1b[0m");
  REQUIRE(painted("x", paint::bad, false) == "x");
}
