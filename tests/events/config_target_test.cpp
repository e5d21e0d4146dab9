#include "events/config_plan.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::events;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

config good(std::string_view text) {
  auto read = read_config(text, "apisync.yaml");
  if (!read) FAIL(render(read.error().front()));
  return *read;
}

/// The one thing that is wrong with a file.
std::string problem_in(const std::string& text) {
  const auto read = read_config(text, "apisync.yaml");
  REQUIRE_FALSE(read);
  INFO(render(read.error().back()));
  REQUIRE(read.error().size() == 1);
  return render(read.error().front());
}

std::string problem(const std::string& keys) {
  return problem_in("targets:\n  - id: portal\n    api: billing\n    " + keys + "\n");
}

const std::string all = R"(
targets:
  - id: file
    api: billing
    file: out/billing.yaml
    format: yaml
    document: released
    enabled: false
  - id: server
    api: billing
    http: https://gateway.example/specs/billing
    method: POST
    headers: {Authorization: 'Bearer env:TOKEN', X-Kind: spec}
    allowAddresses: [private]
    timeout: 5s
  - id: secret
    api: billing
    http: env:GATEWAY
  - id: branch
    api: orders
    git: {repository: /srv/specs.git, branch: published, path: orders.yaml}
)";

} // namespace

TEST_CASE("targets are read with all their keys, and with few, and written again") {
  const auto read = good(all);
  REQUIRE(read.targets.size() == 4);
  const auto& file = read.targets[0];
  CHECK(file.kind == target_kind::file);
  CHECK(file.path == "out/billing.yaml");
  CHECK(file.format == target_format::yaml);
  CHECK(file.document == target_document::released);
  CHECK_FALSE(file.enabled);
  const auto& server = read.targets[1];
  CHECK(server.kind == target_kind::http);
  CHECK(server.method == target_method::post);
  CHECK(server.headers.at("Authorization") == "Bearer env:TOKEN");
  CHECK(server.timeout == 5s);
  CHECK(read.targets[2].url == "env:GATEWAY");
  CHECK(read.targets[2].method == target_method::put);
  const auto& branch = read.targets[3];
  CHECK(branch.kind == target_kind::git);
  CHECK(place_of(branch) == "/srv/specs.git published:orders.yaml");
  std::string again = "{\"targets\":[";
  for (const auto& target : read.targets)
    again += (again.back() == '[' ? "" : ",") + to_declaration_json(target);
  CHECK(good(again + "]}").targets == read.targets);
}

TEST_CASE("what is wrong with a target is said at its place") {
  CHECK_THAT(problem("enabled: true"), Contains("file, http or git"));
  CHECK_THAT(problem("file: a.yaml\n    http: https://x.example"), Contains("keep one"));
  CHECK_THAT(problem("file: ''"), Contains("'file' is empty"));
  CHECK_THAT(problem("http: ftp://x.example"), Contains("http:// or https://"));
  CHECK_THAT(problem("http: https://ann:secret@x.example"), Contains("user or password"));
  CHECK_THAT(problem("http: https://x.example\n    headers: {Authorization: Bearer abc}"),
             Contains("written into the log"));
  CHECK_THAT(problem("file: a.yaml\n    method: PUT"), Contains("of kind http"));
  CHECK_THAT(problem("git: {repository: r, path: p}"), Contains("'branch'"));
  CHECK_THAT(problem("git: {repository: 'https://x.example/r', branch: b, path: p}"),
             Contains("on this machine"));
  CHECK_THAT(problem("file: a.yaml\n    format: xml"), Contains("format"));
  CHECK_THAT(problem("file: a.yaml\n    kind: file"), Contains("kind"));
  CHECK_THAT(problem_in("targets:\n  - {id: a, api: x, file: s/a.yaml}\n"
                        "  - {id: b, api: y, file: ./s/a.yaml}\n"),
             Contains("write to the same place"));
  CHECK_THAT(
      problem_in("sources:\n  - {id: s, api: x, file: a.yaml, select: {include: {tags: [t]}}}\n"
                 "targets:\n  - {id: a, api: x, file: a.yaml}\n"),
      Contains("selects a part"));
}

TEST_CASE("targets that the file names, changes and leaves out are planned") {
  const auto before =
      good("targets: [{id: a, api: x, file: a.yaml}, {id: b, api: x, file: b.yaml}]");
  declarations now;
  for (const auto& target : before.targets)
    now.targets.emplace(target.id, target);
  const auto next = good("targets: [{id: b, api: x, file: c.yaml}, {id: c, api: x, file: d.yaml}]");
  const auto changes = plan(now, next);
  CHECK(changes.added == std::vector<std::string>{"target/c"});
  CHECK(changes.changed == std::vector<std::string>{"target/b"});
  CHECK(changes.removed == std::vector<std::string>{"target/a"});
  const auto told = planned_changes(now, next);
  CHECK(std::any_of(told.begin(), told.end(),
                    [](const auto& one) { return one.kind == "target" && one.id == "b"; }));
}
