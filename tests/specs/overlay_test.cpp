#include "specs/overlay.hpp"
#include "tests/specs/text_document.hpp"
#include "tests/support/read_document.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace apisync;
using namespace apisync::specs;
using testing::doc;
using testing::text;
using tests::read_document;

namespace {

/// An overlay with these actions, as YAML.
std::string overlay_text(const std::string& actions, const std::string& version = "1.1.0") {
  return "overlay: " + version + "\ninfo: {title: T, version: '1'}\nactions:\n" + actions;
}

result<overlaid> applied(const document_ptr& to, const std::string& actions,
                         const std::string& version = "1.1.0", const overlay_limits& limits = {}) {
  const auto changes = read_overlay(read_document(overlay_text(actions, version)), "o.yaml");
  if (!changes) return tl::unexpected{changes.error()};
  return apply(*changes, to, "o.yaml", limits);
}

std::string after(const std::string& document, const std::string& actions,
                  const std::string& version = "1.1.0") {
  const auto done = applied(doc(document), actions, version);
  return done ? text(done->document) : render(done.error());
}

std::vector<std::string> flaws(const std::string& overlay) {
  std::vector<std::string> told;
  for (const auto& found : validate_overlay(*read_document(overlay)))
    told.push_back(std::string{found.rule} + " " + found.pointer);
  return told;
}

using strings = std::vector<std::string>;

} // namespace

TEST_CASE("An update is merged into every object that the target selects") {
  CHECK(after("{'a':{'x':1,'y':{'p':1}},'b':{'y':{}}}",
              "- {target: '$.*', update: {y: {q: 2}, z: 3}}\n") ==
        "{'a':{'x':1,'y':{'p':1,'q':2},'z':3},'b':{'y':{'q':2},'z':3}}");
  CHECK(after("{'a':{'x':1}}", "- {target: $, update: {a: {x: {n: 1}}}}\n") ==
        "{'a':{'x':{'n':1}}}");
  CHECK(after("{'a':{'l':[1]}}", "- {target: $.a, update: {l: [2, 3]}}\n") ==
        "{'a':{'l':[1,2,3]}}");
}

TEST_CASE("What is given to a list is appended, a list element by element") {
  CHECK(after("{'l':[1]}", "- {target: $.l, update: {name: n}}\n") == "{'l':[1,{'name':'n'}]}");
  CHECK(after("{'l':[1]}", "- {target: $.l, update: [2, 3]}\n") == "{'l':[1,2,3]}");
  CHECK(after("{'l':[1]}", "- {target: $.l, update: [2]}\n", "1.0.0") == "{'l':[1,2]}");
}

TEST_CASE("Parts are removed, several at once and in each other") {
  CHECK(after("{'a':{'x':1},'b':[1,{'n':2},{'n':3}]}",
              "- {target: '$.b[?@.n]', remove: true}\n- {target: $.a, remove: true}\n") ==
        "{'b':[1]}");
  CHECK(after("{'a':{'a':{'a':{}}},'b':{}}", "- {target: $..a, remove: true}\n") == "{'b':{}}");
  CHECK(after("{'a':1}", "- {target: $.a, remove: true, update: 2}\n") == "{}");
  CHECK(after("{'a':1}", "- {target: $, remove: true}\n") ==
        "o.yaml:4:3: the whole document cannot be removed");
}

TEST_CASE("Actions are applied to the result of the one before") {
  CHECK(after("{'a':{'x':1}}", "- {target: $.a, remove: true}\n- {target: $, update: {a: {y: 2}}}\n"
                               "- {target: $.a.y, update: 3}\n") == "{'a':{'y':3}}");
}

TEST_CASE("Targets inside each other are both updated") {
  CHECK(after("{'a':{'a':{'n':1}}}", "- {target: $..a, update: {z: 1}}\n") ==
        "{'a':{'a':{'n':1,'z':1},'z':1}}");
}

TEST_CASE("Copies take the value of one node") {
  CHECK(after("{'a':{'x':1},'b':{'y':2}}", "- {target: $.b, copy: $.a}\n") ==
        "{'a':{'x':1},'b':{'y':2,'x':1}}");
  CHECK(after("{'a':{'x':1},'b':{}}", "- {target: $.b, copy: $.*}\n") ==
        "o.yaml:4:3: 'copy' must select one node, and selects 2");
  CHECK(after("{'b':{}}", "- {target: $.b, copy: $.c}\n") ==
        "o.yaml:4:3: 'copy' must select one node, and selects 0");
}

TEST_CASE("A target that selects nothing is told at its place, the rest is done") {
  const auto done = applied(doc("{'a':1}"), "- {target: $.b, remove: true}\n"
                                            "- {target: $, update: {c: 2}}\n");
  REQUIRE(done);
  CHECK(text(done->document) == "{'a':1,'c':2}");
  CHECK(done->unmatched ==
        std::vector<warning>{{"the target $.b selects nothing", position{4, 3}}});
}

TEST_CASE("A value that does not fit what is selected is refused") {
  CHECK(
      after("{'a':{}}", "- {target: $.a, update: 1}\n") ==
      "o.yaml:4:3: the target selects the object /a, so that the value to merge must be an object");
  CHECK(after("{'a':1}", "- {target: $.a, update: {}}\n") ==
        "o.yaml:4:3: the target selects the plain value /a, which another plain value can replace "
        "and nothing else");
}

TEST_CASE("Overlay 1.0 selects objects and lists alone") {
  CHECK(after("{'a':1}", "- {target: $.a, update: 2}\n") == "{'a':2}");
  CHECK(
      after("{'a':1}", "- {target: $.a, update: 2}\n", "1.0.0") ==
      "o.yaml:4:3: the target selects the plain value /a; that takes Overlay 1.1, or a target that "
      "selects the object around it");
}

TEST_CASE("An overlay without effect gives the document itself") {
  const auto document = doc("{'a':1}");
  const auto done = applied(document, "- {target: $.b, update: {}}\n- {target: $}\n");
  REQUIRE(done);
  CHECK(done->document == document);
}

TEST_CASE("Overlays make documents neither too large nor too deep") {
  std::string actions;
  for (int i = 0; i < 30; ++i)
    actions += "- {target: $, copy: $}\n- {target: $.l, copy: $.l}\n";
  const auto grown =
      applied(doc("{'l':[1,2]}"), actions, "1.1.0", {.max_nodes = 10'000, .paths = {}});
  REQUIRE_FALSE(grown);
  CHECK(grown.error().code == errc::limit_exceeded);
  std::string deeper;
  for (int i = 0; i < 11; ++i) {
    deeper += "- {target: '$..*[?length(@) == 0]', update: ";
    for (int j = 0; j < 100; ++j)
      deeper += "{a: ";
    deeper += "{}" + std::string(100, '}') + "}\n";
  }
  const auto deep = applied(doc("{'b':{'a':{}}}"), deeper);
  REQUIRE_FALSE(deep);
  CHECK(deep.error().code == errc::limit_exceeded);
}

TEST_CASE("What is wrong with an overlay is told at its place") {
  CHECK(flaws(overlay_text("- {target: $.a, update: {}}\n")).empty());
  CHECK(
      flaws(
          "overlay: 2.0.0\ninfo: {title: T, version: '1'}\nactions: [{target: $, remove: true}]") ==
      strings{"value-not-allowed /overlay"});
  CHECK(flaws("overlay: 1.0.0\nactions: []") == strings{"member-missing ", "list-empty /actions"});
  CHECK(flaws(overlay_text("- {target: a.b, update: {}}\n")) ==
        strings{"path-malformed /actions/0/target"});
  CHECK(flaws(overlay_text("- {target: $.a, copy: $.b}\n", "1.0.0")) ==
        strings{"unknown-member /actions/0/copy"});
  CHECK(flaws(overlay_text("- {target: $.a, copy: $.b, update: {}}\n")) ==
        strings{"members-exclude /actions/0/copy"});
  CHECK(flaws(overlay_text("- {target: $.a}\n")) == strings{"action-empty /actions/0"});
  const auto refused = read_overlay(read_document(overlay_text("- {update: {}}\n")), "o.yaml");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().where == "o.yaml:4:3");
}
