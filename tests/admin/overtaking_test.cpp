#include "tests/admin/world.hpp"

#include <atomic>
#include <thread>

using namespace apisync;
using namespace apisync::admin;
using namespace apisync::test;

namespace {

response with_match(const world& w, request asked, std::string_view tag) {
  asked.headers.add("If-Match", std::string{tag});
  return w.send(std::move(asked));
}

std::string tag_of(const world& w, std::string_view target) {
  return std::string{w.send(world::make("GET", target)).headers.get("ETag")};
}

} // namespace

TEST_CASE("a write that names what it read fails when that is no longer so", "[overtaking]") {
  world w;
  auto const conflict = w.make_conflict();
  w.call(201, "POST", "/v1/apis", R"({"id":"users"})");
  struct write {
    std::string method, path, body, read, meanwhile;
  };
  std::vector<write> const writes{
      {"PATCH", "/v1/sources/main", R"({"interval":60000})", "/v1/sources/main",
       R"({"interval":70000})"},
      {"PATCH", "/v1/apis/users", R"({"owner":"ann"})", "/v1/apis/users", R"({"owner":"bob"})"},
      {"PATCH", "/v1/config", R"({"concurrency":4})", "/v1/config", R"({"concurrency":5})"},
      {"PUT", "/v1/config", R"({"concurrency":6})", "/v1/config", R"({"concurrency":7})"},
  };
  for (auto const& one : writes) {
    INFO(one.method << ' ' << one.path);
    auto const tag = tag_of(w, one.read);
    REQUIRE_FALSE(tag.empty());
    w.call(200, one.method, one.path, one.meanwhile);
    CHECK(with_match(w, world::make(one.method, one.path, one.body), tag).status == 412);
    CHECK(with_match(w, world::make(one.method, one.path, one.body), tag_of(w, one.read)).status ==
          200);
  }

  // The incoming side of the conflict moves on between reading and deciding.
  auto const path = "/v1/conflicts/" + conflict;
  auto const tag = tag_of(w, path);
  w.network->set("main", document("no bills"));
  w.sync("main");
  auto const decide = world::make("POST", path + "/resolve", R"({"choice":"incoming"})");
  CHECK(with_match(w, decide, tag).status == 412);
  CHECK(with_match(w, decide, tag_of(w, path)).status == 200);
}

TEST_CASE("changes of different members at the same time are all kept", "[overtaking]") {
  world w;
  w.call(201, "POST", "/v1/apis", R"({"id":"users"})");
  std::vector<std::thread> clients;
  std::atomic<int> failed = 0;
  for (int i = 0; i < 4; ++i)
    clients.emplace_back([&w, &failed, i] {
      for (int k = 0; k < 8; ++k) {
        auto const body =
            R"({"labels":{"l)" + std::to_string(i) + "-" + std::to_string(k) + R"(":"x"}})";
        if (w.send(world::make("PATCH", "/v1/apis/users", body)).status != 200) ++failed;
      }
    });
  for (auto& client : clients)
    client.join();
  CHECK(failed == 0);
  CHECK(w.get("/v1/apis/users")["labels"].size() == 32);
}

TEST_CASE("a change of a source is answered with what was changed", "[overtaking]") {
  world w;
  w.add("main", document("all bills"));
  // The place changes, the schedule does not: the answer must still wait for the views.
  for (int i = 0; i < 50; ++i) {
    auto const url = "https://specs.example.com/" + std::to_string(i);
    REQUIRE(w.call(200, "PATCH", "/v1/sources/main", R"({"url":")" + url + R"("})")["url"] == url);
  }
}
