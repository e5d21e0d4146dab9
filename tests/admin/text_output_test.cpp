#include "admin/html.hpp"
#include "admin/prometheus.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <limits>

using namespace apisync::admin;

TEST_CASE("metrics are written with their escapes") {
  prometheus_writer out;
  out.metric("apisync_syncs_total", "counter", "Syncs that ended,\nby \\ result");
  std::array<prometheus_writer::label, 2> const labels{{{"result", "a\"b\\c\nd"}, {"source", "s"}}};
  out.sample(3, labels);
  out.metric("apisync_seconds", "gauge", "x");
  out.sample(0.5);
  out.sample(std::numeric_limits<double>::infinity(), {}, "_sum");
  REQUIRE(out.text() == "# HELP apisync_syncs_total Syncs that ended,\\nby \\\\ result\n"
                        "# TYPE apisync_syncs_total counter\n"
                        "apisync_syncs_total{result=\"a\\\"b\\\\c\\nd\",source=\"s\"} 3\n"
                        "# HELP apisync_seconds x\n# TYPE apisync_seconds gauge\n"
                        "apisync_seconds 0.5\napisync_seconds_sum +Inf\n");
}

TEST_CASE("a page escapes every text and links only to its own paths") {
  html_page page{"<b>"};
  page.table({"a&b"}, {{{"<script>", "/v1/x?a=1&b=2", "bad"}, {"y", "//evil.example.com", ""}}},
             "nothing");
  page.table({"none"}, {}, "nothing <here>");
  page.crumb("<up>", "/").code("<typed>").footer({{"<end>", "/metrics", {}}});
  page.table({"Side <1>"}, {{{"<v>", {}, {}, "<detail>"}}, {{"{\n}", {}, {}, {}, true}}}, "");
  auto const answer = page.finish();
  REQUIRE(answer.body.find("<script") == std::string::npos);
  REQUIRE(answer.body.find("<title>&lt;b&gt;</title>") != std::string::npos);
  REQUIRE(answer.body.find("href=\"/v1/x?a=1&amp;b=2\"") != std::string::npos);
  REQUIRE(answer.body.find("evil") == std::string::npos);
  REQUIRE(answer.body.find("nothing &lt;here&gt;") != std::string::npos);
  for (std::string const text : {"<up>", "<typed>", "<end>", "<v>", "<detail>", "Side <1>"})
    REQUIRE(answer.body.find(text) == std::string::npos);
  REQUIRE(answer.body.find("data-of=\"Side &lt;1&gt;\"") != std::string::npos);
  REQUIRE(answer.body.find("<pre>{\n}</pre>") != std::string::npos);
  REQUIRE(answer.body.find("<small>&lt;detail&gt;</small>") != std::string::npos);
  auto const policy = answer.headers.get("Content-Security-Policy");
  REQUIRE(policy.starts_with("default-src 'none'; style-src 'sha256-"));
}
