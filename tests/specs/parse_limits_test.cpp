#include "specs/parse.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace apisync;
using namespace apisync::specs;

namespace {

struct sample {
  std::string json, yaml;
};

/// The same limit holds for both syntaxes; fails where the error is another than the limit's.
bool is_read(const sample& text, parse_options options) {
  const auto outcome = [&](const std::string& of, syntax_choice format) {
    options.format = format;
    const auto done = parse(of, options);
    if (!done) {
      INFO(render(done.error()));
      CHECK(done.error().code == errc::limit_exceeded);
      CHECK(done.error().where.starts_with("document"));
      CHECK(done.error().message.find("limit") != std::string::npos);
    }
    return done.has_value();
  };
  const bool json = outcome(text.json, syntax_choice::json);
  const bool yaml = outcome(text.yaml, syntax_choice::yaml);
  CHECK(json == yaml);
  return json;
}

} // namespace

TEST_CASE("A text of exactly the limit is read, and one byte more is not") {
  const sample text{R"({"a": 1, "b": 2})", "a: 1\nb: 2 # c..."};
  REQUIRE(text.json.size() == text.yaml.size());
  CHECK(is_read(text, {.max_bytes = text.json.size()}));
  CHECK_FALSE(is_read(text, {.max_bytes = text.json.size() - 1}));
}

TEST_CASE("Nesting of exactly the limit is read, and one level more is not") {
  const sample text{R"({"a": [{"b": 1}]})", "a:\n  - b: 1\n"};
  CHECK(is_read(text, {.max_depth = 3}));
  CHECK_FALSE(is_read(text, {.max_depth = 2}));
}

TEST_CASE("Exactly as many values as the limit are read, and one more is not") {
  const sample text{R"({"a": [1, 2], "b": 3})", "a: [1, 2]\nb: 3\n"}; // 5 with the root
  CHECK(is_read(text, {.max_nodes = 5}));
  CHECK_FALSE(is_read(text, {.max_nodes = 4}));
}

TEST_CASE("Values of aliases count each time") {
  parse_options options;
  options.format = syntax_choice::yaml;
  const std::string text = "a: &x [1, 2]\nb: *x\nc: *x\n"; // 1 + 3 * 3
  options.max_nodes = 10;
  CHECK(parse(text, options));
  options.max_nodes = 9;
  const auto refused = parse(text, options);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::limit_exceeded);
  CHECK(refused.error().where == "document:1:11");
}

TEST_CASE("A key of exactly the limit is read, and one byte more is not") {
  const sample text{R"({"abcd": 1})", "abcd: 1\n"};
  CHECK(is_read(text, {.max_key_bytes = 4}));
  CHECK_FALSE(is_read(text, {.max_key_bytes = 3}));
}

TEST_CASE("Texts of exactly the limit together are read, and one byte more is not") {
  const sample text{R"({"ab": "cde"})", "ab: cde\n"};
  CHECK(is_read(text, {.max_text_bytes = 5}));
  CHECK_FALSE(is_read(text, {.max_text_bytes = 4}));
}

TEST_CASE("Names given twice are refused with both places, or the last one counts with a warning") {
  for (const auto format : {syntax_choice::json, syntax_choice::yaml}) {
    parse_options options;
    options.format = format;
    const std::string text = "{\"a\": 1,\n \"b\": {\"c\": 1, \"c\": 2},\n \"a\": 3}";
    const auto refused = parse(text, options);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().where == "document:2:16");
    CHECK(refused.error().message ==
          "the key 'c' is already given at line 2, column 8; keep one of the two");
    options.repeated = repeated_names::keep_last;
    const auto done = parse(text, options);
    REQUIRE(done);
    CHECK(done->document->at("/a").text() == "3");
    CHECK(done->document->at("/b/c").text() == "2");
    REQUIRE(done->warnings.size() == 2);
    CHECK(done->warnings[0].where == position{2, 16});
    CHECK(done->warnings[1].message ==
          "the key 'a' is already given at line 1, column 2; the last one counts");
  }
}
