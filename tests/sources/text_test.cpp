#include "sources/text.hpp"

#include <catch2/catch.hpp>

using apisync::sources::clean_text;

TEST_CASE("good text stays as it is") {
  for (const auto* text : {"", "plain", "Zoë", "日本語", "\xF0\x9F\x8C\x8D"})
    CHECK(clean_text(text, 100) == text);
}

TEST_CASE("bytes that are no character and control characters are replaced") {
  CHECK(clean_text("a\nb\x7F", 100) == "a b ");
  CHECK(clean_text("Zo\xEB", 100) == "Zo\xEF\xBF\xBD");
  CHECK(clean_text("\xC0\xAF", 100) == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(clean_text("\xED\xA0\x80", 100) == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(clean_text("\xF4\x90\x80\x80", 100).size() == 12);
  CHECK(clean_text("\xE6\x97", 100) == "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("text is cut between characters") {
  CHECK(clean_text("éé", 3) == "é");
  CHECK(clean_text("abc", 2) == "ab");
  CHECK(clean_text("日", 2).empty());
}
