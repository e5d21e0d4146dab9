#include "sources/bundling_fetcher.hpp"
#include "specs/digest.hpp"
#include "tests/support/fetch_support.hpp"

#include <map>
#include <mutex>

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

TEST_CASE_METHOD(fixture, "files of another server or another commit do not belong to it",
                 "[bundling]") {
  auto from_server = request();
  from_server.from.type = location::kind::http;
  from_server.from.url = "https://a.example/api/root.yaml";
  all->files["https://a.example/api/root.yaml"] =
      "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a: {$ref: "
      "'//b.example/a.yaml'}\n";
  all->files["https://b.example/a.yaml"] = part;
  const auto refused = fetch_now(fetcher, from_server);
  if (refused) // a reference to another server may also be kept as it is, but is never followed
    CHECK_THAT(*refused->versions.at(0).bytes, Contains("//b.example/a.yaml"));
  else
    CHECK_THAT(refused.error().problem.message, Contains("another server"));
  CHECK(std::count(all->asked.begin(), all->asked.end(), "https://b.example/a.yaml") == 0);

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

TEST_CASE("a text without references outside is known by a look", "[bundling]") {
  CHECK_FALSE(may_refer_outside("{\"$ref\": \"#/a\"} $ref: '#/b'\n$ref: \"#/c\""));
  CHECK_FALSE(may_refer_outside(""));
  CHECK(may_refer_outside("$ref: a.yaml"));
  CHECK(may_refer_outside("{\"$ref\":\"../a.json#/x\"}"));
  CHECK(may_refer_outside("$ref: '#/a'\n$ref:\n  b.yaml"));
  CHECK(may_refer_outside("$ref"));
}
