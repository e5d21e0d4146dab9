#include "tests/admin/world.hpp"
#include "tests/support/docs.hpp"

#include <map>
#include <set>

using namespace apisync;
using namespace apisync::admin;
using namespace apisync::test;

namespace {

struct told_route {
  bool past = false;
  std::string role;
};

/// The routes that the tables name. `/spec.json` after `GET /v1/apis/{id}/spec` is its neighbour.
std::map<std::string, told_route> told_routes(const std::set<std::string>& served) {
  std::map<std::string, told_route> out;
  for (auto const& cells : table_rows(project_file("docs/http-api.md"), "")) {
    std::string method;
    std::string path;
    bool const past = cells[0].find("`at`") != std::string::npos;
    auto const role = cells[1].substr(0, cells[1].find(' '));
    for (auto const& span : code_spans(cells[0])) {
      auto const space = span.find(' ');
      if (space != std::string::npos) method = span.substr(0, space);
      auto named = space == std::string::npos ? span : span.substr(space + 1);
      named.resize(std::min(named.size(), named.find('?')));
      if (method.empty() || !named.starts_with('/')) continue;
      auto const beside = path.substr(0, path.rfind('/')) + named;
      path = !path.empty() && served.contains(method + " " + beside) ? beside : named;
      out[method + " " + path] = {past, cells[1].find(';') == std::string::npos &&
                                                cells[1].find(" or") == std::string::npos
                                            ? role
                                            : ""};
    }
  }
  return out;
}

} // namespace

TEST_CASE("docs/http-api.md names each route, what it needs and whether it knows the past",
          "[docs]") {
  world w;
  std::set<std::string> served;
  for (auto const& entry : w.routes())
    served.insert(std::string{entry.method} + " " + std::string{entry.path});
  auto const told = told_routes(served);
  for (auto const& entry : w.routes()) {
    auto const name = std::string{entry.method} + " " + std::string{entry.path};
    INFO(name);
    REQUIRE(told.contains(name));
    CHECK(told.at(name).past == entry.past);
    if (!told.at(name).role.empty()) CHECK(told.at(name).role == to_string(entry.needed));
  }
  for (auto const& [name, facts] : told) {
    INFO(name);
    CHECK(served.contains(name));
  }
}

TEST_CASE("docs/http-api.md names every member of what is answered", "[docs]") {
  world w;
  auto const conflict = w.make_conflict();
  auto const text = project_file("docs/http-api.md");
  for (std::string const path :
       {"/v1/status", "/v1/metrics", "/v1/config", "/v1/sources/main", "/v1/jobs/main",
        "/v1/apis/billing", "/v1/apis/billing/revisions/1", "/v1/sources/main/explain"}) {
    auto const answer = w.get(path);
    for (auto const& [name, value] : answer.items()) {
      INFO(path << ": " << name);
      bool const told = text.find('"' + name + '"') != std::string::npos ||
                        text.find('`' + name + '`') != std::string::npos ||
                        text.find('`' + name + "?`") != std::string::npos;
      CHECK(told);
    }
  }
  auto const answer = w.get("/v1/conflicts/" + conflict);
  for (auto const& [name, value] : answer.items())
    CHECK(text.find('"' + name + '"') != std::string::npos);
}
