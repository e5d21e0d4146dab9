#include "tests/support/http_fixture.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/tools/command_line.hpp"
#include "tools/discover_check.hpp"
#include "tools/discover_report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace apisync;
using namespace apisync::test;

namespace {

const std::string document =
    R"({"openapi":"3.1.0","info":{"title":"Coffee: \"Orders\"","version":"1"},"paths":{"/a":{"get":{"responses":{}}}}})";

/// Whether `apisync config check` takes what was printed.
bool is_configuration(const std::string& text) {
  const scratch_directory folder;
  command_line check;
  return check({"config", "check", folder.write("apisync.yaml", text)}) == 0;
}

} // namespace

TEST_CASE("a running service becomes a configuration", "[discovery]") {
  const http_fixture server{[](const http_request& request, const http_connection& connection) {
    const bool there = request.target == "/hidden.json";
    const bool page = request.target == "/docs";
    connection.send(
        http_fixture::answer(there || page ? 200 : 404, "",
                             there  ? document
                             : page ? R"(<!DOCTYPE html><redoc spec-url="/hidden.json"></redoc>)"
                                    : "none"));
  }};
  const auto port = std::to_string(server.port());
  command_line apisync;
  REQUIRE(apisync({"discover", "127.0.0.1:" + port}) == 0);
  CHECK(apisync.said("http: \"http://127.0.0.1:" + port + "/hidden.json\""));
  CHECK(apisync.said("allowAddresses: [\"127.0.0.1:" + port + "\"]"));
  CHECK(apisync.said("high: \"Coffee"));
  CHECK(is_configuration(apisync.out.str()));

  REQUIRE(apisync({"discover", "http://127.0.0.1:" + port + "/hidden.json", "--format", "json"}) ==
          0);
  const auto told = nlohmann::json::parse(apisync.out.str());
  CHECK(told["found"] == true);
  CHECK(told["documents"][0]["operations"] == 1);
  CHECK(is_configuration(told["configuration"].get<std::string>()));
}

TEST_CASE("a service without a document is bad news with advice", "[discovery]") {
  const http_fixture server{[](const http_request&, const http_connection& connection) {
    connection.send(http_fixture::answer(404, "", R"({"detail":"Not Found"})"));
  }};
  command_line apisync;
  REQUIRE(apisync({"discover", "127.0.0.1:" + std::to_string(server.port())}) == 1);
  CHECK(apisync.complained("openapi_url=None"));
}

TEST_CASE("an address for the machine itself is not asked", "[discovery]") {
  command_line apisync;
  REQUIRE(apisync({"discover", "http://169.254.169.254/"}) == 1);
  CHECK(apisync.complained("metadata"));
}

TEST_CASE("a code base becomes a configuration", "[discovery]") {
  const scratch_directory folder;
  folder.write("api/orders.yaml", "openapi: 3.0.3\ninfo: {title: Orders, version: '1'}\npaths: "
                                  "{/a: {get: {responses: {}}}}\n");
  folder.write("tests/orders.json", document);
  folder.write("node_modules/x/openapi.json", document);
  folder.write(".git/openapi.json", document);
  folder.write("tsconfig.json", R"({"openapi": 1})");
  folder.write("package.json", R"({"dependencies": {"@nestjs/core": "^10"}})");
  command_line apisync;
  REQUIRE(apisync({"discover", folder.path()}) == 0);
  CHECK(apisync.said("file: \"" + folder / "api/orders.yaml" + "\""));
  CHECK(apisync.said("medium: \"Coffee"));
  CHECK_FALSE(apisync.said("node_modules"));
  CHECK_FALSE(apisync.said(".git"));
  CHECK(apisync.complained("the code uses NestJS"));
  CHECK(is_configuration(apisync.out.str()));

  const scratch_directory empty;
  CHECK(apisync({"discover", empty.path()}) == 1);
  CHECK(apisync({"discover", "no such host"}) == 2);
}

TEST_CASE("ids are made of titles, each once", "[discovery]") {
  CHECK(tools::make_id("Orders & Co. (v2)", {}) == "orders-co-v2");
  CHECK(tools::make_id("Orders", {"orders", "orders-2"}) == "orders-3");
  CHECK(tools::make_id("注文", {}) == "api");
  CHECK(tools::make_id(std::string(300, 'x'), {}).size() <= 100);
}

TEST_CASE("all sources of a configuration are tried, and each refusal has its reason",
          "[discovery]") {
  const http_fixture server{[](const http_request& request, const http_connection& connection) {
    if (request.target == "/good.json")
      connection.send(http_fixture::answer(200, "", document));
    else if (request.target == "/other.json")
      connection.send(http_fixture::answer(200, "", R"({"a": 1})"));
    else
      connection.send(http_fixture::answer(request.target == "/locked" ? 401 : 404, "", "no"));
  }};
  const scratch_directory folder;
  folder.write("here.json", document);
  const auto config = folder.write("apisync.yaml", "allowAddresses: loopback\n"
                                                   "sources:\n"
                                                   "  - {id: here, api: a, file: here.json}\n"
                                                   "  - {id: away, api: b, file: away.json}\n"
                                                   "  - {id: hand, api: c, manual: true}\n"
                                                   "  - {id: good, api: d, http: '" +
                                                       server.url("/good.json") +
                                                       "'}\n"
                                                       "  - {id: other, api: e, http: '" +
                                                       server.url("/other.json") + "'}\n");
  command_line apisync;
  REQUIRE(apisync({"discover", "--check", config}) == 1);
  CHECK(apisync.said("4 tried, 2 refused: 1 gone, 1 no-document"));
  CHECK(apisync.said("away: gone: "));
  CHECK(apisync.said("other: no-document: "));
  CHECK_FALSE(apisync.said("hand"));

  const auto list = folder.write("list", "# services\n" + server.url("/good.json") + "\n\n" +
                                             server.url("/locked") + "\n");
  REQUIRE(apisync({"discover", "--check", list, "--format", "json"}) == 1);
  const auto told = nlohmann::json::parse(apisync.out.str());
  CHECK(told["tried"] == 2);
  CHECK(told["refused"] == 1);
  CHECK(told["sources"][0]["title"] == "Coffee: \"Orders\"");
  CHECK(told["sources"][1]["reason"] == "auth");

  REQUIRE(apisync({"discover", "--check", folder.write("one", server.url("/good.json"))}) == 0);
  CHECK(apisync.said("1 tried, 0 refused\n"));
}

TEST_CASE("what is checked is a list or a configuration, and nothing else is given",
          "[discovery]") {
  CHECK(tools::read_addresses("http://a\n # b\n\thttps://c \r\n") ==
        std::vector<std::string>{"http://a", "https://c"});
  CHECK(tools::read_addresses("http://a\nsources:\n").empty());
  const scratch_directory folder;
  command_line apisync;
  CHECK(apisync({"discover"}) == 2);
  CHECK(apisync({"discover", "localhost", "--check", "x"}) == 2);
  CHECK(apisync({"discover", "--check", folder / "missing"}) != 0);
  CHECK(apisync({"discover", "--check", folder.write("c", "sources: 3")}) == 2);
  CHECK(apisync.complained("apisync config check"));
}
