#include "tests/support/http_fixture.hpp"
#include "tests/support/scratch_directory.hpp"
#include "tests/system/service_process.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <unistd.h>

using namespace apisync;
using nlohmann::json;

namespace {

const std::string good = "openapi: 3.0.3\ninfo: {title: Bills, version: '1'}\npaths:\n  /bills:\n"
                         "    get: {responses: {'200': {description: fine}}}\n";

/// A source that serves something bad, and what the service must say of it.
struct bad_source {
  std::string id;
  std::string outcome;            ///< Of its sync.
  std::vector<std::string> words; ///< Among what is printed; the first names the place.
};

std::string nested(std::size_t depth) {
  return R"({"openapi":"3.0.3","x":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
}

std::string alias_bomb() {
  std::string text = "openapi: 3.0.3\na: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char name = 'b'; name <= 'j'; ++name) {
    text += std::string{name} + ": &" + name + " [";
    for (int i = 0; i < 9; ++i)
      text += std::string{i > 0 ? ", *" : "*"} + static_cast<char>(name - 1);
    text += "]\n";
  }
  return text;
}

/// Answers by path: what a URL may have in place of a document.
void misbehave(const test::http_request& asked, const test::http_connection& out) {
  using test::http_fixture;
  if (asked.target == "/html")
    out.send(http_fixture::answer(200, "Content-Type: text/html\r\n",
                                  "<!doctype html><html><body>Log in</body></html>"));
  else if (asked.target == "/garbage")
    out.send(http_fixture::answer(200, "Content-Type: application/json\r\n", "\x01\x02{{{"));
  else if (asked.target == "/no-openapi")
    out.send(http_fixture::answer(200, "Content-Type: application/json\r\n", R"({"hello":1})"));
  else if (asked.target == "/empty")
    out.send(http_fixture::answer(200, "Content-Type: application/json\r\n", ""));
  else if (asked.target == "/cut")
    out.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"openapi\":");
  else if (asked.target != "/nothing")
    out.send(http_fixture::answer(404, "", "not here"));
}

} // namespace

TEST_CASE("each bad document is kept out with its place, and the good ones go on", "[bad]") {
  const test::scratch_directory folder;
  test::http_fixture net{misbehave};
  folder.write("good.yaml", good);
  folder.write("half.json", R"({"openapi":"3.0.3","info":{"title":"Half")");
  folder.write("twice.json", "{\"openapi\":\"3.0.3\",\n\"info\":{},\n\"info\":{}}");
  folder.write("twice.yaml", "openapi: 3.0.3\ninfo: {}\npaths: {}\ninfo: {}\n");
  folder.write("nested.json", nested(100'000));
  folder.write("bomb.yaml", alias_bomb());
  folder.write("cycle.yaml", "openapi: 3.0.3\na: &a [*a]\n");
  std::filesystem::create_directories(folder / "folder.yaml");
  std::filesystem::create_symlink("/etc/hostname", folder / "outside.yaml");
  std::string sources;
  const auto file = [&](const std::string& id, const std::string& path) {
    sources += "  - {id: " + id + ", api: " + id + ", file: " + path + ", interval: 1h}\n";
  };
  const auto url = [&](const std::string& id) {
    sources +=
        "  - {id: " + id + ", api: " + id + ", http: '" + net.url("/" + id) + "', interval: 1h}\n";
  };
  file("good", "good.yaml");
  for (const std::string id : {"half.json", "twice.json", "twice.yaml", "nested.json", "bomb.yaml",
                               "cycle.yaml", "folder.yaml", "outside.yaml", "missing.yaml"})
    file(id, id);
  for (const std::string id : {"html", "garbage", "no-openapi", "empty", "cut", "nothing", "gone"})
    url(id);
  if (::geteuid() != 0) { // root may read everything
    std::filesystem::permissions(folder.write("secret.yaml", good), std::filesystem::perms::none);
    file("secret.yaml", "secret.yaml");
  }
  const auto config = folder.write("apisync.yaml", "roots: [.]\nallowAddresses: [loopback]\n"
                                                   "settings: {maxRetries: 0}\nsources:\n" +
                                                       sources);
  test::program service{
      {"serve", "--config", config, "--data", folder / "data", "--listen", "127.0.0.1:0"}};
  const auto server = "http://127.0.0.1:" + std::to_string(test::port_of(service));

  std::vector<bad_source> expected{
      {"half.json", "quarantined", {"half.json:1:"}},
      {"twice.json", "quarantined", {"twice.json:3:1", "info"}},
      {"twice.yaml", "quarantined", {"twice.yaml:4:1", "info"}},
      {"nested.json", "quarantined", {"nested.json", "deep"}},
      {"bomb.yaml", "quarantined", {"bomb.yaml", "alias"}},
      {"cycle.yaml", "quarantined", {"cycle.yaml", "alias"}},
      {"folder.yaml", "failed", {"folder.yaml", "directory"}},
      {"outside.yaml", "failed", {"outside.yaml", "root"}},
      {"missing.yaml", "failed", {"missing.yaml", "no such file"}},
      {"html", "failed", {"/html", "HTML"}},
      {"garbage", "quarantined", {"garbage:1:"}},
      {"no-openapi", "quarantined", {"no-openapi", "OpenAPI"}},
      {"empty", "failed", {"/empty", "empty"}},
      {"cut", "failed", {"/cut"}},
      {"nothing", "failed", {"/nothing"}},
      {"gone", "failed", {"/gone", "404"}},
  };
  if (::geteuid() != 0) expected.push_back({"secret.yaml", "failed", {"secret.yaml", "ermission"}});
  for (const auto& one : expected) {
    const auto synced = test::run_program({"source", "sync", one.id, "--wait", "--server", server});
    INFO(one.id << ": " << synced.output);
    // What is kept out and there unchanged is not judged again, but told again.
    CHECK(synced.status == 1);
    CHECK((synced.output.find(one.outcome) != std::string::npos ||
           (one.outcome == "quarantined" &&
            synced.output.find("still kept out") != std::string::npos)));
    for (const auto& word : one.words)
      CHECK(synced.output.find(word) != std::string::npos);
    const auto told = test::run_program({"source", "explain", one.id, "--server", server});
    INFO(told.output);
    CHECK(told.status == 0);
    CHECK(told.output.find(one.outcome == "failed" ? "failing" : "quarantined") !=
          std::string::npos);
  }
  // Nothing of it has touched the others.
  const auto ended = test::run_program({"source", "sync", "good", "--wait", "--server", server});
  CHECK(ended.status == 0);
  const auto spec = test::run_program({"api", "spec", "good", "--server", server});
  CHECK(spec.output == good);
  CHECK(service.finish(SIGTERM) == 0);
  CHECK(test::run_program({"log", "verify", "--data", folder / "data"}).status == 0);
}

TEST_CASE("a document that turns bad leaves the last good revision in its place", "[bad]") {
  const test::scratch_directory folder;
  folder.write("bills.yaml", good);
  const auto config = folder.write(
      "apisync.yaml",
      "roots: [.]\nsources: [{id: bills, api: bills, file: bills.yaml, interval: 1h}]\n");
  test::program service{
      {"serve", "--config", config, "--data", folder / "data", "--listen", "127.0.0.1:0"}};
  const auto server = "http://127.0.0.1:" + std::to_string(test::port_of(service));
  const auto run = [&](std::vector<std::string> call) {
    call.insert(call.end(), {"--server", server});
    return test::run_program(std::move(call));
  };
  REQUIRE(run({"source", "sync", "bills", "--wait"}).status == 0);
  folder.write("bills.yaml", good.substr(0, good.find("paths")) + "paths: {");
  run({"source", "sync", "bills", "--wait"});
  CHECK(run({"api", "spec", "bills"}).output == good);
  const auto status = json::parse(run({"status", "--format", "json"}).output);
  CHECK(status["quarantined"] == 1);
  CHECK(status["lastError"]["where"].get<std::string>().find("bills") != std::string::npos);
  folder.write("bills.yaml", good + "# back\n");
  CHECK(run({"source", "sync", "bills", "--wait"}).status == 0);
  CHECK(json::parse(run({"status", "--format", "json"}).output)["quarantined"] == 0);
}

TEST_CASE("a log that is damaged, cut or of a newer version is named and not served", "[bad]") {
  const test::scratch_directory folder;
  const auto data = folder / "data";
  {
    test::program service{{"serve", "--data", data, "--listen", "127.0.0.1:0"}};
    test::port_of(service);
    CHECK(service.finish(SIGTERM) == 0);
  }
  const auto serve = [&] {
    return test::run_program({"serve", "--data", data, "--listen", "127.0.0.1:0"});
  };
  const auto format = std::filesystem::path{data} / "format";
  REQUIRE(std::filesystem::exists(format));
  folder.write("data/format", "apisync data 99\n");
  auto refused = serve();
  INFO(refused.output);
  CHECK(refused.status == 1);
  CHECK(refused.output.find("newer version") != std::string::npos);
  CHECK(refused.output.find("format") != std::string::npos);
  folder.write("data/format", "apisync data 1\n");

  // One bit of the newest records.
  std::filesystem::path wal;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{data})
    if (entry.path().extension() == ".log" && entry.file_size() > 100) wal = entry.path();
  REQUIRE_FALSE(wal.empty());
  const auto before = std::filesystem::file_size(wal);
  {
    std::fstream file{wal, std::ios::in | std::ios::out | std::ios::binary};
    file.seekg(60);
    const auto byte = static_cast<char>(file.get() ^ 4);
    file.seekp(60);
    file.put(byte);
  }
  refused = serve();
  INFO(refused.output);
  CHECK(refused.status == 1);
  CHECK(std::filesystem::file_size(wal) == before); // left as it was
  const auto verified = test::run_program({"log", "verify", "--data", data});
  CHECK(verified.status == 1);
}
