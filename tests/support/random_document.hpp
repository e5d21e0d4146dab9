#pragma once

#include "specs/document.hpp"

#include <array>
#include <random>
#include <string>

namespace apisync::tests {

/// Makes small documents full of what is hard to write and read. The same seed, the same documents.
class random_document {
public:
  explicit random_document(unsigned seed) : random_{seed} {}

  specs::document_ptr make() {
    specs::document_builder builder;
    value(builder, 4);
    return builder.finish();
  }

  std::size_t below(std::size_t limit) { return random_() % limit; }

private:
  std::string text() {
    static const std::array<std::string, 48> pieces{"a",
                                                    "B",
                                                    " ",
                                                    "\n",
                                                    "\t",
                                                    ":",
                                                    ": ",
                                                    " #",
                                                    "#",
                                                    "- ",
                                                    "-",
                                                    "'",
                                                    "\"",
                                                    "\\",
                                                    "{",
                                                    "}",
                                                    "[",
                                                    "]",
                                                    ",",
                                                    "&a",
                                                    "*a",
                                                    "!t",
                                                    "|",
                                                    ">",
                                                    "%",
                                                    "@",
                                                    "`",
                                                    "?",
                                                    "~",
                                                    "null",
                                                    "true",
                                                    "yes",
                                                    "1",
                                                    "1.0",
                                                    "0x1F",
                                                    ".inf",
                                                    "1e3",
                                                    "---",
                                                    "...",
                                                    "<<",
                                                    "\r",
                                                    "\x01",
                                                    "\x7F",
                                                    "\xC2\x85",
                                                    "\xC3\xA9",
                                                    "\xE2\x80\xA8",
                                                    "\xEF\xBB\xBF",
                                                    "\xF0\x9F\x98\x80"};
    std::string made;
    for (auto n = below(6); n > 0; --n)
      made += pieces[below(pieces.size())];
    return made;
  }

  void value(specs::document_builder& builder, std::size_t depth) {
    static const std::array<std::string, 10> numbers{
        "0", "-0", "1", "1.0", "1e3", "1E+3", "-12.50", "0.1e-7", "123456789012345678901", "1.10"};
    switch (below(depth == 0 ? 5 : 8)) {
    case 0:
      return builder.null();
    case 1:
      return builder.boolean(below(2) == 0);
    case 2:
      return builder.number(numbers[below(numbers.size())]);
    case 3:
    case 4:
      return builder.string(text());
    case 5:
      builder.begin_array();
      for (auto n = below(4); n > 0; --n)
        value(builder, depth - 1);
      return builder.end_array();
    default:
      builder.begin_object();
      for (auto n = below(5); n > 0; --n) {
        builder.key(text() + std::to_string(n));
        value(builder, depth - 1);
      }
      if (below(4) == 0) {
        builder.key(text());
        value(builder, depth - 1);
      }
      builder.end_object();
    }
  }

  std::mt19937 random_;
};

} // namespace apisync::tests
