#include "specs/conflict_text.hpp"
#include "specs/diff.hpp"
#include "specs/print.hpp"
#include "tests/specs/random_document.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace apisync::specs;

namespace {

struct version {
  std::string text;
  parsed read;
  explicit version(std::string from) : text{std::move(from)} {
    auto made = parse(text);
    if (!made) FAIL(render(made.error()) << "\n" << text);
    read = *made;
  }
  [[nodiscard]] written_document written() const { return {text, read.document, read.format}; }
};

struct marked {
  merge_result merged;
  std::string text;
};

marked merge_marked(const std::string& base, const std::string& current,
                    const std::string& incoming) {
  const version b{base};
  const version c{current};
  const version i{incoming};
  marked made;
  made.merged = merge(b.read.document, c.read.document, i.read.document);
  const auto before = b.written();
  const auto text = rewrite_merge(&before, c.written(), i.written(), made.merged.merged).text;
  const auto with = mark_conflicts(text, made.merged, {&before, c.written(), i.written()}, {});
  REQUIRE(with);
  made.text = *with;
  return made;
}

/// A marked text with one side taken everywhere, as an editor does it.
std::string take(const std::string& text, bool current) {
  std::string out;
  enum { outside, ours, base, theirs } in = outside;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const auto line = text.substr(at, end - at);
    at = end;
    if (line.starts_with("<<<<<<< "))
      in = ours;
    else if (line.starts_with("||||||| "))
      in = base;
    else if (line.starts_with("=======\n"))
      in = theirs;
    else if (line.starts_with(">>>>>>> "))
      in = outside;
    else if (in == outside || in == (current ? ours : theirs))
      out += line;
  }
  return out;
}

} // namespace

TEST_CASE("differing lines stand between git's markers, whole and with the base between them") {
  CHECK(mark_differences("a\nb\nc\n", "a\nx\nc\n", "a\ny\nc\n", {}) ==
        "a\n<<<<<<< current\nx\n||||||| base\nb\n=======\ny\n>>>>>>> incoming\nc\n");
  CHECK(mark_differences("", "x", "y", {.size = 3, .current = "ours"}) ==
        "<<< ours\nx\n||| base\n===\ny\n>>> incoming\n");
  CHECK(mark_differences("a\r\nb", "a\r\n", "a\r\ny", {}) ==
        "a\r\n<<<<<<< current\r\n||||||| base\r\nb\r\n=======\r\ny\r\n>>>>>>> incoming\r\n");
  CHECK(mark_differences("a\nb\n", "a\nc\n", "a\nc\n", {}) == "a\nc\n");
}

TEST_CASE("a conflict is marked where it is, and what merged clean around it is merged") {
  const auto made =
      merge_marked("info: # head\n  title: T\n  version: 1.0.0 # v\npaths: {}\n",
                   "info: # head\n  title: T\n  version: 1.1.0 # v\npaths: {}\nx-a: 1\n",
                   "info: # head\n  title: U\n  version: 1.2.0 # v\npaths: {}\n");
  CHECK(made.text == "info: # head\n  title: U\n<<<<<<< current\n  version: 1.1.0 # v\n"
                     "||||||| base\n  version: 1.0.0 # v\n=======\n  version: 1.2.0 # v\n"
                     ">>>>>>> incoming\npaths: {}\nx-a: 1\n");
}

TEST_CASE("a deletion beside an edit is marked where the deleted part stood") {
  const std::string base = "p:\n  a: {x: 1}\n  b:\n    y: 1\n  c: 3\n";
  const auto ours = merge_marked(base, "p:\n  a: {x: 1}\n  c: 3\n",
                                 "p:\n  a: {x: 1}\n  # two\n  b:\n    y: 2\n  c: 3\n");
  CHECK(ours.text == "p:\n  a: {x: 1}\n<<<<<<< current\n||||||| base\n  b:\n    y: 1\n=======\n"
                     "  # two\n  b:\n    y: 2\n>>>>>>> incoming\n  c: 3\n");
  const auto theirs =
      merge_marked(base, "p:\n  a: {x: 1}\n  b:\n    y: 2\n  c: 3\n", "p:\n  a: {x: 1}\n  c: 3\n");
  CHECK(theirs.text == "p:\n  a: {x: 1}\n<<<<<<< current\n  b:\n    y: 2\n||||||| base\n  b:\n"
                       "    y: 1\n=======\n>>>>>>> incoming\n  c: 3\n");
}

TEST_CASE("JSON is marked in whole lines, so that either side is JSON") {
  const auto made =
      merge_marked("{\n  \"a\": 1,\n  \"b\": [1]\n}\n", "{\n  \"a\": 2,\n  \"b\": [1]\n}\n",
                   "{\n  \"a\": 3,\n  \"b\": [1]\n}\n");
  CHECK(made.text == "{\n<<<<<<< current\n  \"a\": 2,\n||||||| base\n  \"a\": 1,\n=======\n"
                     "  \"a\": 3,\n>>>>>>> incoming\n  \"b\": [1]\n}\n");
}

TEST_CASE("taking one side at every mark gives a document with that side's values") {
  std::size_t seen = 0;
  for (unsigned seed = 0; seed < 300; ++seed) {
    testing::random_documents random{seed};
    const auto base = random.document();
    const auto b = testing::to_document(base);
    const auto c = testing::to_document(random.edited(base));
    const auto i = testing::to_document(random.edited(base));
    for (const bool json : {false, true}) {
      const auto print = [&](const document_ptr& d) {
        return json ? to_json(d->root(), 2) + '\n' : to_yaml(d->root());
      };
      const auto made = merge_marked(print(b), print(c), print(i));
      if (made.merged.conflicts.empty()) continue;
      ++seen;
      INFO("seed " << seed << "\n" << made.text);
      const auto ours = parse(take(made.text, true));
      REQUIRE(ours);
      REQUIRE(to_json(ours->document->root()) == to_json(made.merged.merged->root()));
      const auto theirs = parse(take(made.text, false));
      REQUIRE(theirs);
      const auto other = merge(b, i, c).merged; // its open places hold incoming's values
      REQUIRE(diff(*theirs->document, *other).empty());
    }
  }
  CHECK(seen > 50);
}
