#include "sources/default_fetcher.hpp"
#include "tests/support/fetch_support.hpp"
#include "tests/support/git_fixture.hpp"
#include "tests/support/http_fixture.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <vector>

using namespace apisync;
using namespace apisync::sources;
using namespace apisync::test;

TEST_CASE("each kind of source is fetched by the one fetcher") {
  const scratch_directory scratch;
  scratch.write("spec.json", "from a file");
  git_fixture repository(scratch / "repo.git");
  repository.commit("One", {{"spec.json", "from git"}});
  const http_fixture server([](const http_request&, const http_connection& connection) {
    connection.send(http_fixture::answer(200, "", "from a server"));
  });
  fetcher_config config;
  config.roots = {"."};
  config.base = scratch.path();
  config.allow_addresses = {"loopback"};
  const auto fetcher = make_fetcher(config);
  REQUIRE(fetcher);

  fetch_request asked;
  asked.from.path = "spec.json";
  CHECK(*found_by(fetch_now(**fetcher, asked)).versions.at(0).bytes == "from a file");
  asked.from.type = location::kind::git;
  asked.from.url = "repo.git";
  CHECK(*found_by(fetch_now(**fetcher, asked)).versions.at(0).bytes == "from git");
  asked.from.type = location::kind::http;
  asked.from.url = server.url("/");
  CHECK(*found_by(fetch_now(**fetcher, asked)).versions.at(0).bytes == "from a server");
}

TEST_CASE("a fetcher with a root or an address that makes no sense is not made") {
  fetcher_config config;
  config.roots = {"no/such/directory"};
  CHECK(make_fetcher(config).error().code == errc::not_found);
  config.roots.clear();
  config.allow_addresses = {"10.0.0.0/99"};
  CHECK(make_fetcher(config).error().code == errc::invalid_argument);
}

TEST_CASE("the end of the fetcher answers what is under way") {
  const http_fixture silent(
      [](const http_request&, const http_connection& connection) { connection.wait_for_close(); });
  fetcher_config config;
  config.allow_addresses = {"loopback"};
  auto fetcher = make_fetcher(config);
  REQUIRE(fetcher);
  fetch_request asked;
  asked.from.type = location::kind::http;
  asked.from.url = silent.url("/");
  std::vector<std::unique_ptr<pending_fetch>> pending;
  for (int i = 0; i < 10; ++i)
    pending.push_back(std::make_unique<pending_fetch>(**fetcher, asked));
  REQUIRE(silent.wait_for_requests(1));
  fetcher->reset();
  for (const auto& fetch : pending) {
    CHECK(failure_of(fetch->get()).problem.code == errc::cancelled);
    CHECK(fetch->answers() == 1);
  }
}
