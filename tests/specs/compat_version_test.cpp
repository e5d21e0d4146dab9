#include "specs/compat_lifecycle.hpp"
#include "specs/compat_version.hpp"
#include "tests/specs/text_document.hpp"

#include <catch2/catch.hpp>

using namespace apisync::specs;
using namespace apisync::specs::testing;

TEST_CASE("a step raises its own number and starts the lower ones anew") {
  CHECK(stepped("1.4.2", version_step::patch) == "1.4.3");
  CHECK(stepped("1.4.2", version_step::minor) == "1.5.0");
  CHECK(stepped("1.4.2", version_step::major) == "2.0.0");
  CHECK(stepped("v1.4.2-rc.1+5", version_step::none) == "v1.4.2");
  CHECK(stepped("0.4.2", version_step::major) == "0.5.0");
  CHECK(stepped("0.4.2", version_step::minor) == "0.4.3");
  for (const auto* other : {"", "dev", "1.2", "1.2.x", "1.2.3.4", "-1.2.3", "2026-11-23"})
    CHECK(stepped(other, version_step::major).empty());
}

TEST_CASE("the step follows from the worst change") {
  const auto step = [](const std::string& before, const std::string& after) {
    const auto api = [](const std::string& words) {
      return "{'openapi':'3.0.3','paths':{'/a':{'get':{" + words + "}}}}";
    };
    return step_of(judge(*doc(api(before)), *doc(api(after))));
  };
  CHECK(step("", "") == version_step::none);
  CHECK(step("'summary':'a','x-a':1", "'summary':'b','x-a':2") == version_step::patch);
  CHECK(step("'responses':{}", "'responses':{'404':{}}") == version_step::minor);
  CHECK(step("'responses':{'200':{}}", "'responses':{}") == version_step::major);
}

TEST_CASE("days are those of the calendar") {
  CHECK(day_of("1970-01-01") == 0);
  CHECK(day_of("1970-01-02T12:00:00Z") == 1);
  CHECK(day_of("2000-02-29") == 11016);
  for (const auto* other : {"", "2026-13-01", "2026-02-29", "2026-1-1", "26-01-01", "2026-01-01x",
                            "2026/01/01", "soon"})
    CHECK_FALSE(day_of(other));
}
