#include "specs/bundle.hpp"
#include "specs/reference_address.hpp"
#include "specs/references.hpp"
#include "tests/specs/text_document.hpp"
#include "tests/support/read_document.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

using namespace apisync;
using namespace apisync::specs;
using testing::text;
using tests::read_document;

namespace {

using strings = std::vector<std::string>;

/// Files by address, as a caller's loader gives them.
struct files {
  std::map<std::string, std::string> texts;
  strings asked = {};

  result<bundled> bundle(const std::string& first, const bundle_limits& limits = {}) {
    const document_loader load = [&](const std::string& address) -> result<document_ptr> {
      asked.push_back(address);
      const auto found = texts.find(address);
      if (found == texts.end()) return fail(errc::not_found, "there is no such file", address);
      return read_document(found->second);
    };
    return specs::bundle(read_document(texts.at(first)), first, load, limits);
  }
};

std::string openapi(const std::string& rest, const std::string& version = "3.0.3") {
  return "openapi: " + version + "\n" + rest;
}

std::string text_at(const result<bundled>& made, std::string_view pointer) {
  if (!made) return render(made.error());
  return text(made->document->at(pointer));
}

} // namespace

TEST_CASE("A document without other files is its own bundle") {
  files of{
      {{"a.yaml", openapi("paths: {}\ncomponents: {schemas: {S: {$ref: '#/components/schemas/T'}, "
                          "T: {example: {$ref: x.yaml}}}}")}}};
  const auto document = read_document(of.texts.at("a.yaml"));
  CHECK_FALSE(refers_outside(*document));
  const auto made = of.bundle("a.yaml");
  REQUIRE(made);
  CHECK(made->files.empty());
  CHECK(of.asked.empty());
}

TEST_CASE("Referenced parts become components, shared ones once") {
  files of{
      {{"api/openapi.yaml", openapi("paths:\n  /a:\n    get:\n      parameters: [{$ref: "
                                    "'common/p.yaml#/limit'}]\n      responses:\n        '200': "
                                    "{$ref: 'common/r.yaml#/ok'}\n        '404': {$ref: "
                                    "'./common/../common/r.yaml#/ok'}\n")},
       {"api/common/p.yaml", "limit: {name: limit, in: query, schema: {$ref: "
                             "'../schemas/int.yaml'}}"},
       {"api/common/r.yaml", "ok: {description: d, content: {a/b: {schema: {$ref: "
                             "'#/pet'}}}}\npet: {properties: {n: {$ref: "
                             "'../schemas/int.yaml'}, parent: {$ref: '#/pet'}}}"},
       {"api/schemas/int.yaml", "type: integer"}}};
  const auto made = of.bundle("api/openapi.yaml");
  REQUIRE(made);
  CHECK(text_at(made, "/paths/~1a/get/responses") ==
        "{'200':{'$ref':'#/components/responses/ok'},'404':{'$ref':'#/components/responses/ok'}}");
  CHECK(
      text_at(made, "/components") ==
      "{'parameters':{'limit':{'name':'limit','in':'query','schema':{'$ref':'#/components/schemas/"
      "int'}}},'responses':{'ok':{'description':'d','content':{'a/b':{'schema':{'$ref':'#/"
      "components/schemas/pet'}}}}},'schemas':{'int':{'type':'integer'},'pet':{'properties':{'n':{'"
      "$ref':'#/components/schemas/int'},'parent':{'$ref':'#/components/schemas/pet'}}}}}");
  CHECK(made->files == strings{"api/common/p.yaml", "api/common/r.yaml", "api/schemas/int.yaml"});
  CHECK(of.asked == made->files);
  CHECK(dangling_references(*made->document).empty());
  CHECK_FALSE(refers_outside(*made->document));
  CHECK(file_of(made->parts, "/components/schemas/pet/properties") == "api/common/r.yaml");
  CHECK(file_of(made->parts, "/paths/~1a").empty());
}

TEST_CASE("The same files give the same bundle") {
  files of{
      {{"a.yaml", openapi("paths: {/b: {$ref: 'b.yaml#/x'}, /a: {$ref: 'b.yaml#/y'}}")},
       {"b.yaml", "x: {get: {responses: {'200': {$ref: 'c.yaml'}}}}\ny: {put: {responses: {'200': "
                  "{$ref: 'd/c.yaml'}}}}"},
       {"c.yaml", "description: one"},
       {"d/c.yaml", "description: two"}}};
  const auto first = of.bundle("a.yaml");
  const auto second = of.bundle("a.yaml");
  REQUIRE(first);
  REQUIRE(second);
  CHECK(text(first->document) == text(second->document));
  CHECK(text_at(first, "/components/responses") ==
        "{'c':{'description':'one'},'c_2':{'description':'two'}}");
}

TEST_CASE("Names that are taken get the file's name before them") {
  files of{
      {{"a.yaml", openapi("paths: {}\ncomponents:\n  schemas:\n    Pet: {type: string}\n    Other: "
                          "{properties: {p: {$ref: 'more pets.yaml#/Pet'}}}\n")},
       {"more pets.yaml", "Pet: {type: object}"}}};
  of.texts["a.yaml"] =
      openapi("paths: {}\ncomponents:\n  schemas:\n    Pet: {type: string}\n    Other: "
              "{properties: {p: {$ref: 'more%20pets.yaml#/Pet'}}}\n");
  const auto made = of.bundle("a.yaml");
  CHECK(text_at(made, "/components/schemas") ==
        "{'Pet':{'type':'string'},'Other':{'properties':{'p':{'$ref':'#/components/schemas/"
        "more_pets_Pet'}}},'more_pets_Pet':{'type':'object'}}");
}

TEST_CASE("An entry that is nothing but a reference becomes the home of its target") {
  files of{
      {{"a.yaml",
        openapi("paths: {}\ncomponents:\n  schemas:\n    Pet: {$ref: pet.yaml}\n    Same: "
                "{$ref: pet.yaml}\n    List: {type: array, items: {$ref: pet.yaml}}\n")},
       {"pet.yaml", "properties: {friend: {$ref: 'a.yaml#/components/schemas/Pet'}, self: {$ref: "
                    "'#'}}"}}};
  const auto made = of.bundle("a.yaml");
  CHECK(text_at(made, "/components/schemas") ==
        "{'Pet':{'properties':{'friend':{'$ref':'#/components/schemas/Pet'},'self':{'$ref':'#/"
        "components/schemas/Pet'}}},'Same':{'$ref':'#/components/schemas/"
        "Pet'},'List':{'type':'array','items':{'$ref':'#/components/schemas/Pet'}}}");
}

TEST_CASE("Path items take the place of the reference to them") {
  files of{{{"a.yaml", openapi("paths:\n  /a: {$ref: 'p.yaml#/~1a', summary: s}\n")},
            {"p.yaml", "/a: {get: {responses: {'200': {$ref: '#/ok'}}}}\nok: {description: d}"}}};
  const auto made = of.bundle("a.yaml");
  CHECK(text_at(made, "/paths/~1a") ==
        "{'get':{'responses':{'200':{'$ref':'#/components/responses/ok'}}},'summary':'s'}");
  REQUIRE(made);
  CHECK(file_of(made->parts, "/paths/~1a/get") == "p.yaml");
  files circle{{{"a.yaml", openapi("paths: {/a: {$ref: p.yaml}}")},
                {"p.yaml", "get: {callbacks: {c: {x: {$ref: p.yaml}}}}"}}};
  const auto refused = circle.bundle("a.yaml");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::limit_exceeded);
}

TEST_CASE("An operation in a file of its own takes the place of the reference to it") {
  files of{{{"a.yaml", openapi("paths:\n  /a:\n    get: {$ref: get.yaml}\n")},
            {"get.yaml", "responses: {'200': {description: d}}"}}};
  CHECK(text_at(of.bundle("a.yaml"), "/paths/~1a/get") ==
        "{'responses':{'200':{'description':'d'}}}");
}

TEST_CASE("Circles through several files are normal") {
  files of{{{"a.yaml", openapi("paths: {}\ncomponents: {schemas: {A: {properties: {b: {$ref: "
                               "'b.yaml#/B'}}}}}")},
            {"b.yaml", "B: {properties: {a: {$ref: 'a.yaml#/components/schemas/A'}, c: {$ref: "
                       "'c.yaml#/C'}}}"},
            {"c.yaml", "C: {properties: {b: {$ref: 'b.yaml#/B'}}}"}}};
  const auto made = of.bundle("a.yaml");
  REQUIRE(made);
  CHECK(dangling_references(*made->document).empty());
  CHECK(made->document->at("/components/schemas").size() == 3);
}

TEST_CASE("Swagger 2.0 has its own places for components") {
  files of{
      {{"a.yaml", "swagger: '2.0'\npaths: {/a: {get: {parameters: [{$ref: 'x.yaml#/p'}], "
                  "responses: {'200': {schema: {$ref: 'x.yaml#/s'}}}}}}\ndefinitions: {d: {}}"},
       {"x.yaml", "p: {name: p, in: query, type: string}\ns: {type: object}"}}};
  const auto made = of.bundle("a.yaml");
  CHECK(text_at(made, "/definitions") == "{'d':{},'s':{'type':'object'}}");
  CHECK(text_at(made, "/parameters/p/in") == "'query'");
  CHECK(text_at(made, "/paths/~1a/get/responses/200/schema") == "{'$ref':'#/definitions/s'}");
}

TEST_CASE("Headers, security schemes and mappings are followed too") {
  files of{{{"a.yaml",
             openapi("paths: {/a: {get: {responses: {'200': {description: d, headers: {H: "
                     "{$ref: 'x.yaml#/h'}}}}}}}\ncomponents:\n  securitySchemes: {k: {$ref: "
                     "'x.yaml#/k'}}\n  schemas:\n    S: {oneOf: [{$ref: 'x.yaml#/dog'}], "
                     "discriminator: {propertyName: t, mapping: {d: 'x.yaml#/dog', s: S}}}\n")},
            {"x.yaml",
             "h: {schema: {type: string}}\nk: {type: apiKey, name: n, in: header}\ndog: {type: "
             "object}"}}};
  const auto made = of.bundle("a.yaml");
  CHECK(text_at(made, "/components/headers") == "{'h':{'schema':{'type':'string'}}}");
  CHECK(text_at(made, "/components/securitySchemes/k/type") == "'apiKey'");
  CHECK(text_at(made, "/components/schemas/S/discriminator/mapping") ==
        "{'d':'#/components/schemas/dog','s':'S'}");
}

TEST_CASE("What cannot be followed names the file and the reference") {
  files of{{{"a.yaml", openapi("paths: {}\ncomponents:\n  schemas:\n    S: {items: {$ref: "
                               "'gone.yaml#/X'}}\n")}}};
  const auto gone = of.bundle("a.yaml");
  REQUIRE_FALSE(gone);
  CHECK(render(gone.error()) == "a.yaml:5:17: the reference 'gone.yaml#/X' cannot be followed: "
                                "gone.yaml: there is no such file");
  of.texts["gone.yaml"] = "Y: {$ref: 'other.yaml'}";
  CHECK(render(of.bundle("a.yaml").error()) ==
        "a.yaml:5:17: the reference 'gone.yaml#/X' cannot be followed: gone.yaml has no such part");
  of.texts["gone.yaml"] = "X: {properties: {z: {$ref: 'other.yaml'}}}";
  CHECK(
      render(of.bundle("a.yaml").error()) ==
      "gone.yaml:1:22: the reference 'other.yaml' cannot be followed: other.yaml: there is no such "
      "file");
  files anchors{{{"a.yaml", openapi("paths: {}\ncomponents: {schemas: {S: {items: {$ref: "
                                    "'b.yaml#here'}}}}",
                                    "3.1.0")},
                 {"b.yaml", "{}"}}};
  CHECK(anchors.bundle("a.yaml").error().code == errc::unsupported);
}

TEST_CASE("References to other hosts stay, and are told") {
  files of{{{"a.yaml",
             openapi("paths: {}\ncomponents: {schemas: {S: {$ref: 'https://x.test/s.yaml'}}}")}}};
  const auto made = of.bundle("a.yaml");
  REQUIRE(made);
  CHECK(of.asked.empty());
  REQUIRE(made->kept.size() == 1);
  CHECK(made->kept[0].message ==
        "the reference 'https://x.test/s.yaml' leads to another host and is not fetched");
}

TEST_CASE("Bundles are bounded in files and values") {
  files of;
  for (int i = 0; i < 12; ++i)
    of.texts["f" + std::to_string(i) + ".yaml"] =
        "{items: {$ref: f" + std::to_string(i + 1) + ".yaml}}";
  of.texts["f12.yaml"] = "{}";
  of.texts["a.yaml"] = openapi("paths: {}\ncomponents: {schemas: {S: {items: {$ref: f0.yaml}}}}");
  CHECK(of.bundle("a.yaml", {.files = 13, .max_nodes = 1000}));
  CHECK(of.bundle("a.yaml", {.files = 12, .max_nodes = 1000}).error().code == errc::limit_exceeded);
  CHECK(of.bundle("a.yaml", {.files = 13, .max_nodes = 20}).error().code == errc::limit_exceeded);
}

TEST_CASE("Addresses are resolved as paths are") {
  CHECK(resolve_address("a/b.yaml", "c.yaml") == "a/c.yaml");
  CHECK(resolve_address("a/b.yaml", "../c.yaml") == "c.yaml");
  CHECK(resolve_address("b.yaml", "../c.yaml") == "../c.yaml");
  CHECK(resolve_address("../b.yaml", "../c.yaml") == "../../c.yaml");
  CHECK(resolve_address("/a/b.yaml", "../../../c.yaml") == "/c.yaml");
  CHECK(resolve_address("a/b.yaml", "/c.yaml") == "/c.yaml");
  CHECK(resolve_address("a/b.yaml", "./d//e%20f.yaml") == "a/d/e f.yaml");
}

TEST_CASE("a relative reference in a file on a server is a URL of that server", "[bundle]") {
  const auto at = [](std::string_view reference) {
    return resolve_address("https://a.example:8443/api/v1/root.yaml?key=1&x=/y/#z", reference);
  };
  CHECK(at("parts/a.yaml") == "https://a.example:8443/api/v1/parts/a.yaml");
  CHECK(at("../b.yaml") == "https://a.example:8443/api/b.yaml");
  CHECK(at("../../../../b.yaml") == "https://a.example:8443/b.yaml");
  CHECK(at("/b.yaml") == "https://a.example:8443/b.yaml");
  CHECK(at("b.yaml?raw=1/..") == "https://a.example:8443/api/v1/b.yaml?raw=1/..");
  CHECK(at("?raw=1") == "https://a.example:8443/api/v1/root.yaml?raw=1");
  CHECK(at("a%2Fb%20c.yaml") == "https://a.example:8443/api/v1/a%2Fb%20c.yaml");
  CHECK(at("//b.example/c.yaml") == "https://b.example/c.yaml");
  CHECK(at("https://b.example/d/../c.yaml") == "https://b.example/c.yaml");
  CHECK(resolve_address("http://a.example", "c.yaml") == "http://a.example/c.yaml");
  CHECK(resolve_address("", "http://a.example/x/./c.yaml?q") == "http://a.example/x/c.yaml?q");
  CHECK(origin_of("http://a.example?q") == "http://a.example");
  CHECK(origin_of("a/b://c").empty());
  CHECK(is_remote("https://a.test/b"));
  CHECK(is_remote("//a.test/b"));
  CHECK_FALSE(is_remote("a/b:c.yaml"));
  CHECK_FALSE(is_remote("#/a"));
}
