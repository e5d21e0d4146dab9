#include "admin/router.hpp"
#include "tests/admin/world.hpp"

#include <set>

using namespace apisync;
using namespace apisync::admin;
using namespace apisync::test;

namespace {

/// The route's path with names of things that are there.
std::string filled(std::string_view path, const std::string& conflict) {
  std::string out;
  for (auto const segment : template_segments(path)) {
    auto const name = parameter_name(segment);
    bool const of_conflict = path.find("conflicts/") != std::string_view::npos;
    bool const of_api = path.find("apis/") != std::string_view::npos;
    bool const of_host = path.find("hosts/") != std::string_view::npos;
    out += '/';
    if (name.empty())
      out += segment;
    else if (name == "number")
      out += "1";
    else
      out += of_conflict ? conflict : of_api ? "billing" : of_host ? "specs.example.com" : "main";
  }
  return out.empty() ? "/" : out;
}

/// An answer without what it says of this very moment.
std::string lasting(const std::string& body) {
  auto answer = json::parse(body, nullptr, false);
  if (!answer.is_object()) return body;
  answer.erase("load");
  answer.erase("waits");
  return answer.dump();
}

/// What this world has none of: the tests of their own routes try them.
bool is_elsewhere(const route& entry) {
  return entry.path.starts_with("/v1/webhooks/") || entry.path.starts_with("/v1/targets/") ||
         entry.path.starts_with("/v1/folders/");
}

bool is_json(const route& entry) {
  return entry.answer.form == answer_shape::kind::object ||
         entry.answer.form == answer_shape::kind::list;
}

} // namespace

TEST_CASE("every answer says which sequence it reflects, in its body or its head", "[routes]") {
  world w;
  auto const conflict = w.make_conflict();
  for (auto const& entry : w.routes()) {
    if (entry.method != "GET" || entry.answer.form == answer_shape::kind::events) continue;
    if (is_elsewhere(entry)) continue;
    auto const path = filled(entry.path, conflict);
    INFO(path);
    auto const answer = w.send(world::make("GET", path));
    REQUIRE(answer.status == 200);
    if (is_json(entry))
      CHECK(json::parse(answer.body)["sequence"].is_number_unsigned());
    else
      CHECK_FALSE(answer.headers.get("Apisync-Sequence").empty());
    if (!entry.tagged) continue;
    auto const tag = answer.headers.get("ETag");
    CHECK_FALSE(tag.empty());
    auto again = world::make("GET", path);
    again.headers.add("If-None-Match", std::string{tag});
    auto const spared = w.send(again);
    CHECK(spared.status == 304);
    CHECK(spared.headers.get("ETag") == tag);
    CHECK_FALSE(spared.headers.get("Apisync-Sequence").empty());
  }
}

TEST_CASE("every look at the state can be a look at the past", "[routes]") {
  world w;
  auto const conflict = w.make_conflict();
  auto const at = w.get("/v1/status")["sequence"].dump();
  struct kept {
    std::string path, body;
  };
  std::vector<kept> then;
  for (auto const& entry : w.routes()) {
    bool const audit = entry.path.starts_with("/v1/events");
    if (entry.method != "GET" || !entry.path.starts_with("/v1/") || audit) continue;
    INFO(entry.path);
    CHECK(entry.past);
    if (is_elsewhere(entry)) continue;
    auto path = filled(entry.path, conflict);
    then.push_back({path + "?at=" + at, w.send(world::make("GET", path)).body});
    w.call(400, "GET", path + "?at=999999");
    w.call(400, "GET", path + "?at=soon");
  }
  w.network->set("main", document("nobody's bills"));
  w.sync("main");
  w.call(200, "POST", "/v1/conflicts/" + conflict + "/resolve", R"({"choice":"current"})");
  w.call(200, "PATCH", "/v1/config", R"({"concurrency":3})");
  w.call(200, "POST", "/v1/engine/pause");
  for (auto const& one : then) {
    INFO(one.path);
    CHECK(lasting(w.send(world::make("GET", one.path)).body) == lasting(one.body));
  }
}

TEST_CASE("every list is read in pages, whatever its length", "[routes]") {
  world w;
  w.make_conflict();
  w.network->set("second", document("all bills", tax_path));
  w.call(201, "POST", "/v1/sources",
         R"({"id":"second","api":"billing","kind":"http","role":"observer",)"
         R"("url":"https://specs.example.com/second"})");
  w.sync("second"); // nothing goes on while the lists are read
  w.call(201, "POST", "/v1/apis", R"({"id":"users"})");
  for (auto const& entry : w.routes()) {
    if (entry.answer.form != answer_shape::kind::list || is_elsewhere(entry)) continue;
    auto const path = filled(entry.path, "");
    INFO(path);
    auto const whole = w.get(path + "?limit=1000")["items"];
    auto paged = json::array();
    std::string cursor;
    do {
      auto const page = w.get(path + "?limit=1" + (cursor.empty() ? "" : "&cursor=" + cursor));
      REQUIRE(page["items"].size() <= 1);
      for (auto const& item : page["items"])
        paged.push_back(item);
      cursor = page["nextCursor"].is_null() ? "" : page["nextCursor"].get<std::string>();
    } while (!cursor.empty() && paged.size() <= whole.size());
    CHECK(paged == whole);
    w.call(400, "GET", path + "?limit=0");
    w.call(400, "GET", path + "?limit=1001");
    w.call(400, "GET", path + "?cursor=%21");
  }
}

TEST_CASE("a wrong request is a problem that says what is wrong, on every route", "[routes]") {
  world w;
  w.add("main", document("all bills"));
  for (auto const& entry : w.routes()) {
    auto const path = filled(entry.path, "billing:none");
    INFO(entry.method << ' ' << path);
    auto const odd = w.send(world::make(std::string{entry.method}, path + "?surely=not"));
    CHECK(odd.status == 400);
    CHECK(odd.content_type == "application/problem+json");
    CHECK(json::parse(odd.body)["where"] == "surely");
    if (entry.body.empty() || entry.body == "Document") continue;
    auto const torn = w.call(400, std::string{entry.method}, path, "{\"id\":", "application/json");
    CHECK(torn["code"] == "parse_error");
  }
  auto const method = w.send(world::make("DELETE", "/v1/status"));
  CHECK(method.status == 405);
  CHECK(method.headers.get("Allow") == "GET, HEAD");
  for (std::string const later : {"/v1/discover", "/v1/backup"})
    CHECK(w.call(404, "POST", later)["code"] == "not_found");
}

TEST_CASE("the description names exactly the routes that are served", "[routes]") {
  world w;
  auto const described = json::parse(w.send(world::make("GET", "/openapi.json")).body);
  std::set<std::string> served;
  for (auto const& entry : w.routes())
    served.insert(to_lower(entry.method) + " " + std::string{entry.path});
  std::set<std::string> told;
  for (auto const& [path, item] : described["paths"].items())
    for (auto const& [method, operation] : item.items()) {
      told.insert(method + " " + path);
      std::set<std::string> parameters;
      for (auto const& one : operation.value("parameters", json::array()))
        parameters.insert(one.contains("$ref") ? one["$ref"].get<std::string>()
                                               : one["name"].get<std::string>());
      bool const keyed = parameters.contains("#/components/parameters/idempotencyKey");
      CHECK(keyed ==
            (method == "post" && path != "/v1/config/plan" && !path.ends_with("/preview")));
    }
  CHECK(told == served);
}

TEST_CASE("a plan tells what a file would change, and changes nothing", "[routes]") {
  world w;
  w.add("main", document("all bills"));
  auto const head = w.get("/v1/status")["sequence"];
  auto const planned = w.call(200, "POST", "/v1/config/plan",
                              "settings: {concurrency: 3}\n"
                              "sources: [{id: other, api: other, file: other.yaml}]\n",
                              "application/yaml");
  REQUIRE(planned["changes"].size() == 3);
  CHECK(planned["changes"][0]["fields"][0] ==
        json{{"name", "concurrency"}, {"from", 8}, {"to", 3}});
  CHECK(planned["changes"][2]["id"] == "other");
  CHECK(planned["refusals"].empty());
  auto const refused = w.call(200, "POST", "/v1/config/plan",
                              R"({"sources":[{"id":"other","api":"billing","file":"b.yaml"}]})");
  CHECK(refused["refusals"].size() == 1);
  auto const wrong =
      w.call(400, "POST", "/v1/config/plan?name=apisync.yaml", "sourcez: []\n", "application/yaml");
  CHECK_THAT(wrong.dump(), Catch::Contains("apisync.yaml:1:1"));
  CHECK(w.get("/v1/status")["sequence"] == head);
}
