// Documents that are brought to files, repositories and servers.
#include "sources/default_publisher.hpp"
#include "sources/file_publisher.hpp"
#include "sources/git_publisher.hpp"
#include "tests/support/git_fixture.hpp"
#include "tests/support/http_fixture.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <future>
#include <sys/stat.h>
#include <unistd.h>

using namespace apisync;
using namespace apisync::sources;
using namespace apisync::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;

namespace fs = std::filesystem;

namespace {

const std::string first = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n";
const std::string second = "openapi: 3.0.3\ninfo: {title: T, version: '2'}\npaths: {}\n";

std::string read(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

publish_order order_to(destination::kind type, std::string text = first) {
  publish_order out;
  out.target = "copy";
  out.to.type = type;
  out.text = [text = std::move(text)]() -> result<std::string> { return text; };
  out.format = "yaml";
  out.message = "T 1 (revision 1 of shop)\n";
  return out;
}

published done(const publish_outcome& outcome) {
  if (!outcome) FAIL(render(outcome.error().problem));
  return *outcome;
}

error refusal(const publish_outcome& outcome) {
  REQUIRE_FALSE(outcome);
  return outcome.error().problem;
}

/// A folder that may be written to.
struct folder {
  scratch_directory scratch;
  roots allowed = [&] {
    fs::create_directory(scratch / "root");
    return *roots::open({scratch / "root"}, scratch / "root");
  }();

  publish_outcome write(const std::string& path, const std::string& text = first) const {
    auto order = order_to(destination::kind::file, text);
    order.to.path = path;
    return publish_file(order, allowed);
  }
};

/// What the real `git` says.
std::string git(const std::string& repository, const std::string& words) {
  const auto command = "git --git-dir='" + repository + "' " + words + " 2>&1";
  std::string out;
  std::array<char, 4096> buffer{};
  auto* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  while (const auto count = std::fread(buffer.data(), 1, buffer.size(), pipe))
    out.append(buffer.data(), count);
  INFO(words << ": " << out);
  REQUIRE(::pclose(pipe) == 0);
  return out;
}

struct repository_fixture {
  scratch_directory scratch;
  git_fixture repository{scratch / "repo.git"};
  roots allowed = *roots::open({scratch.path()});

  publish_order order(const std::string& text = first, const std::string& branch = "specs") const {
    auto out = order_to(destination::kind::git, text);
    out.to.url = repository.path();
    out.to.branch = branch;
    out.to.path = "api/spec.yaml";
    return out;
  }

  std::string ask_git(const std::string& words) const { return git(repository.path(), words); }
};

publish_outcome publish_now(publisher& to, publish_order order) {
  auto promise = std::make_shared<std::promise<publish_outcome>>();
  auto answer = promise->get_future();
  to.publish(std::move(order),
             [promise](publish_outcome outcome) { promise->set_value(std::move(outcome)); });
  REQUIRE(answer.wait_for(20s) == std::future_status::ready);
  return answer.get();
}

struct server_fixture {
  scratch_directory scratch;
  std::unique_ptr<publisher> to = [&] {
    http_peer_config config;
    config.roots = {"."};
    config.base = scratch.path();
    config.allow_addresses = {"loopback"};
    return std::move(*make_publisher(std::move(config)));
  }();

  publish_outcome put(const http_fixture& server,
                      const std::function<void(publish_order&)>& change = {}) const {
    auto order = order_to(destination::kind::http);
    order.to.url = server.url("/specs/shop");
    if (change) change(order);
    return publish_now(*to, std::move(order));
  }
};

http_fixture::handler always(int status, const std::string& body = {}) {
  return [=](const http_request&, const http_connection& connection) {
    connection.send(http_fixture::answer(status, "", body));
  };
}

} // namespace

TEST_CASE_METHOD(folder, "a file is put in its place in one step, and keeps its mode", "[target]") {
  const auto path = scratch / "root/api.yaml";
  const auto made = done(write("api.yaml"));
  CHECK(read(path) == first);
  CHECK(made.bytes == sha256::of(first));
  CHECK(made.verbatim);
  CHECK_FALSE(made.found);
  CHECK(done(write("api.yaml")).found);

  REQUIRE(::chmod(path.c_str(), 0640) == 0);
  const auto before = fs::hard_link_count(path);
  fs::create_hard_link(path, scratch / "other");
  done(write(path, second));
  CHECK(read(scratch / "other") == first); // a reader that has it open has the whole old one
  CHECK(fs::hard_link_count(path) == before);
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0640);
  CHECK(std::distance(fs::directory_iterator{scratch / "root"}, fs::directory_iterator{}) == 1);
}

TEST_CASE_METHOD(folder, "the layout of a file that is there stays", "[target]") {
  const std::string laid = "# ours\nopenapi: 3.0.3\ninfo:\n    title: T # why\n    version: '1'\n"
                           "paths: {}\n";
  const auto path = scratch.write("root/api.yaml", laid);
  CHECK(done(write("api.yaml")).found);
  done(write("api.yaml", second));
  auto wanted = laid;
  wanted.replace(wanted.find("'1'"), 3, "'2'");
  CHECK(read(path) == wanted);
}

TEST_CASE_METHOD(folder, "nothing is written outside the roots, nor where there is no file",
                 "[target]") {
  CHECK(refusal(write("../api.yaml")).code == errc::forbidden);
  CHECK(refusal(write("/etc/apisync.yaml")).code == errc::forbidden);
  CHECK_THAT(refusal(write("none/api.yaml")).message, Contains("make it"));
  fs::create_directory(scratch / "root/folder");
  CHECK_FALSE(write("folder"));
  scratch.write("secret", "keep");
  fs::create_symlink(scratch / "secret", scratch / "root/link");
  CHECK(refusal(write("link")).code == errc::forbidden);
  CHECK(read(scratch / "secret") == "keep");
  fs::create_directory(scratch / "outside");
  fs::create_symlink(scratch / "outside", scratch / "root/way");
  CHECK(refusal(write("way/api.yaml")).code == errc::forbidden);
  CHECK(fs::is_empty(scratch / "outside"));
}

TEST_CASE_METHOD(folder, "a link inside the roots is followed, not replaced", "[target]") {
  const auto real = scratch.write("root/real.yaml", first);
  fs::create_symlink("real.yaml", scratch / "root/link.yaml");
  done(write("link.yaml", second));
  CHECK(fs::is_symlink(scratch / "root/link.yaml"));
  CHECK(read(real) == second);
}

TEST_CASE_METHOD(folder, "a file that cannot be written stays as it was, and what was begun goes",
                 "[target]") {
  const auto path = scratch.write("root/api.yaml", first);
  scratch.write("root/.api.yaml.apisync", "left by a crash");
  done(write("api.yaml", second));
  CHECK(read(path) == second);
  CHECK_FALSE(fs::exists(scratch / "root/.api.yaml.apisync"));
  if (::geteuid() == 0) return; // whom no mode keeps out
  REQUIRE(::chmod((scratch / "root").c_str(), 0500) == 0);
  CHECK(refusal(write("api.yaml", first)).code == errc::io);
  CHECK(read(path) == second);
  REQUIRE(::chmod((scratch / "root").c_str(), 0700) == 0);
}

TEST_CASE_METHOD(folder, "a document that cannot be read writes nothing", "[target]") {
  auto order = order_to(destination::kind::file);
  order.to.path = "api.yaml";
  order.text = []() -> result<std::string> { return fail(errc::corrupt, "it is damaged"); };
  CHECK(refusal(publish_file(order, allowed)).code == errc::corrupt);
  CHECK(fs::is_empty(scratch / "root"));
}

TEST_CASE_METHOD(repository_fixture, "a document is committed to a branch, as git reads it",
                 "[target]") {
  repository.commit("Begin", {{"readme", "hello"}, {"api/spec.yaml", "x: 1\n"}});
  const auto made = done(publish_git(order(), allowed));
  CHECK(ask_git("rev-parse specs") == made.commit + '\n');
  CHECK(ask_git("show specs:api/spec.yaml") == first);
  CHECK(ask_git("show specs:readme") == "hello");
  CHECK(ask_git("show main:api/spec.yaml") == "x: 1\n");
  CHECK(ask_git("log -1 --format='%an %s' specs") == "apisync T 1 (revision 1 of shop)\n");
  CHECK(ask_git("rev-list --count main..specs") == "1\n");

  const auto again = done(publish_git(order(), allowed));
  CHECK(again.found);
  CHECK(again.commit == made.commit);
  done(publish_git(order(second), allowed));
  CHECK(ask_git("show specs:api/spec.yaml") == second);
  CHECK(ask_git("rev-list --count main..specs") == "2\n");
  ask_git("fsck --strict");
}

TEST_CASE_METHOD(repository_fixture, "a branch begins in an empty repository, too", "[target]") {
  done(publish_git(order(), allowed));
  CHECK(ask_git("show specs:api/spec.yaml") == first);
  CHECK(ask_git("rev-list --count specs") == "1\n");
}

TEST_CASE_METHOD(repository_fixture, "what others commit to the branch stays", "[target]") {
  repository.commit("Begin", {{"readme", "hello"}});
  done(publish_git(order(), allowed));
  repository.commit("Beside", {{"notes", "kept"}, {"api/spec.yaml", first}}, "specs");
  done(publish_git(order(second), allowed));
  CHECK(ask_git("show specs:notes") == "kept");
  CHECK(ask_git("show specs:api/spec.yaml") == second);
}

TEST_CASE_METHOD(repository_fixture, "a branch that is checked out is refused", "[target]") {
  repository.commit("Begin", {{"readme", "hello"}});
  ask_git("worktree add -q '" + (scratch / "tree") + "' -b specs");
  CHECK_THAT(refusal(publish_git(order(), allowed)).message, Contains("checked out"));
}

TEST_CASE_METHOD(repository_fixture, "places in a repository that cannot be written are told",
                 "[target]") {
  repository.commit("Begin", {{"api", "a file where the folder should be"}});
  CHECK_FALSE(publish_git(order(), allowed));
  CHECK_THAT(refusal(publish_git(order(first, "a..b"), allowed)).message,
             Contains("not a branch's name"));
  auto outside = order();
  outside.to.path = "../../etc/spec.yaml";
  CHECK_FALSE(publish_git(outside, allowed));
  auto nowhere = order();
  nowhere.to.url = scratch / "none";
  CHECK(refusal(publish_git(nowhere, allowed)).code == errc::not_found);
  scratch_directory elsewhere;
  git_fixture other{elsewhere / "repo.git"};
  nowhere.to.url = other.path();
  CHECK(refusal(publish_git(nowhere, allowed)).code == errc::forbidden);
}

TEST_CASE_METHOD(server_fixture, "a document is put on a server, with what the place asks for",
                 "[target]") {
  scratch.write("token", "secret-token\n");
  const http_fixture server{always(204)};
  const auto made = done(put(server, [](publish_order& order) {
    order.to.headers = {{"Authorization", "Bearer file:token"}, {"X-Kind", "spec"}};
  }));
  CHECK(made.bytes == sha256::of(first));
  const auto asked = server.requests().at(0);
  CHECK(asked.method == "PUT");
  CHECK(asked.target == "/specs/shop");
  CHECK(asked.body == first);
  CHECK(asked.headers.at("content-type") == "application/yaml");
  CHECK(asked.headers.at("authorization") == "Bearer secret-token");
  CHECK(asked.headers.at("x-kind") == "spec");
  CHECK_FALSE(asked.headers.contains("if-match"));

  done(put(server, [](publish_order& order) {
    order.to.method = "POST";
    order.to.format = "json";
  }));
  const auto posted = server.requests().at(1);
  CHECK(posted.method == "POST");
  CHECK(posted.headers.at("content-type") == "application/json");
  CHECK_THAT(posted.body, Contains("\"openapi\": \"3.0.3\""));
}

TEST_CASE_METHOD(server_fixture, "what a server does not take is told, and when to come again",
                 "[target]") {
  const http_fixture busy{[](const http_request&, const http_connection& connection) {
    connection.send(http_fixture::answer(503, "Retry-After: 7\r\n", "full"));
  }};
  const auto failure = put(busy);
  REQUIRE_FALSE(failure);
  CHECK(failure.error().retry_after == 7s);
  CHECK_THAT(failure.error().problem.message, Contains("503") && Contains("full"));

  const http_fixture moved{[](const http_request&, const http_connection& connection) {
    connection.send(http_fixture::answer(307, "Location: http://127.0.0.1:1/\r\n", ""));
  }};
  CHECK_THAT(refusal(put(moved)).message, Contains("redirects are not followed"));
  CHECK(moved.requests().size() == 1);
}

TEST_CASE_METHOD(server_fixture, "a server where a source reads is written to only as it was read",
                 "[target]") {
  const http_fixture server{always(412)};
  const auto shared = [](const std::string& tag) {
    return [tag](publish_order& order) { order.shared = read_there{"main", {}, tag}; };
  };
  CHECK_THAT(refusal(put(server, shared("\"v1\""))).message,
             Contains("changed since source 'main' was last synced"));
  CHECK(server.requests().at(0).headers.at("if-match") == "\"v1\"");
  CHECK_THAT(refusal(put(server, shared("W/\"v1\""))).message, Contains("strong ETag"));
  CHECK_THAT(refusal(put(server, shared(""))).message, Contains("strong ETag"));
  CHECK(server.requests().size() == 1);
}

TEST_CASE_METHOD(server_fixture,
                 "headers that cannot be sent, and secrets that are missing, are told",
                 "[target]") {
  const http_fixture server{always(204)};
  const auto with = [&](const std::string& name, const std::string& value) {
    return refusal(put(server, [&](publish_order& order) { order.to.headers = {{name, value}}; }));
  };
  CHECK_THAT(with("X-Kind", "a\r\nX-More: b").message, Contains("control characters"));
  CHECK_THAT(with("X Kind", "a").message, Contains("not a header name"));
  CHECK_THAT(with("Authorization", "Bearer file:none").message, Contains("Authorization"));
  CHECK(server.requests().empty());
}

TEST_CASE("a server at a denied address is not written to", "[target]") {
  const http_fixture server{always(204)};
  http_peer_config config;
  auto to = std::move(*make_publisher(std::move(config)));
  auto order = order_to(destination::kind::http);
  order.to.url = server.url("/");
  CHECK(refusal(publish_now(*to, order)).code == errc::forbidden);
  CHECK(server.requests().empty());
}
