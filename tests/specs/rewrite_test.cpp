#include "specs/print.hpp"
#include "specs/rewrite.hpp"
#include "tests/specs/random_document.hpp"
#include "tests/support/corpus.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace apisync::specs;

namespace {

parsed read(const std::string& text) {
  parse_options how;
  how.name = "a.yaml"; // brackets are JSON if they can be
  how.repeated = repeated_names::keep_last;
  auto made = parse(text, how);
  if (!made) FAIL(render(made.error()) << "\n" << text);
  return *made;
}

/// `old` with the content of `wanted`, both texts; always checked to read as that.
std::string over(const std::string& old, const std::string& wanted,
                 rewritten::kept how = rewritten::kept::most) {
  const auto before = read(old);
  const auto after = read(wanted);
  const auto made = rewrite({old, before.document, before.format}, after.document);
  INFO(made.text);
  CHECK(made.how == how);
  REQUIRE(to_json(read(made.text).document->root()) == to_json(after.document->root()));
  return made.text;
}

/// The same, with the words of the wanted text.
std::string with_words(const std::string& old, const std::string& wanted) {
  const auto before = read(old);
  const auto after = read(wanted);
  const written_document other{wanted, after.document, after.format};
  const auto made = rewrite({old, before.document, before.format}, after.document, {{other}});
  INFO(made.text);
  REQUIRE(to_json(read(made.text).document->root()) == to_json(after.document->root()));
  return made.text;
}

/// Copies a document with the n-th of its scalars changed.
class one_changed {
public:
  explicit one_changed(std::size_t which) : left_{which} {}

  document_ptr make(node root) {
    write(root);
    return out_.finish();
  }

  node found;

private:
  void write(node of) {
    if (of.is_object()) {
      out_.begin_object();
      for (const auto child : of) {
        out_.key(child.key());
        write(child);
      }
      out_.end_object();
    } else if (of.is_array()) {
      out_.begin_array();
      for (const auto child : of)
        write(child);
      out_.end_array();
    } else if (left_-- == 0) {
      found = of;
      out_.string("changed: to this");
    } else {
      out_.copy(of);
    }
  }

  document_builder out_;
  std::size_t left_;
};

/// How many lines differ between the first and the last that two texts have in common.
std::pair<std::size_t, std::size_t> differing_lines(const std::string& a, const std::string& b) {
  const auto lines = [](const std::string& text) {
    std::vector<std::string> made;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);)
      made.push_back(line);
    return made;
  };
  const auto left = lines(a);
  const auto right = lines(b);
  std::size_t head = 0;
  while (head < left.size() && head < right.size() && left[head] == right[head])
    ++head;
  std::size_t tail = 0;
  while (tail < left.size() - head && tail < right.size() - head &&
         left[left.size() - 1 - tail] == right[right.size() - 1 - tail])
    ++tail;
  return {left.size() - head - tail, right.size() - head - tail};
}

} // namespace

TEST_CASE("a document written over its own text is that text") {
  const std::string text = "\xEF\xBB\xBF# head\r\na:   'x'  # why\r\n\r\nb: {c: 1 , d: [2]}";
  CHECK(over(text, "{a: x, b: {c: 1, d: [2]}}", rewritten::kept::all) == text);
}

TEST_CASE("a changed value leaves everything else as it stands, quotes and comments included") {
  CHECK(over("# head\n\na: 'x'  # why\nb:   \"y\"\nc: z\nd:\n- 1 # one\n- 2\n",
             "{a: x2, b: y2, c: it is, d: [1, 3]}") ==
        "# head\n\na: 'x2'  # why\nb:   \"y2\"\nc: it is\nd:\n- 1 # one\n- 3\n");
  CHECK(over("a: {b: 'x', c: [1,  2]} # d\n", "{a: {b: y, c: [1, 3]}}") ==
        "a: {b: 'y', c: [1,  3]} # d\n");
  CHECK(over("a: # none\nb: ~\n", "{a: 1, b: [2]}") == "a: 1 # none\nb:\n  - 2\n");
}

TEST_CASE("members come and go with the comments that are theirs") {
  const std::string old = "info:\n    # the name\n    title: T\n\n    # apart\n\n    # version\n"
                          "    version: 1 # v\n    x: 2\nend: 1\n";
  CHECK(over(old, "{info: {title: T, x: 2}, end: 1}") ==
        "info:\n    # the name\n    title: T\n\n    # apart\n    x: 2\nend: 1\n");
  CHECK(over(old, "{info: {version: 1, x: 2}, end: 1}") ==
        "info:\n    # version\n    version: 1 # v\n    x: 2\nend: 1\n");
  CHECK(over("a: 1\nb:\n    c: 1\n", "{a: 1, m: {o: [p, {q: r, s: t}]}, b: {c: 1, d: {e: 2}}}") ==
        "a: 1\nm:\n    o:\n        - p\n        - q: r\n          s: t\nb:\n    c: 1\n    d:\n"
        "        e: 2\n");
}

TEST_CASE("what is added is indented and quoted like the rest") {
  CHECK(over("a:\n- x: \"1\"\n  w:\n  - \"2\"\nb: 3\n",
             "{a: [{x: '1', w: ['2', '7']}, {x: '5', w: ['6']}], b: 3}") ==
        "a:\n- x: \"1\"\n  w:\n  - \"2\"\n  - \"7\"\n- x: \"5\"\n  w:\n  - \"6\"\nb: 3\n");
  CHECK(over("\"a\": \"x\"\n\"b\":\n  \"c\": \"y\"\n", "{a: x, b: {c: y, d: z}}") ==
        "\"a\": \"x\"\n\"b\":\n  \"c\": \"y\"\n  \"d\": \"z\"\n");
  CHECK(over("a:\r\n  b: 1\r\n", "{a: {b: 1, c: {d: \"x\\ny\"}}}") ==
        "a:\r\n  b: 1\r\n  c:\r\n    d: |-\r\n      x\r\n      y\r\n");
  CHECK(over("a: 1\n\nb: 2\n\nc: 3\n", "{a: 1, b: 2, m: 4, c: 3}") ==
        "a: 1\n\nb: 2\n\nm: 4\n\nc: 3\n");
}

TEST_CASE("another order moves lines, and a new name takes its lines along") {
  CHECK(over("a: 1 # one\n# two\nb: {x: 2}\nc: 3\n", "{b: {x: 2}, a: 1, c: 3}") ==
        "# two\nb: {x: 2}\na: 1 # one\nc: 3\n");
  CHECK(over("/a/{id}:\n  get: # g\n    x: 1\n/b: 2\n", "{'/a/{key}': {get: {x: 1}}, /b: 2}") ==
        "/a/{key}:\n  get: # g\n    x: 1\n/b: 2\n");
}

TEST_CASE("a block of text keeps its kind and the lines that did not change") {
  const std::string old = "a: |\n    one\n  \n    two\nb: >-\n  short text\nc: 1\n";
  CHECK(over(old, R"({"a": "one\n\ntwo and more\n", "b": "short texts", "c": 1})") ==
        "a: |\n    one\n  \n    two and more\nb: >-\n  short texts\nc: 1\n");
  CHECK(over(old, R"({"a": "one\n\ntwo", "b": "x", "c": 1})") ==
        "a: |-\n    one\n  \n    two\nb: >-\n  x\nc: 1\n");
}

TEST_CASE("long names with a question mark are written over like others") {
  const std::string old = "? a # q\n: x: 1\n  y: 2 # y\n? b\n: 3\n";
  CHECK(over(old, "{a: {x: 4, y: 2}, c: 5, b: 6}") ==
        "? a # q\n: x: 4\n  y: 2 # y\nc: 5\n? b\n: 6\n");
}

TEST_CASE("a block of text at the end gets the line end that it needs") {
  CHECK(over("a: 1\nb: |\n  x", R"({"a": 2, "b": "x"})") == "a: 2\nb: |\n  x");
  CHECK(with_words("a: 1\nb: |\n  x", "a: 1\nb: |\n  y\n") == "a: 1\nb: |\n  y\n");
}

TEST_CASE("JSON keeps its indentation and spacing") {
  const std::string old = "{\n\t\"a\": [1, 2],\n\t\"b\" : {\n\t\t\"c\": \"\\u00e9\"\n\t}\n}\n";
  CHECK(over(old, R"({"a": [1, 3, 4], "n": {"o": [5]}, "b": {"c": "é", "d": {}}})") ==
        "{\n\t\"a\": [1, 3, 4],\n\t\"n\": {\n\t\t\"o\": [\n\t\t\t5\n\t\t]\n\t},\n\t\"b\" : {\n"
        "\t\t\"c\": \"\\u00e9\",\n\t\t\"d\": {}\n\t}\n}\n");
  CHECK(over(R"({"a":{"b":1},"c":2})", R"({"a":{"b":1,"d":{"e":[3,4]}}})") ==
        R"({"a":{"b":1,"d":{"e":[3,4]}}})");
  CHECK(over("{\n  \"a\": 1\n}", R"({"b": 2, "a": 1})") == "{\n  \"b\": 2,\n  \"a\": 1\n}");
  CHECK(over("{\n  \"a\": 1,\n  \"b\": 2\n}", R"({"b": 2})") == "{\n  \"b\": 2\n}");
}

TEST_CASE("the words of the version that a change is from come with their comments") {
  CHECK(with_words("a: 1\nlast: 2\n", "a: 1\n# about b\nb:   'x' # b\n\nlast: 2\n") ==
        "a: 1\n# about b\nb:   'x' # b\nlast: 2\n");
  CHECK(with_words("o:\n    a: 1\n", "o:\n  a: 1\n  # why\n  b: {c:  'd'}\n  e:\n  - |\n    f\n") ==
        "o:\n    a: 1\n    # why\n    b: {c:  'd'}\n    e:\n    - |\n      f\n");
  CHECK(with_words("a: 1 # ours\n", "a: \"2\" # theirs\n") == "a: \"2\" # ours\n");
  CHECK(with_words("{\n  \"a\": [\n    1\n  ]\n}", "{\n \"a\": [1],\n \"b\": {\"c\": 1.50}\n}") ==
        "{\n  \"a\": [\n    1\n  ],\n  \"b\": {\"c\": 1.50}\n}");
}

TEST_CASE("an alias follows its anchor where both change alike, and is written out otherwise") {
  const std::string old = "a: &x\n  b: 1 # one\nc: *x\nd: *x\n";
  CHECK(over(old, "{a: {b: 2}, c: {b: 2}, d: {b: 2}}") == "a: &x\n  b: 2 # one\nc: *x\nd: *x\n");
  CHECK(over(old, "{a: {b: 2}, c: {b: 1}, d: {b: 2}}") ==
        "a: &x\n  b: 2 # one\nc:\n  b: 1\nd: *x\n");
  CHECK(over(old, "{a: {b: 1}, c: {b: 1}, d: {b: 3}}") ==
        "a: &x\n  b: 1 # one\nc: *x\nd:\n  b: 3\n");
  CHECK(over(old, "{c: {b: 1}, d: {b: 1}}") == "c:\n  b: 1\nd:\n  b: 1\n");
  CHECK(over(old, "{c: {b: 1}, a: {b: 1}, d: {b: 1}}") ==
        "c:\n  b: 1\na: &x\n  b: 1 # one\nd: *x\n");
}

TEST_CASE("aliases and anchors of the other version come along where they mean the same here") {
  const std::string old = "a: &x {b: 1}\nlast: 2\n";
  CHECK(with_words(old, "a: &x {b: 1}\nc: &y {d: *x}\ne: [*x, *y]\nlast: 2\n") ==
        "a: &x {b: 1}\nc: &y {d: *x}\ne: [*x, *y]\nlast: 2\n");
  const auto other = with_words(old, "z: &x 7\na: {b: 1}\nc: *x\nlast: 2\n");
  CHECK(other == "z: 7\na: &x {b: 1}\nc: 7\nlast: 2\n");
}

TEST_CASE("a merge key stays where it still brings the same") {
  const std::string old = "a: &x {p: 1, q: 2}\nb:\n  <<: *x\n  r: 3 # own\nc: 4 # c\n";
  CHECK(over(old, "{a: {p: 1, q: 2}, b: {p: 1, q: 2, r: 5, s: 6}, c: 4}") ==
        "a: &x {p: 1, q: 2}\nb:\n  <<: *x\n  r: 5 # own\n  s: 6\nc: 4 # c\n");
  CHECK(over(old, "{a: {p: 9, q: 2}, b: {p: 1, q: 2, r: 3}, c: 4}") ==
        "a: &x {p: 9, q: 2}\nb:\n  p: 1\n  q: 2\n  r: 3\nc: 4 # c\n");
  CHECK(over(old, "{a: {p: 1, q: 2}, b: {p: 1, r: 3}, c: 4}") ==
        "a: &x {p: 1, q: 2}\nb:\n  p: 1\n  r: 3\nc: 4 # c\n");
}

TEST_CASE("a name given twice does not come to light when the one that counts goes") {
  CHECK(over("o:\n  a: 1\n  a: 2\n  b: 3\nc: 4 # c\n", "{o: {a: 2, b: 5}, c: 4}") ==
        "o:\n  a: 1\n  a: 2\n  b: 5\nc: 4 # c\n");
  CHECK(over("o:\n  a: 1\n  a: 2\n  b: 3\nc: 4 # c\n", "{o: {b: 3}, c: 4}") ==
        "o:\n  b: 3\nc: 4 # c\n");
}

TEST_CASE("an odd layout is printed, as small a part of it as possible") {
  CHECK(over("a: {? b : 1, d: 2}\nc: 2 # c\n", "{a: {b: 2, d: 2}, c: 2}") ==
        "a:\n  b: 2\n  d: 2\nc: 2 # c\n");
  CHECK(over("- 1\n", "{a: 1}", rewritten::kept::style) == "a: 1\n");
}

TEST_CASE("the merged text holds what both sides changed in comments, where lines merge alike") {
  const std::string base = "a: 1\n\nb: 2\n\nc: 3\n";
  const std::string current = "a: 1\n\nb: 2\n\nc: 4 # four\n";
  const std::string incoming = "a: 5 # five\n\nb: 2 # two\n\nc: 3\n";
  const auto b = read(base);
  const auto c = read(current);
  const auto i = read(incoming);
  const written_document before{base, b.document, b.format};
  const auto made =
      rewrite_merge(&before, {current, c.document, c.format}, {incoming, i.document, i.format},
                    read("{a: 5, b: 2, c: 4}").document);
  CHECK(made.text == "a: 5 # five\n\nb: 2 # two\n\nc: 4 # four\n");
}

TEST_CASE(
    "random changes of printed documents come out exactly, without a new print of the whole") {
  for (unsigned seed = 0; seed < 600; ++seed) {
    testing::random_documents random{seed};
    const auto base = random.document();
    const auto wanted = testing::to_document(random.edited(base));
    const auto first = testing::to_document(base);
    for (const auto& text :
         {to_yaml(first->root()), to_json(first->root(), 3), to_json(first->root())}) {
      const auto before = read(text);
      const auto made = rewrite({text, before.document, before.format}, wanted);
      INFO("seed " << seed << "\n" << text << "\n" << to_json(wanted->root(), 1) << made.text);
      REQUIRE(made.how != rewritten::kept::style);
      REQUIRE(to_json(read(made.text).document->root()) == to_json(wanted->root()));
    }
  }
}

TEST_CASE("a change of any one value of a document touches the lines of that value alone") {
  const auto folder = std::filesystem::path{__FILE__}.parent_path() / "../../examples/specs";
  std::size_t values = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    std::ifstream file{entry.path(), std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const auto before = read(text);
    for (std::size_t changed = 0;; ++changed) {
      one_changed copy{changed};
      const auto wanted = copy.make(before.document->root());
      if (!copy.found) break;
      ++values;
      const auto made = rewrite({text, before.document, before.format}, wanted);
      INFO(entry.path() << ": " << copy.found.where().line << "\n" << made.text);
      REQUIRE(made.how == rewritten::kept::most);
      REQUIRE(to_json(read(made.text).document->root()) == to_json(wanted->root()));
      const auto [old_lines, new_lines] = differing_lines(text, made.text);
      const auto own = copy.found.text();
      const auto breaks = static_cast<std::size_t>(std::count(own.begin(), own.end(), '\n'));
      REQUIRE(new_lines <= (breaks > 0 ? 2 : 1)); // a block keeps its header
      REQUIRE(old_lines <= 1 + breaks);
    }
  }
  CHECK(values > 100);
}

TEST_CASE("real documents are written over the ones beside them without a new print of the whole") {
  const auto folder = apisync::tests::corpus();
  if (!folder) return;
  std::map<std::filesystem::path, std::vector<std::string>> texts; // by folder
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator{*folder / "compatibility"}) {
    const auto ending = entry.path().extension();
    if (ending != ".json" && ending != ".yaml" && ending != ".yml") continue;
    std::ifstream file{entry.path(), std::ios::binary};
    texts[entry.path().parent_path()].emplace_back(std::istreambuf_iterator<char>{file},
                                                   std::istreambuf_iterator<char>{});
  }
  std::size_t pairs = 0;
  for (const auto& [name, in] : texts)
    for (std::size_t i = 0; i + 1 < in.size() && i < 40; ++i) {
      parse_options how;
      how.repeated = repeated_names::keep_last;
      const auto before = parse(in[i], how);
      const auto after = parse(in[i + 1], how);
      if (!before || !after || !after->document->root().is_object()) continue;
      const written_document old{in[i], before->document, before->format};
      const written_document other{in[i + 1], after->document, after->format};
      CHECK(rewrite(old, before->document).text == in[i]);
      for (const bool words : {false, true}) {
        const auto made =
            words ? rewrite(old, after->document, {{other}}) : rewrite(old, after->document);
        INFO(name << " " << i << "\n" << made.text);
        REQUIRE(made.how != rewritten::kept::style);
        const auto again = parse(made.text, how);
        REQUIRE(again);
        REQUIRE(to_json(again->document->root()) == to_json(after->document->root()));
      }
      ++pairs;
    }
  CHECK(pairs > 100);
}
