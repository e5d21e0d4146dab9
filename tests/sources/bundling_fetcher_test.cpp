#include "sources/bundling_fetcher.hpp"
#include "sources/http_fetcher.hpp"
#include "specs/digest.hpp"
#include "tests/support/fetch_support.hpp"
#include "tests/support/http_fixture.hpp"

#include <map>
#include <mutex>
#include <set>

using namespace apisync;
using namespace apisync::sources;
using namespace apisync::test;
using Catch::Matchers::Contains;

namespace {

/// Files by address, with their bytes as validators; remembers what was asked.
class file_network final : public fetcher {
public:
  struct shared {
    std::mutex mutex;
    std::map<std::string, std::string> files;
    std::map<std::string, fetch_failure> failures;
    std::vector<std::string> asked;
    std::string commit;
    std::map<std::string, std::string> commits; ///< That a file says instead.
    std::vector<std::pair<fetch_request, callback>> held;
    std::string hold; ///< The address that is never answered.
  };

  explicit file_network(std::shared_ptr<shared> all) : all_{std::move(all)} {}
  ~file_network() override {
    for (auto& [request, done] : all_->held)
      done(tl::unexpected{fetch_failure{
          failure_class::transient, {errc::cancelled, "cancelled", request.source}, {}}});
  }

  void fetch(fetch_request request, callback done) override {
    std::unique_lock lock{all_->mutex};
    const auto& address =
        request.from.type == location::kind::http ? request.from.url : request.from.path;
    all_->asked.push_back(address);
    if (address == all_->hold) {
      all_->held.emplace_back(std::move(request), std::move(done));
      return;
    }
    auto outcome = answer(address, request);
    lock.unlock();
    done(std::move(outcome));
  }

private:
  fetch_outcome answer(const std::string& address, const fetch_request& request) {
    if (const auto failure = all_->failures.find(address); failure != all_->failures.end())
      return tl::unexpected{failure->second};
    const auto found = all_->files.find(address);
    if (found == all_->files.end())
      return tl::unexpected{
          fetch_failure{failure_class::gone, {errc::not_found, "is not there", address}, {}}};
    fetched out;
    out.seen.bytes_hash = found->second;
    const auto own = all_->commits.find(address);
    out.seen.commit = own == all_->commits.end() ? all_->commit : own->second;
    if (request.last.bytes_hash != found->second) {
      version made;
      made.bytes = std::make_shared<const std::string>(found->second);
      made.commit = "commit of " + address;
      made.time = wall_time{std::chrono::seconds{static_cast<int>(address.size())}};
      out.versions = {made};
    }
    return out;
  }

  std::shared_ptr<shared> all_;
};

const std::string root = "openapi: 3.0.3\n# words\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n"
                         "    $ref: parts/a.yaml\n";
const std::string part = "get:\n  responses:\n    '200': {description: done}\n";

struct fixture {
  std::shared_ptr<file_network::shared> all = std::make_shared<file_network::shared>();
  bundling_fetcher fetcher{std::make_unique<file_network>(all),
                           {2, 10, 5, std::chrono::milliseconds{20'000}}};

  fixture() {
    all->files["api/root.yaml"] = root;
    all->files["api/parts/a.yaml"] = part;
  }

  fetch_request request(validators last = {}) const {
    fetch_request made;
    made.source = "shop";
    made.from.path = "api/root.yaml";
    made.from.several_files = true;
    made.last = std::move(last);
    return made;
  }

  fetched fetch(validators last = {}) {
    all->asked.clear();
    return found_by(fetch_now(fetcher, request(std::move(last))));
  }

  using addresses = std::vector<std::string>;
};

} // namespace

TEST_CASE_METHOD(fixture, "a document of several files comes as one, in the words of the first",
                 "[bundling]") {
  const auto found = fetch();
  REQUIRE(found.versions.size() == 1);
  const auto& text = *found.versions[0].bytes;
  CHECK_THAT(text, Contains("# words") && Contains("description: done") && !Contains("a.yaml"));
  REQUIRE(found.seen.parts.size() == 2);
  CHECK(found.seen.parts[0].address == "api/root.yaml");
  CHECK(found.seen.parts[0].seen.bytes_hash == root);
  CHECK(found.seen.parts[1].address == "api/parts/a.yaml");
  CHECK(found.seen.bytes_hash == sha256::of(text).hex());
}

TEST_CASE_METHOD(fixture, "every file is asked whether it is new", "[bundling]") {
  const auto first = fetch();
  const auto same = fetch(first.seen);
  CHECK(same.versions.empty());
  CHECK(same.seen == first.seen);
  CHECK(all->asked == addresses{"api/root.yaml", "api/parts/a.yaml"});

  all->files["api/parts/a.yaml"] = part + "  summary: new\n";
  const auto changed = fetch(first.seen);
  REQUIRE(changed.versions.size() == 1);
  CHECK_THAT(*changed.versions[0].bytes, Contains("summary: new"));
  CHECK(changed.versions[0].commit == "commit of api/parts/a.yaml"); // the latest of its files
  CHECK(changed.seen != first.seen);

  all->files["api/root.yaml"] = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n";
  const auto single = fetch(changed.seen);
  REQUIRE(single.versions.size() == 1);
  CHECK(single.seen.parts.empty());
}

TEST_CASE_METHOD(fixture, "a document of one file is handed on as it is", "[bundling]") {
  const std::string alone = "{\"a\": {\"$ref\" : \"#/b\"}, \"b\": 1}";
  all->files["api/root.yaml"] = alone;
  const auto found = fetch();
  CHECK(*found.versions.at(0).bytes == alone);
  CHECK(found.seen.parts.empty());

  const std::string link = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a: {$ref: "
                           "'https://example.com/a.yaml'}\n";
  all->files["api/root.yaml"] = link; // a reference to a URL stays
  CHECK(*fetch().versions.at(0).bytes == link);

  const std::string broken = "openapi: [ $ref: x\n";
  all->files["api/root.yaml"] = broken;
  CHECK(*fetch().versions.at(0).bytes == broken);

  auto kept = request();
  kept.from.several_files = false;
  all->files["api/root.yaml"] = root;
  CHECK(*found_by(fetch_now(fetcher, kept)).versions.at(0).bytes == root);
}

TEST_CASE_METHOD(fixture, "a part that is missing is no sign that the document is gone",
                 "[bundling]") {
  all->files.erase("api/parts/a.yaml");
  const auto failure = failure_of(fetch_now(fetcher, request()));
  CHECK(failure.type == failure_class::permanent);
  CHECK_THAT(failure.problem.message, Contains("its part api/parts/a.yaml: is not there"));

  all->failures["api/parts/a.yaml"] = {
      failure_class::transient, {errc::unavailable, "503", ""}, std::chrono::seconds{7}};
  const auto busy = failure_of(fetch_now(fetcher, request()));
  CHECK(busy.type == failure_class::transient);
  CHECK(busy.retry_after == std::chrono::seconds{7});

  all->failures.clear();
  all->files["api/parts/a.yaml"] = "[";
  const auto garbage = failure_of(fetch_now(fetcher, request()));
  CHECK(garbage.type == failure_class::permanent);
  CHECK_THAT(garbage.problem.message, Contains("references: keep"));
}

TEST_CASE_METHOD(fixture, "the files of a document on a server are asked for there", "[bundling]") {
  const std::string site = "https://a.example";
  all->files[site + "/api/root.yaml"] = root + "  /b:\n    $ref: /shared/b.yaml\n";
  all->files[site + "/api/parts/a.yaml"] = "get: {$ref: '../../shared/b.yaml#/get'}\n";
  all->files[site + "/shared/b.yaml"] = part;
  auto asked = request();
  asked.from.type = location::kind::http;
  asked.from.url = site + "/api/root.yaml";

  const auto first = found_by(fetch_now(fetcher, asked));
  REQUIRE(first.versions.size() == 1);
  CHECK_THAT(*first.versions[0].bytes, Contains("description: done") && !Contains("$ref"));
  const addresses everything{site + "/api/root.yaml", site + "/api/parts/a.yaml",
                             site + "/shared/b.yaml"};
  CHECK(std::set<std::string>(all->asked.begin(), all->asked.end()) ==
        std::set<std::string>(everything.begin(), everything.end()));

  all->asked.clear();
  asked.last = first.seen;
  CHECK(found_by(fetch_now(fetcher, asked)).versions.empty());
  CHECK(all->asked == everything);

  all->files[site + "/shared/b.yaml"] = part + "  summary: new\n";
  const auto changed = found_by(fetch_now(fetcher, asked));
  REQUIRE(changed.versions.size() == 1);
  CHECK_THAT(*changed.versions[0].bytes, Contains("summary: new"));
}

TEST_CASE("a document of several files comes from a real server, and is asked about with its tags",
          "[bundling]") {
  const std::map<std::string, std::string> files{{"/api/root.yaml", root},
                                                 {"/api/parts/a.yaml", part}};
  const http_fixture server{[&](const http_request& asked, const http_connection& connection) {
    const auto found = files.find(asked.target);
    if (found == files.end()) {
      connection.send(http_fixture::answer(404, "", ""));
      return;
    }
    const auto tag = "\"of " + asked.target + "\"";
    const auto known = asked.headers.find("if-none-match");
    const bool same = known != asked.headers.end() && known->second == tag;
    connection.send(
        http_fixture::answer(same ? 304 : 200, "ETag: " + tag + "\r\n", same ? "" : found->second));
  }};
  http_settings settings;
  settings.addresses = *address_policy::parse({"loopback"});
  settings.now = [] { return wall_time{}; };
  bundling_fetcher fetcher{std::make_unique<http_fetcher>(std::move(settings)),
                           {2, 10, 5, std::chrono::milliseconds{20'000}}};
  fetch_request asked;
  asked.source = "shop";
  asked.from.type = location::kind::http;
  asked.from.url = server.url("/api/root.yaml");
  asked.from.several_files = true;

  const auto first = found_by(fetch_now(fetcher, asked));
  REQUIRE(first.versions.size() == 1);
  CHECK_THAT(*first.versions[0].bytes, Contains("description: done") && !Contains("a.yaml"));
  REQUIRE(first.seen.parts.size() == 2);
  CHECK(first.seen.parts[1].seen.etag == "\"of /api/parts/a.yaml\"");

  asked.last = first.seen;
  CHECK(found_by(fetch_now(fetcher, asked)).versions.empty());
  const auto requests = server.requests();
  REQUIRE(requests.size() == 4);
  CHECK(requests[3].target == "/api/parts/a.yaml");
  CHECK(requests[3].headers.contains("if-none-match"));
}

TEST_CASE_METHOD(fixture, "a reference to another server is kept, and nothing is asked there",
                 "[bundling]") {
  auto asked = request();
  asked.from.type = location::kind::http;
  asked.from.url = "https://a.example/api/root.yaml";
  const auto elsewhere = GENERATE("//b.example/a.yaml", "https://b.example/a.yaml");
  all->files[asked.from.url] =
      "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a: {$ref: '" +
      std::string{elsewhere} + "'}\n";
  all->files["https://b.example/a.yaml"] = part;
  CHECK_THAT(*found_by(fetch_now(fetcher, asked)).versions.at(0).bytes, Contains(elsewhere));
  CHECK(all->asked == addresses{asked.from.url});
}

TEST_CASE_METHOD(fixture, "files of another commit do not belong to it", "[bundling]") {
  all->commit = "one";
  all->commits["api/parts/a.yaml"] = "two";
  const auto moved = failure_of(fetch_now(fetcher, request()));
  CHECK(moved.type == failure_class::transient);
  CHECK_THAT(moved.problem.message, Contains("changed while it was read"));
}

TEST_CASE_METHOD(fixture, "the same commit has the same files", "[bundling]") {
  all->commit = "one";
  const auto first = fetch();
  all->asked.clear();
  CHECK(fetch(first.seen).seen == first.seen);
  CHECK(all->asked == addresses{"api/root.yaml"});
}

TEST_CASE_METHOD(fixture, "files have limits together", "[bundling]") {
  auto small = request();
  small.limits.bytes = root.size() + part.size() - 1;
  const auto failure = failure_of(fetch_now(fetcher, small));
  CHECK_THAT(failure.problem.message, Contains("that is the limit"));

  std::string many = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n";
  for (int i = 0; i < 7; ++i) {
    const auto name = "p" + std::to_string(i) + ".yaml";
    many += "  /" + std::to_string(i) + ": {$ref: " + name + "}\n";
    all->files["api/" + name] = part;
  }
  all->files["api/root.yaml"] = many;
  CHECK_FALSE(fetch_now(fetcher, request()));
}

TEST_CASE("a fetcher that ends answers whoever waits for a file", "[bundling]") {
  auto all = std::make_shared<file_network::shared>();
  all->files["api/root.yaml"] = root;
  all->hold = "api/parts/a.yaml";
  auto fetcher = std::make_unique<bundling_fetcher>(std::make_unique<file_network>(all));
  fetch_request request;
  request.source = "shop";
  request.from.path = "api/root.yaml";
  request.from.several_files = true;
  pending_fetch waiting{*fetcher, request};
  fetcher.reset();
  CHECK(failure_of(waiting.get()).problem.code == errc::cancelled);
  CHECK(waiting.answers() == 1);
}

TEST_CASE_METHOD(fixture, "files that are waited for keep no other document waiting",
                 "[bundling]") {
  all->hold = "api/parts/a.yaml";
  std::vector<pending_fetch> waiting;
  for (int i = 0; i < 5; ++i) // more than there are threads
    waiting.emplace_back(fetcher, request());
  all->files["b/root.yaml"] = root;
  all->files["b/parts/a.yaml"] = part;
  auto other = request();
  other.from.path = "b/root.yaml";
  CHECK(found_by(fetch_now(fetcher, other)).versions.size() == 1);
  for (const auto& one : waiting)
    CHECK(one.answers() == 0);
}

TEST_CASE("a text without references outside is known by a look", "[bundling]") {
  CHECK_FALSE(may_refer_outside("{\"$ref\": \"#/a\"} $ref: '#/b'\n$ref: \"#/c\""));
  CHECK_FALSE(may_refer_outside(""));
  CHECK(may_refer_outside("$ref: a.yaml"));
  CHECK(may_refer_outside("{\"$ref\":\"../a.json#/x\"}"));
  CHECK(may_refer_outside("$ref: '#/a'\n$ref:\n  b.yaml"));
  CHECK(may_refer_outside("$ref"));
}
