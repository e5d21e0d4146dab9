#include "specs/print.hpp"
#include "specs/redact.hpp"
#include "specs/sensitive.hpp"
#include "tests/support/read_document.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::specs;
using apisync::tests::read_document;

namespace {

/// The text with each sensitive span as its kind in brackets.
std::string shown(std::string_view text) {
  std::string out;
  std::size_t done = 0;
  for (const auto& span : find_sensitive(text)) {
    out += std::string{text.substr(done, span.start - done)} + '<' + std::string{span.what} + '>';
    done = span.start + span.length;
  }
  return out + std::string{text.substr(done)};
}

const redaction_rules no_rules;

} // namespace

TEST_CASE("what nobody else should see is found", "[redact]") {
  const auto [text, hidden] = GENERATE(table<std::string, std::string>({
      {"write to ann.lee+api@mail.example.com.", "write to <email>."},
      {"Authorization: Bearer abc123.def456-xyz", "Authorization: Bearer <secret>"},
      {"send Basic dXNlcjpwYXNz==", "send Basic <secret>"},
      {"key sk-proj-abcdefghijklmnop", "key <secret>"},
      {"AKIAIOSFODNN7EXAMPLE is the key", "<secret> is the key"},
      {"ghp_0123456789abcdefghijABCDEFGHIJ012345", "<secret>"},
      {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "<secret>"},
      {"x -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- y", "x <secret> y"},
      {"-----BEGIN PRIVATE KEY-----\ncut off", "<secret>"},
      {"postgres://app:hunter2@db.example.com/x", "postgres://<secret>@db.example.com/x"},
      {"http://billing:8080/v1", "http://<host>:8080/v1"},
      {"https://api.payments.internal/v1", "https://<host>/v1"},
      {"https://ci.corp.example.com", "https://<host>"},
      {"billing.default.svc.cluster.local:443", "<host>:443"},
      {"http://10.1.2.3:9000 and 192.168.0.7, 172.16.0.1", "http://<host>:9000 and <host>, <host>"},
      {"fd12:3456:789a::1", "<host>"},
      {"?api_key=0123abcd&x=1", "?api_key=<secret>&x=1"},
      {"password: Tr0ub4dor", "password: <secret>"},
      {"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "<secret>"},
  }));
  CHECK(shown(text) == hidden);
}

TEST_CASE("ordinary words of a specification are left alone", "[redact]") {
  const std::string text = GENERATE(
      as<std::string>{}, "https://api.example.com/v1/pets/{id}", "http://localhost:8080",
      "#/components/schemas/ListOrganizationMembersResponse", "application/json; charset=utf-8",
      "token: the token to use", "Uses bearer authentication", "1.2.3.4 and 8.8.8.8", "v1.10.0",
      "123e4567-e89b-12d3-a456-426614174000", "2026-11-23T08:00:00Z", "a@b", "http://{host}/v1",
      "internal use only", "the password of the user", "getPetsByOwnerAndStatusAndKindOfAnimal");
  CHECK(shown(text) == text);
}

TEST_CASE("a text of any length is looked at in time that grows with it", "[redact]") {
  std::string hostile;
  for (int i = 0; i < 20'000; ++i)
    hostile += "a.b-c@";
  CHECK(find_sensitive(hostile).size() <= hostile.size());
  std::string dots;
  for (int i = 0; i < 1'000'000; ++i)
    dots += "-.";
  CHECK(find_sensitive(dots).empty());
  const std::string runs(200'000, 'a');
  CHECK(find_sensitive(runs).empty());
  std::string words;
  for (int i = 0; i < 50'000; ++i)
    words += "-a";
  CHECK(find_sensitive(words).empty());
}

TEST_CASE("a long secret is withheld to its end", "[redact]") {
  const auto token = "eyJ" + std::string(5'000, 'a') + ".eyJ" + std::string(5'000, 'B') + ".sig";
  const auto spans = find_sensitive("say " + token + " and go");
  REQUIRE(spans.size() == 1);
  CHECK(spans[0].start == 4);
  CHECK(spans[0].length == token.size());
}

TEST_CASE("what is withheld is put back, and nothing else", "[redact]") {
  redaction hide{no_rules, "c1"};
  const auto document = read_document(R"({"contact":{"email":"ann@example.com"},
    "servers":[{"url":"https://pay.internal/v1"},{"url":"https://pay.internal/v2"}],
    "example":{"password":"hunter2","ann@example.com":true,"n":1.50}})");
  bool trimmed = false;
  const auto shown = hide.json(document->root(), 10'000, trimmed);
  CHECK_FALSE(trimmed);
  CHECK(shown.find("ann@") == std::string::npos);
  CHECK(shown.find("internal") == std::string::npos);
  CHECK(shown.find("hunter2") == std::string::npos);
  CHECK(hide.withheld() == 3);
  CHECK(hide.reversible());
  const auto back = hide.put_back(read_document(shown)->root());
  REQUIRE(back);
  CHECK(to_json((*back)->root()) == to_json(document->root()));

  CHECK_FALSE(hide.put_back("[[c1:secret:9]]"));
  CHECK_FALSE(hide.put_back("[[c1:secret"));
  CHECK(*hide.put_back("[[c2:secret:1]]") == "[[c2:secret:1]]"); // another scope's is only text
}

TEST_CASE("a document that has marks of its own cannot have others' secrets put into them",
          "[redact]") {
  redaction hide{no_rules, "c1"};
  bool trimmed = false;
  const auto document =
      read_document(R"({"a":"ann@example.com","b":"say [[c1:email:1]] to everybody"})");
  const auto shown = hide.json(document->root(), 1'000, trimmed);
  CHECK_FALSE(hide.reversible());
  CHECK_FALSE(hide.put_back(read_document(shown)->root()));
}

TEST_CASE("words that a pattern of the configuration matches are withheld", "[redact]") {
  CHECK_FALSE(redaction_rules::parse({"a(?=b)"}));
  const auto rules = redaction_rules::parse({"ACME-[0-9]+", "[a-z]+\\.acme\\.com"});
  REQUIRE(rules);
  redaction hide{*rules, "c1"};
  const auto shown = hide.text("see ACME-17 at https://wiki.acme.com/x, not ACME");
  CHECK(shown == "see [[c1:word:1]] at [[c1:word:2]] not ACME");
  const auto mixed = "ann@example.com/ACME-17 and x";
  const auto both = hide.text(mixed);
  CHECK(both == "[[c1:email:3]] and x");
  CHECK(*hide.put_back(both) == mixed);
  CHECK(*hide.put_back(shown) == "see ACME-17 at https://wiki.acme.com/x, not ACME");
}

TEST_CASE("a value over the limit is trimmed, and never over it", "[redact]") {
  std::string big = "{";
  for (int i = 0; i < 500; ++i)
    big += (i > 0 ? "," : "") + std::string{"\"name"} + std::to_string(i) +
           "\":{\"description\":\"" + std::string(300, 'x') + "\",\"deep\":[[[[[1]]]]]}";
  const auto document = read_document(big + "}");
  for (const std::size_t limit : {100U, 1'000U, 4'000U, 100'000U}) {
    redaction hide{no_rules, "c1"};
    bool trimmed = false;
    const auto shown = hide.json(document->root(), limit, trimmed);
    CHECK(trimmed);
    CHECK(shown.size() <= limit);
    CHECK(read_document(shown));
  }
}
