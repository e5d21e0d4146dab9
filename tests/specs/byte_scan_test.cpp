#include "specs/byte_scan.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <string>

using namespace apisync::specs;

namespace {

/// Mostly dull text, of any length and with any end.
std::string random_text(std::mt19937& random) {
  std::string text(random() % 70, ' ');
  for (auto& c : text)
    if (random() % 24 == 0) c = static_cast<char>(random() % 256);
  return text;
}

} // namespace

TEST_CASE("a scan by blocks finds what a scan by bytes finds") {
  std::mt19937 random{7};
  for (int round = 0; round < 20'000; ++round) {
    const auto text = random_text(random);
    const auto* const begin = text.data();
    const auto* const end = begin + text.size();
    REQUIRE(find_no_space(begin, end) == std::find_if(begin, end, [](char c) { return c != ' '; }));
    REQUIRE(find_json_special(begin, end) == std::find_if(begin, end, is_json_special));
    if (text.size() < byte_block::size) continue;
    const auto block = look_at_block(begin);
    REQUIRE(block.ascii == std::all_of(begin, begin + byte_block::size, [](char c) {
              return static_cast<unsigned char>(c) < 0x80;
            }));
    for (std::size_t i = 0; i < byte_block::size; ++i)
      REQUIRE(((block.line_feeds >> i) & 1U) == (begin[i] == '\n' ? 1U : 0U));
  }
}

TEST_CASE("quotes, backslashes and control characters are special in JSON, and nothing else") {
  for (int c = 0; c < 256; ++c)
    CHECK(is_json_special(static_cast<char>(c)) == (c < 0x20 || c == '"' || c == '\\'));
}
