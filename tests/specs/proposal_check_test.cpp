#include "specs/print.hpp"
#include "specs/proposal_check.hpp"
#include "specs/resolve.hpp"
#include "tests/support/read_document.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::specs;
using apisync::tests::read_document;

namespace {

/// A document with one operation, whose parameter `limit` and schema `Pet` are as given.
document_ptr spec(const std::string& limit, const std::string& pet = R"({"type":"object"})",
                  const std::string& summary = "list") {
  return read_document(R"({"openapi":"3.0.3","info":{"title":"T","version":"1"},"paths":{
    "/pets":{"get":{"operationId":"list","summary":")" +
                       summary + R"(","parameters":[)" + limit +
                       R"(],"responses":{"200":{"description":"fine","content":{"application/json":{
    "schema":{"$ref":"#/components/schemas/Pet"}}}}}}}},"components":{"schemas":{"Pet":)" +
                       pet + "}}}");
}

std::string limit(const std::string& schema, const std::string& name = "limit") {
  return R"({"name":")" + name + R"(","in":"query","schema":)" + schema + "}";
}

const std::string where = "/paths/~1pets/get/parameters/[query:limit]/schema";

std::string failed_check(const checked_proposal& of) {
  for (const auto& one : of.findings)
    if (!one.passed()) return std::string{one.check};
  return {};
}

} // namespace

TEST_CASE("what a side made may be chosen, though it breaks clients", "[proposal]") {
  const auto base = spec(limit(R"({"type":"integer"})"));
  const auto current = spec(limit(R"({"type":"integer","description":"ours"})"));
  const auto incoming = spec(limit(R"({"type":"integer","maximum":10})"));
  proposal_checker checker{base, current, incoming, ""};
  const auto checked = checker.check(current, where, find_identity(*incoming, where));
  CHECK(failed_check(checked).empty());
  CHECK(checked.passed());
  CHECK_FALSE(checked.safe); // a warning against what is published
  CHECK(same_content(checked.document->root(), incoming->root()));

  const auto kept = checker.check(current, where, find_identity(*current, where));
  CHECK(kept.passed());
  CHECK(kept.safe);
}

TEST_CASE("a value that breaks what neither side breaks is refused", "[proposal]") {
  const auto base = spec(limit(R"({"type":"integer"})"));
  const auto current = spec(limit(R"({"type":"integer","description":"ours"})"));
  const auto incoming = spec(limit(R"({"type":"integer","description":"theirs"})"));
  proposal_checker checker{base, current, incoming, ""};
  const auto strict = read_document(R"({"type":"boolean"})");
  CHECK(failed_check(checker.check(current, where, strict->root())) == "compatible");
  const auto gone = checker.check(current, "/paths/~1pets/get", {});
  CHECK(failed_check(gone) == "compatible");
  const auto fine = read_document(R"({"type":"integer","description":"both"})");
  const auto good = checker.check(current, where, fine->root());
  CHECK(good.passed());
  CHECK(good.safe);
}

TEST_CASE("a value that makes the document invalid, or refers to nothing, is refused",
          "[proposal]") {
  const auto base = spec(limit(R"({"type":"integer"})"));
  const auto current = spec(limit(R"({"type":"integer","description":"ours"})"));
  const auto incoming = spec(limit(R"({"type":"integer","description":"theirs"})"));
  proposal_checker checker{base, current, incoming, ""};
  for (const auto* text : {R"({"$ref":"#/components/schemas/Nobody"})", R"({"type":"number?"})",
                           R"({"type":"integer","description":7})", R"("integer")", "[]", "null"}) {
    INFO(text);
    const auto value = read_document(text);
    CHECK_FALSE(checker.check(current, where, value->root()).passed());
  }
  const auto twice =
      read_document(R"({"operationId":"list","responses":{"200":{"description":"x"}}})");
  CHECK(failed_check(checker.check(current, "/paths/~1pets/post", twice->root())) == "valid");
}

TEST_CASE("a value under another name is another place", "[proposal]") {
  const auto base = spec(limit(R"({"type":"integer"})"));
  const auto current = spec(limit(R"({"type":"integer","description":"ours"})"));
  const auto incoming = spec(limit(R"({"type":"integer","description":"theirs"})"));
  proposal_checker checker{base, current, incoming, ""};
  const auto other = read_document(limit(R"({"type":"integer"})", "offset"));
  CHECK(failed_check(checker.check(current, "/paths/~1pets/get/parameters/[query:limit]",
                                   other->root())) == "place");
  CHECK(failed_check(checker.check(current, "", other->root())) == "place");
  CHECK(failed_check(checker.check(current, "/info/title/deeper", other->root())) == "place");
}

TEST_CASE("flaws that a document has had all along are nobody's fault", "[proposal]") {
  const auto pet = R"({"$ref":"#/components/schemas/Gone"})";
  const auto base = spec(limit(R"({"type":"integer"})"), pet);
  const auto current = spec(limit(R"({"type":"integer","description":"ours"})"), pet);
  const auto incoming = spec(limit(R"({"type":"integer","description":"theirs"})"), pet);
  proposal_checker checker{base, current, incoming, ""};
  CHECK(checker.check(current, where, find_identity(*incoming, where)).passed());
}

TEST_CASE("without a base, changes count from what is published", "[proposal]") {
  const auto current = spec(limit(R"({"type":"integer"})"));
  const auto incoming = spec(limit(R"({"type":"integer","description":"theirs"})"));
  proposal_checker checker{nullptr, current, incoming, ""};
  CHECK(checker.check(current, where, find_identity(*incoming, where)).passed());
  const auto strict = read_document(R"({"type":"boolean"})");
  CHECK(failed_check(checker.check(current, where, strict->root())) == "compatible");
}

TEST_CASE("a value of the candidates' words is told from one with words of its own", "[proposal]") {
  const auto one = read_document(R"({"description":"lists all pets","limit":10,"on":true})");
  const auto two = read_document(R"(["only", "dogs"])");
  const std::vector<node> candidates{one->root(), {}, two->root()};
  for (const auto* text : {R"("lists only dogs")", R"({"limit":10,"description":"all"})", "true",
                           R"([10,"pets"])", R"("")"})
    CHECK(foreign_word(read_document(text)->root(), candidates).empty());
  for (const auto* text : {R"("lists cats")", R"({"x-run":"all"})", "11", "false", "null",
                           R"({"limit":{"description":["all","https://evil.example"]}})"})
    CHECK_FALSE(foreign_word(read_document(text)->root(), candidates).empty());
}
