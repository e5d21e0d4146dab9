#include "tests/admin/world.hpp"

using namespace apisync;
using namespace apisync::test;
using Catch::Contains;

namespace {

const json titled{{"overlay", "1.0.0"},
                  {"info", {{"title", "Public"}, {"version", "1"}}},
                  {"actions",
                   {{{"target", "$.info"}, {"update", {{"title", "Bills for all"}}}},
                    {{"target", "$.paths['/gone']"}, {"remove", true}}}}};

std::string body(const json& overlays) {
  return json{{"overlays", overlays}}.dump();
}

} // namespace

TEST_CASE("overlays are tried, declared, shown and taken away") {
  world w;
  w.add("main", document("all bills"));
  auto const before = w.send(world::make("GET", "/v1/apis/billing/spec")).body;

  auto const tried =
      w.call(200, "POST", "/v1/apis/billing/overlays/preview", body(json::array({titled})));
  CHECK_THAT(tried["text"].get<std::string>(), Contains("Bills for all"));
  CHECK(tried["format"] == "yaml");
  CHECK(tried["warnings"] ==
        json::array({"overlay 'Public': the target $.paths['/gone'] selects nothing"}));
  CHECK(tried["difference"]["verdict"] == "compatible");
  CHECK(w.send(world::make("GET", "/v1/apis/billing/spec")).body == before);

  auto const declared = w.call(200, "PATCH", "/v1/apis/billing", body(json::array({titled})));
  CHECK(declared["overlays"] == json::array({"Public"}));
  CHECK(declared["revision"] == 2);
  auto const served = w.send(world::make("GET", "/v1/apis/billing/spec")).body;
  CHECK(served == tried["text"].get<std::string>());
  auto const shown = w.get("/v1/apis/billing/overlays");
  CHECK(shown["overlays"].at(0)["title"] == "Public");
  CHECK(shown["overlays"].at(0)["actions"] == 2);
  CHECK(shown["overlays"].at(0)["document"] == titled);
  CHECK(shown["warnings"].size() == 1);
  auto const revision = w.get("/v1/apis/billing/revisions/2");
  CHECK(revision["cause"]["kind"] == "overlays");
  CHECK(revision["warnings"].size() == 1);

  // Another change of the declaration leaves them.
  CHECK(w.call(200, "PATCH", "/v1/apis/billing", R"({"owner":"payments"})")["overlays"].size() ==
        1);
  CHECK(w.call(200, "PATCH", "/v1/apis/billing", body(json::array()))["revision"] == 3);
  CHECK(w.send(world::make("GET", "/v1/apis/billing/spec")).body == before);
}

TEST_CASE("what is no overlay changes nothing, and is told") {
  world w;
  w.add("main", document("all bills"));
  auto const bad = w.call(400, "PATCH", "/v1/apis/billing", body({{{"overlay", "9"}}}));
  CHECK_THAT(bad.dump(), Contains("1.0 or 1.1"));
  auto const file = w.call(400, "PATCH", "/v1/apis/billing", body({"public.yaml"}));
  CHECK_THAT(file.dump(), Contains("give the document itself"));
  w.call(400, "POST", "/v1/apis/billing/overlays/preview", "{}");
  w.call(404, "POST", "/v1/apis/nobody/overlays/preview", body(json::array()));
  w.call(400, "PATCH", "/v1/apis/billing", R"({"compatibility":{"levels":{"no-such":"info"}}})");
  CHECK(w.get("/v1/apis/billing")["revision"] == 1);
}

TEST_CASE("an API's own rules judge its comparisons and its conflicts") {
  world w;
  w.add("main", document("all bills", tax_path));
  w.network->set("main", document("all bills"));
  w.sync("main");
  CHECK(w.get("/v1/apis/billing/diff")["counts"]["error"] == 1);
  w.call(200, "PATCH", "/v1/apis/billing",
         R"({"compatibility":{"levels":{"api-path-removed-without-deprecation":"info"}}})");
  CHECK(w.get("/v1/apis/billing")["ownCompatibility"] == true);
  CHECK(w.get("/v1/apis/billing/diff")["counts"]["error"] == 0);
}
