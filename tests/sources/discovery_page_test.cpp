#include "sources/discovery_page.hpp"
#include "sources/discovery_places.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace apisync::sources;

namespace {

using links = std::vector<std::string>;

links links_of(std::string_view text) {
  return read_page(text).links;
}

} // namespace

TEST_CASE("a page of Swagger UI names its document, in the page or in a script", "[discovery]") {
  CHECK(
      links_of(
          R"(<title>Swagger UI</title><script>SwaggerUIBundle({ url: "/openapi.json" })</script>)") ==
      links{"/openapi.json"});
  CHECK(links_of(
            R"(<div id="swagger-ui"></div><script src="./swagger-initializer.js?v=1"></script>)") ==
        links{"./swagger-initializer.js?v=1"});
  CHECK(links_of(R"(SwaggerUIBundle({urls: [{"url":"v1/swagger.json","name":"One"},
                    {"url":"v2/swagger.json","name":"Two"}]}))") ==
        links{"v1/swagger.json", "v2/swagger.json"});
  CHECK(links_of(R"({"configUrl":"/v3/api-docs/swagger-config","url":"\/v3\/api-docs"})") ==
        links{"/v3/api-docs", "/v3/api-docs/swagger-config"});
}

TEST_CASE("pages of Redoc, Scalar, RapiDoc and Elements name theirs", "[discovery]") {
  CHECK(links_of("<redoc spec-url='api.yaml'></redoc>") == links{"api.yaml"});
  CHECK(links_of("<script>Redoc.init( 'https://a.example/api.json', {})</script>") ==
        links{"https://a.example/api.json"});
  CHECK(links_of(R"(<script id="api-reference" data-url="/openapi/v1.json"></script>)") ==
        links{"/openapi/v1.json"});
  CHECK(
      links_of(
          R"(<script id="api-reference" data-configuration="{&quot;url&quot;:&quot;/o.json?a=1&amp;b=2&quot;}">)") ==
      links{"/o.json?a=1&b=2"});
  CHECK(links_of(R"(<rapi-doc spec-url = "/o.yaml">)") == links{"/o.yaml"});
  CHECK(links_of(R"(<elements-api apiDescriptionUrl="/o.json" router="hash">)") ==
        links{"/o.json"});
  CHECK(links_of(R"(<link rel="service-desc" type="application/json" href="/api.json">)") ==
        links{"/api.json"});
}

TEST_CASE("other pages, broken ones and long ones lead nowhere", "[discovery]") {
  CHECK(links_of(R"(<html><a href="x" url="/y">a shop</a></html>)").empty());
  CHECK(links_of("swagger url:").empty());
  CHECK(links_of("swagger url: 'never closed").empty());
  CHECK(links_of("swagger url: 'has a blank'").empty());
  CHECK(links_of("swagger curl: '/x' url2: '/y'").empty());
  CHECK(links_of("swagger url: '" + std::string(3000, 'x') + "'").empty());
  CHECK(links_of("swagger" + std::string(page_read_max, ' ') + "url: '/late'").empty());
  std::string many = "swagger";
  for (int i = 0; i < 100; ++i)
    many += " url: '/" + std::to_string(i) + "'";
  CHECK(links_of(many).size() == page_links_max);
}

TEST_CASE("a document within the page is told", "[discovery]") {
  CHECK(read_page(R"(var options = {"swaggerDoc": {"openapi": "3.0.0"}}; // swagger-ui)").embedded);
  CHECK_FALSE(read_page(R"(SwaggerUIBundle({url: "/o.json"}) // swagger)").embedded);
}

TEST_CASE("a catalogue of RFC 9727 gives descriptions, items and further catalogues",
          "[discovery]") {
  CHECK(read_catalog(R"({"linkset":[
          {"anchor":"https://a.example/foo",
           "service-desc":[{"href":"https://a.example/foo/spec","type":"application/yaml"}],
           "service-doc":[{"href":"https://a.example/foo/doc"}]},
          {"anchor":"https://a.example/", "item":[{"href":"/bar"}], "api-catalog":[{"href":"/more"}]}]})") ==
        links{"https://a.example/foo/spec", "/bar", "/more"});
  CHECK(read_catalog("{}").empty());
  CHECK(read_catalog("[1").empty());
  CHECK(read_catalog(R"({"linkset":[3,{"item":[{"href":4},5]}]})").empty());
}

TEST_CASE("links lead where RFC 3986 says", "[discovery]") {
  const std::string base = "http://h:8000/docs/index.html?x=/y";
  CHECK(follow_link(base, "a.json") == "http://h:8000/docs/a.json");
  CHECK(follow_link(base, "./a.json#x") == "http://h:8000/docs/./a.json");
  CHECK(follow_link(base, "/a.json") == "http://h:8000/a.json");
  CHECK(follow_link(base, "//g/a.json") == "http://g/a.json");
  CHECK(follow_link(base, "https://g/a.json") == "https://g/a.json");
  CHECK(follow_link(base, "?b") == "http://h:8000/docs/index.html?b");
  CHECK(follow_link("http://h", "a.json") == "http://h/a.json");
  CHECK_FALSE(follow_link(base, "#top"));
  CHECK_FALSE(follow_link(base, "javascript:alert(1)"));
  CHECK_FALSE(follow_link(base, "data:application/json,{}"));
  CHECK_FALSE(follow_link("nowhere", "a.json"));
}

TEST_CASE("the tables hold each place once, and advice for every framework they tell",
          "[discovery]") {
  std::set<std::string_view> paths;
  for (const auto& known : known_paths()) {
    CHECK(known.path.starts_with('/'));
    CHECK(paths.insert(known.path).second);
  }
  for (const auto& mark : answer_marks()) {
    INFO(mark.framework);
    CHECK_FALSE(advice_for(mark.framework).empty());
  }
  for (const auto& mark : manifest_marks()) {
    INFO(mark.framework);
    CHECK_FALSE(advice_for(mark.framework).empty());
  }
  CHECK(framework_of_answer(R"({"message":"Cannot GET /a","error":"Not Found"})") == "NestJS");
  CHECK(framework_of_answer("<pre>Cannot GET /a</pre>") == "Express");
  CHECK(framework_of_answer("nothing").empty());
}
