#include "sources/git_fetcher.hpp"
#include "tests/support/fetch_support.hpp"
#include "tests/support/git_fixture.hpp"
#include "tests/support/http_fixture.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

using namespace apisync;
using namespace apisync::sources;
using namespace apisync::test;
using namespace std::chrono_literals;

namespace {

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), &::pclose);
  std::string output;
  std::array<char, 4'096> chunk{};
  while (const auto count = std::fread(chunk.data(), 1, chunk.size(), pipe.get()))
    output.append(chunk.data(), count);
  return output;
}

/// Whether the real git is there to be the server.
bool has_git() {
  const bool found = std::system("git --version >/dev/null 2>&1") == 0; // NOLINT(bugprone-*)
  if (!found) WARN("skipped: the git program is not installed");
  return found;
}

/// A repository, and a server that hands it out by the smart HTTP protocol with the real git.
struct fixture {
  scratch_directory scratch;
  git_fixture repository{scratch / "repo.git"};
  std::function<std::string(const http_request&)> instead; ///< An answer in place of git's.
  http_fixture server{[this](const http_request& asked, const http_connection& connection) {
    connection.send(instead ? instead(asked) : answer(asked));
  }};
  git_settings settings = [&] {
    git_settings made;
    made.allowed = *roots::open({scratch.path()});
    made.addresses = *address_policy::parse({"loopback"});
    made.cache_directory = scratch / "cache";
    made.now = [] { return wall_time(); };
    return made;
  }();

  [[nodiscard]] std::string answer(const http_request& asked) const {
    const auto type = [](const std::string& what) {
      return "Content-Type: application/x-git-upload-pack-" + what + "\r\n";
    };
    const std::string upload_pack = "git upload-pack --stateless-rpc ";
    if (asked.target == "/repo.git/info/refs?service=git-upload-pack")
      return http_fixture::answer(
          200, type("advertisement"),
          "001e# service=git-upload-pack\n0000" +
              output_of(upload_pack + "--advertise-refs " + repository.path()));
    if (asked.target != "/repo.git/git-upload-pack") return http_fixture::answer(404, "", "none");
    const auto body = scratch.write("request", asked.body);
    return http_fixture::answer(200, type("result"),
                                output_of(upload_pack + repository.path() + " < " + body));
  }

  fetch_request request(const std::string& ref = "") const {
    fetch_request made;
    made.source = "petstore";
    made.from.type = location::kind::git;
    made.from.url = server.url("/repo.git/");
    made.from.path = "spec.json";
    made.from.ref = ref;
    return made;
  }

  fetch_outcome fetch(const fetch_request& asked) const {
    git_fetcher fetcher(settings);
    return fetch_now(fetcher, asked);
  }

  fetch_failure failure(std::string bytes) {
    instead = [bytes = std::move(bytes)](const http_request&) { return bytes; };
    return failure_of(fetch(request()));
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "a remote repository is mirrored, asked cheaply, and updated") {
  if (!has_git()) return;
  repository.commit("One", {{"spec.json", "one"}});
  repository.commit("Two", {{"spec.json", "two"}});
  auto asked = request();
  asked.from.history = 10;
  const auto first = found_by(fetch(asked));
  REQUIRE(first.versions.size() == 2);
  CHECK(*first.versions[1].bytes == "two");
  CHECK(first.versions[1].message == "Two");

  asked.last = first.seen;
  const auto before = server.requests().size();
  CHECK(found_by(fetch(asked)).versions.empty());
  CHECK(server.requests().size() == before + 1); // the advertisement alone

  repository.commit("Three", {{"spec.json", "three"}});
  const auto later = found_by(fetch(asked));
  REQUIRE(later.versions.size() == 1);
  CHECK(later.versions[0].message == "Three");
}

TEST_CASE_METHOD(fixture, "a remote branch, tag and forced push are followed") {
  if (!has_git()) return;
  const auto base = repository.commit("One", {{"spec.json", "one"}});
  repository.tag("v1", base);
  repository.commit("Two", {{"spec.json", "two"}});
  const auto tagged = found_by(fetch(request("v1")));
  CHECK(*tagged.versions.at(0).bytes == "one");
  CHECK(tagged.seen.commit == base);
  auto asked = request("main");
  asked.last = found_by(fetch(asked)).seen;
  repository.commit_on({base}, "Rewritten", {{"spec.json", "rewritten"}});
  CHECK(*found_by(fetch(asked)).versions.at(0).bytes == "rewritten");
  const auto missing = failure_of(fetch(request("none")));
  CHECK(missing.type == failure_class::permanent);
  CHECK(missing.problem.message == "the repository has no branch or tag “none”");
}

TEST_CASE_METHOD(fixture, "the newest tag of a pattern is followed on a remote") {
  if (!has_git()) return;
  repository.tag("v1.9", repository.commit("One", {{"spec.json", "one"}}));
  repository.commit("Two", {{"spec.json", "two"}});
  auto asked = request("v*");
  const auto first = found_by(fetch(asked));
  CHECK(*first.versions.at(0).bytes == "one");
  asked.last = first.seen;
  CHECK(found_by(fetch(asked)).versions.empty());
  repository.tag("v1.10", repository.commit("Three", {{"spec.json", "three"}}));
  const auto later = found_by(fetch(asked));
  REQUIRE(later.versions.size() == 1);
  CHECK(later.versions[0].message == "Three");
  CHECK(failure_of(fetch(request("x*"))).type == failure_class::permanent);
}

TEST_CASE_METHOD(fixture, "a damaged mirror is made anew") {
  if (!has_git()) return;
  repository.commit("One", {{"spec.json", "one"}});
  CHECK(fetch(request()));
  for (const auto& mirror : std::filesystem::directory_iterator(settings.cache_directory))
    std::filesystem::remove(mirror.path() / "HEAD");
  CHECK(*found_by(fetch(request())).versions.at(0).bytes == "one");
}

TEST_CASE_METHOD(fixture, "what a git server answers wrongly has its class") {
  const auto html = "Content-Type: text/html\r\n";
  CHECK(failure(http_fixture::answer(200, html, "<html>")).type == failure_class::permanent);
  CHECK(failure(http_fixture::answer(404, "", "")).type == failure_class::permanent);
  CHECK(failure(http_fixture::answer(401, "", "")).type == failure_class::auth);
  CHECK(failure(http_fixture::answer(500, "", "x")).type == failure_class::transient);
  CHECK(failure(http_fixture::answer(429, "Retry-After: 9\r\n", "")).retry_after == 9s);
  const auto cut = failure("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n"
                           "Content-Type: application/x-git-upload-pack-advertisement\r\n\r\n001e");
  CHECK(cut.type == failure_class::transient);
  const auto moved =
      failure(http_fixture::answer(301, "Location: http://169.254.169.254/repo.git?key=x\r\n", ""));
  CHECK(moved.type == failure_class::permanent);
  CHECK(moved.problem.message.find("http://169.254.169.254/repo.git?…") != std::string::npos);
  const auto garbage = failure(http_fixture::answer(
      200, "Content-Type: application/x-git-upload-pack-advertisement\r\n", "garbage"));
  CHECK_FALSE(garbage.problem.message.empty());
}

TEST_CASE_METHOD(fixture, "a git server is reached only at allowed addresses, with its headers") {
  settings.addresses = {};
  CHECK(failure_of(fetch(request())).problem.code == errc::forbidden);
  CHECK(server.requests().empty());
  auto asked = request();
  asked.from.allow_addresses = {"loopback"};
  asked.from.headers = {{"Authorization", "env:APISYNC_TEST_UNSET"}};
  CHECK(failure_of(fetch(asked)).type == failure_class::auth);
  asked.from.headers = {{"Authorization", "Basic eDp5"}};
  instead = [](const http_request&) { return http_fixture::answer(403, "", ""); };
  CHECK(failure_of(fetch(asked)).type == failure_class::auth);
  CHECK(server.requests().at(0).headers.at("authorization") == "Basic eDp5");
}

TEST_CASE_METHOD(fixture, "a repository over the limit and one without a cache are refused") {
  settings.transfer_bytes_max = 100;
  instead = [](const http_request&) {
    return http_fixture::answer(200,
                                "Content-Type: application/x-git-upload-pack-advertisement\r\n",
                                std::string(1'000, 'x'));
  };
  CHECK(failure_of(fetch(request())).problem.code == errc::limit_exceeded);
  settings.cache_directory.clear();
  CHECK(failure_of(fetch(request())).problem.code == errc::unsupported);
}

TEST_CASE("a git server that falls silent is given up, and a stop cancels at once") {
  const scratch_directory scratch;
  const http_fixture silent(
      [](const http_request&, const http_connection& connection) { connection.wait_for_close(); });
  git_settings settings;
  settings.addresses = *address_policy::parse({"loopback"});
  settings.cache_directory = scratch / "cache";
  settings.now = [] { return wall_time(); };
  fetch_request asked;
  asked.from.type = location::kind::git;
  asked.from.url = silent.url("/repo.git");
  asked.from.path = "spec.json";
  settings.transfer_timeout = 50ms;
  {
    git_fetcher fetcher(settings);
    const auto late = failure_of(fetch_now(fetcher, asked));
    CHECK(late.type == failure_class::transient);
    CHECK(late.problem.code == errc::unavailable);
  }
  settings.transfer_timeout = 600s;
  std::unique_ptr<pending_fetch> pending;
  {
    git_fetcher fetcher(settings);
    pending = std::make_unique<pending_fetch>(fetcher, asked);
    REQUIRE(silent.wait_for_requests(2));
  }
  CHECK(failure_of(pending->get()).problem.code == errc::cancelled);
  CHECK(pending->answers() == 1);
}
