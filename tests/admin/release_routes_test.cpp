#include "tests/admin/world.hpp"

using namespace apisync;
using namespace apisync::test;

TEST_CASE("a revision is promoted, and the newest compared with it") {
  world w;
  w.add("main", document("all bills", tax_path));
  CHECK(w.get("/v1/apis/billing")["released"].is_null());
  w.call(404, "GET", "/v1/apis/billing/diff?from=released");
  auto const promoted =
      w.call(200, "POST", "/v1/apis/billing/promote", R"({"reason":"1.0 is out"})");
  CHECK(promoted["released"]["revision"] == 1);
  CHECK(promoted["released"]["reason"] == "1.0 is out");
  CHECK(promoted["released"]["behind"] == 0);

  w.network->set("main", document("all bills"));
  w.sync("main");
  auto const now = w.get("/v1/apis/billing")["released"];
  CHECK(now["behind"] == 1);
  CHECK(now["verdict"] == "breaking");
  CHECK(now["counts"]["error"] == 1);
  CHECK(w.get("/v1/apis/billing/revisions/2")["released"]["verdict"] == "breaking");
  auto const difference = w.get("/v1/apis/billing/diff?from=released");
  CHECK(difference["from"]["revision"] == 1);
  CHECK(difference["to"]["revision"] == 2);
  w.call(400, "GET", "/v1/apis/billing/diff?from=relesed");
  w.call(404, "POST", "/v1/apis/billing/promote", R"({"revision":9})");
  w.call(400, "POST", "/v1/apis/billing/promote", R"({"revison":1})");
  // The past had no release.
  CHECK(w.get("/v1/apis/billing?at=" +
              std::to_string(promoted["sequence"].get<int>() - 1))["released"]
            .is_null());
}
