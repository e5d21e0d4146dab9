#include "tests/system/served_folder.hpp"

#include <chrono>
#include <functional>
#include <thread>

using namespace apisync;
using nlohmann::json;

namespace {

bool reaches(const std::function<bool()>& there) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (std::chrono::steady_clock::now() < end)
    if (there()) return true;
  return false;
}

std::string document(const std::string& title) {
  return "openapi: 3.1.0\ninfo: {title: " + title + ", version: 1.0.0}\npaths: {}\n";
}

} // namespace

TEST_CASE("system: a directory of specifications becomes APIs, through kill -9 and back",
          "[system]") {
  test::served_folder house;
  house.folder.write("apisync.yaml", "folders:\n"
                                     "  - {id: services, files: 'specs/*/openapi.yaml', api: "
                                     "'{folder}', searchInterval: 1s}\n");
  house.folder.write("specs/billing/openapi.yaml", document("Billing"));
  house.folder.write("specs/shop/openapi.yaml", "openapi: 3.1.0\ninfo: {tit");
  house.start();
  const auto has_apis = [&](std::size_t count) {
    return reaches([&] {
      std::size_t good = 0;
      const auto apis = house.got("/v1/apis");
      for (const auto& api : apis["items"])
        good += api["revision"] == 1;
      return good == count;
    });
  };
  REQUIRE(has_apis(1));
  const auto folder = house.got("/v1/folders/services");
  CHECK(folder["state"] == "searched");
  CHECK(folder["unreadInAll"] == 1);
  CHECK_THAT(folder["unread"][0].get<std::string>(),
             Catch::StartsWith("specs/shop/openapi.yaml:2:"));

  house.folder.write("specs/shop/openapi.yaml", document("Shop"));
  REQUIRE(has_apis(2));
  CHECK_THAT(house.said({"folder", "list"}), Catch::Contains("services  searched"));

  CHECK(house.end(SIGKILL) != 0);
  house.folder.write("specs/users/openapi.yaml", document("Users"));
  house.start();
  REQUIRE(has_apis(3));
  CHECK(house.got("/v1/sources")["items"].size() == 3);
}
