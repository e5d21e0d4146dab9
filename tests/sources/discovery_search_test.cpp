#include "sources/discovery_search.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

using namespace apisync;
using namespace apisync::sources;
using Catch::Contains;

namespace {

const std::string document =
    R"({"openapi":"3.1.0","info":{"title":"Orders","version":"1"},"paths":{"/a":{"get":{"responses":{}}}}})";

/// A network that a test writes. What it does not name answers 404 where somebody listens.
struct network {
  std::map<std::string, std::string> pages; ///< Answers of 200, by URL.
  std::map<std::string, long> statuses;     ///< Other answers.
  std::vector<std::string> listening;       ///< Origins.
  std::vector<std::string> internal;        ///< Origins whose address is not public.
  std::string missing = "none";             ///< The body of a 404.
  std::vector<std::string> asked;

  http_answer answer_to(const probe& one) {
    http_answer made;
    made.url = one.url;
    made.status = 404;
    made.body = missing;
    if (const auto page = pages.find(one.url); page != pages.end()) {
      made.status = 200;
      made.body = page->second;
    }
    if (const auto other = statuses.find(one.url); other != statuses.end())
      made.status = other->second;
    return made;
  }
  static bool any(const std::vector<std::string>& origins, const std::string& url) {
    return std::ranges::any_of(origins,
                               [&](const auto& origin) { return url.starts_with(origin + "/"); });
  }
  tl::expected<http_answer, fetch_failure> get(const probe& one) {
    asked.push_back(one.url);
    if (any(internal, one.url) && !one.allow)
      return tl::unexpected(fetch_failure{
          failure_class::permanent, {errc::forbidden, "a private address", one.url}, std::nullopt});
    if (!any(listening, one.url) && !any(internal, one.url))
      return tl::unexpected(fetch_failure{failure_class::transient,
                                          {errc::unavailable, "connection refused", one.url},
                                          std::nullopt});
    return answer_to(one);
  }

  discovery_result search(const std::string& target, discovery_limits limits = {}) {
    discovery_search search{*parse_target(target), limits};
    for (auto batch = search.next(); !batch.empty(); batch = search.next()) {
      CHECK(batch.size() <= limits.at_once);
      for (const auto& one : batch)
        search.take(one, get(one));
    }
    return search.result();
  }
  [[nodiscard]] auto times(const std::string& url) const { return std::ranges::count(asked, url); }
};

bool said(const discovery_result& made, const std::string& words) {
  return std::ranges::any_of(made.advice,
                             [&](const auto& one) { return one.find(words) != one.npos; });
}

} // namespace

TEST_CASE("a target is a URL, a host with a port, or a host", "[discovery]") {
  const auto url = parse_target("https://API.example/shop/docs/index.html");
  REQUIRE(url);
  CHECK(url->host == "api.example");
  CHECK(url->origins == std::vector<std::string>{"https://api.example"});
  CHECK(url->prefix == "/shop/docs");
  CHECK(parse_target("http://h:8000/shop/")->prefix == "/shop");
  CHECK(parse_target("http://h:8000")->prefix.empty());
  CHECK(parse_target("h:8000")->origins == std::vector<std::string>{"http://h:8000"});
  CHECK(parse_target("h:8443")->origins == std::vector<std::string>{"https://h:8443"});
  CHECK(parse_target("[::1]:8000")->origins == std::vector<std::string>{"http://[::1]:8000"});
  CHECK(parse_target("localhost")->origins.size() > 5);
  CHECK_FALSE(parse_target("ftp://h"));
  CHECK_FALSE(parse_target("http://user:word@h"));
  CHECK_FALSE(parse_target("some/folder"));
  CHECK_FALSE(parse_target(""));
}

TEST_CASE("a document at a known path is found on the port that answers", "[discovery]") {
  network net;
  net.internal = {"http://localhost:8080"};
  net.pages["http://localhost:8080/v3/api-docs"] = document;
  net.pages["http://localhost:8080/v3/api-docs.yaml"] = document;
  const auto made = net.search("localhost");
  REQUIRE(made.documents.size() == 1);
  CHECK(made.documents[0].where == "http://localhost:8080/v3/api-docs");
  CHECK(made.documents[0].sure == confidence::high);
  CHECK(made.documents[0].info.title == "Orders");
  CHECK_THAT(made.documents[0].why, Contains("springdoc"));
  CHECK(made.documents[0].allow == "localhost:8080");
  CHECK(made.advice.empty());
  CHECK(net.times("http://localhost:3000/openapi.json") == 0); // nobody listens there
}

TEST_CASE("a public service needs no allowance", "[discovery]") {
  network net;
  net.listening = {"https://api.example"};
  net.pages["https://api.example/openapi.json"] = document;
  const auto made = net.search("https://api.example");
  REQUIRE(made.documents.size() == 1);
  CHECK(made.documents[0].allow.empty());
}

TEST_CASE("the given address alone is asked when it is the document", "[discovery]") {
  network net;
  net.listening = {"https://api.example"};
  net.pages["https://api.example/my/own.json"] = document;
  const auto made = net.search("https://api.example/my/own.json");
  REQUIRE(made.documents.size() == 1);
  CHECK(made.requests == 1);
}

TEST_CASE("a page leads to its document over a script and a configuration", "[discovery]") {
  network net;
  net.listening = {"https://api.example"};
  net.pages["https://api.example/shop/docs"] =
      R"(<!DOCTYPE html><div id="swagger-ui"></div><script src="./swagger-initializer.js"></script>)";
  net.pages["https://api.example/shop/swagger-initializer.js"] =
      R"(window.ui = SwaggerUIBundle({ configUrl: "/shop/config" }); // swagger)";
  net.pages["https://api.example/shop/config"] =
      R"({"configUrl":"/shop/config","url":"/hidden.json"})";
  net.pages["https://api.example/hidden.json"] = document;
  const auto made = net.search("https://api.example/shop/docs");
  REQUIRE(made.documents.size() == 1);
  CHECK(made.documents[0].why == "linked from https://api.example/shop/config");
}

TEST_CASE("the same document at two addresses is one", "[discovery]") {
  network net;
  net.listening = {"https://api.example"};
  net.pages["https://api.example/openapi.json"] = document;
  net.pages["https://api.example/swagger.json"] = document + "\n";
  const auto made = net.search("https://api.example/");
  REQUIRE(made.documents.size() == 1);
  CHECK(made.documents[0].also == std::vector<std::string>{"https://api.example/swagger.json"});
}

TEST_CASE("links do not open inner hosts, and pages in a circle end", "[discovery]") {
  network net;
  net.listening = {"https://api.example"};
  net.internal = {"http://10.0.0.1:80", "http://10.0.0.1"};
  net.pages["https://api.example/docs"] =
      R"(<html>swagger url: "http://10.0.0.1/o.json" url: "/docs")";
  net.pages["http://10.0.0.1/o.json"] = document;
  const auto made = net.search("https://api.example");
  CHECK(made.documents.empty());
  CHECK(net.times("http://10.0.0.1/o.json") == 1);
  CHECK(net.times("https://api.example/docs") == 1);
  CHECK(said(made, "a private address"));
}

TEST_CASE("what answers 401 is told with what a source needs", "[discovery]") {
  network net;
  net.listening = {"https://api.example"};
  net.statuses["https://api.example/v3/api-docs"] = 401;
  const auto made = net.search("https://api.example");
  REQUIRE(made.documents.size() == 1);
  CHECK(made.documents[0].sure == confidence::low);
  CHECK(said(made, "Bearer env:TOKEN"));
}

TEST_CASE("advice follows the framework that an answer shows", "[discovery]") {
  network net;
  net.listening = {"https://api.example"};
  net.missing = R"({"detail":"Not Found"})";
  CHECK(said(net.search("https://api.example"), "openapi_url=None"));
  net.missing = "none";
  CHECK(said(net.search("https://api.example"), "at none of the usual addresses"));
  net.listening.clear();
  CHECK(said(net.search("api.example"), "connection refused"));
  CHECK(said(net.search("api.example:1"), "is the service running"));
}

TEST_CASE("what claims to be a document and cannot be read is told as that", "[discovery]") {
  network net;
  net.listening = {"https://api.example"};
  net.pages["https://api.example/openapi.json"] = R"({"openapi":"3.1.0",)";
  const auto made = net.search("https://api.example");
  REQUIRE(made.documents.size() == 1);
  CHECK(made.documents[0].sure == confidence::low);
  CHECK_THAT(made.documents[0].problem, Contains("openapi.json:1:"));
}

TEST_CASE("a search ends with its requests and its bytes", "[discovery]") {
  network net;
  net.listening = {"https://api.example"};
  auto made = net.search("https://api.example", {.requests = 5});
  CHECK(made.requests == 5);
  CHECK(net.asked.size() == 5);
  CHECK_THAT(made.stopped, Contains("--requests"));
  net.asked.clear();
  net.missing = std::string(600, ' ');
  made = net.search("https://api.example", {.bytes = 1000});
  CHECK(net.asked.size() < 10);
  CHECK_THAT(made.stopped, Contains("MiB"));
}
