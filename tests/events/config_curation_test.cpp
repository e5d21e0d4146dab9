// Overlays and rules of compatibility, as an API declares them.
#include "events/config.hpp"
#include "events/config_plan.hpp"
#include "specs/parse.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::events;
using Catch::Contains;

namespace {

const std::string overlay =
    "overlay: 1.0.0\ninfo: {title: Public, version: '1'}\nactions:\n  - {target: $.info, remove: "
    "true}\n";

/// Files of that name and text, no others.
config_files files(const std::map<std::string, std::string>& all) {
  return [all](const std::string& name) -> result<std::string> {
    const auto found = all.find(name);
    if (found == all.end()) return fail(errc::not_found, "there is no such file", name);
    return found->second;
  };
}

checked<config> read(const std::string& api, const config_files& from = {}) {
  return read_config("apis:\n  - id: billing\n" + api, "apisync.yaml", from);
}

std::string problem(const checked<config>& of) {
  REQUIRE_FALSE(of);
  REQUIRE(of.error().size() == 1);
  return render(of.error().front());
}

} // namespace

TEST_CASE("an overlay is read from the file that is named, or where it stands", "[overlay]") {
  const auto named = read("    overlays: [public.yaml]\n", files({{"public.yaml", overlay}}));
  const auto inside =
      read("    overlays:\n      - {overlay: 1.0.0, info: {title: Public, version: '1'}, "
           "actions: [{target: $.info, remove: true}]}\n");
  REQUIRE(named);
  REQUIRE(inside);
  REQUIRE(named->apis.at(0).overlays.size() == 1);
  CHECK(named->apis[0].overlays[0].title == "Public");
  CHECK(named->apis[0].overlays == inside->apis.at(0).overlays);
}

TEST_CASE("what a declaration of an API says of overlays reads back", "[overlay]") {
  const auto made = read("    overlays: [public.yaml]\n    compatibility: {levels: "
                         "{api-path-removed-without-deprecation: info}}\n",
                         files({{"public.yaml", overlay}}));
  INFO((made ? "" : render(made.error().front())));
  REQUIRE(made);
  const auto text = to_declaration_json(made->apis.at(0));
  const auto document = specs::parse(text, {.name = "body"});
  REQUIRE(document);
  auto again = parse_api(document->document->root(), "body");
  REQUIRE(again);
  again->declared = declared_by::file;
  CHECK(*again == made->apis[0]);
}

TEST_CASE("problems with a named file say where it is named and where in it they are",
          "[overlay]") {
  CHECK_THAT(problem(read("    overlays: [gone.yaml]\n", files({}))),
             Contains("apisync.yaml:3:16") && Contains("there is no such file: gone.yaml"));
  CHECK_THAT(problem(read("    overlays: [o.yaml]\n", files({{"o.yaml", "overlay: '9'\n"}}))),
             Contains("apisync.yaml:3:16") && Contains("o.yaml:1:") && Contains("1.0 or 1.1"));
  CHECK_THAT(problem(read("    overlays: [o.yaml]\n", files({{"o.yaml", "a: [\n"}}))),
             Contains("o.yaml:2:"));
  CHECK_THAT(problem(read("    overlays: [o.yaml]\n")),
             Contains("only a configuration file can name the file 'o.yaml'"));
  CHECK_THAT(problem(read("    overlays: {}\n")), Contains("'overlays' must be a list"));
  CHECK_THAT(problem(read("    overlays: [7]\n")), Contains("a file's name or the document"));
  CHECK_THAT(problem(read("    compatibility: r.yaml\n",
                          files({{"r.yaml", "levels:\n  no-such-rule: info\n"}}))),
             Contains("apisync.yaml:3:5") && Contains("r.yaml:2:") && Contains("no-such-rule"));
}

TEST_CASE("overlays have limits", "[overlay]") {
  std::string long_text(300U << 10U, 'x');
  CHECK_THAT(problem(read("    overlays: [o.yaml]\n",
                          files({{"o.yaml", overlay + "x-long: " + long_text + "\n"}}))),
             Contains("at most 256 KiB"));
  std::string many = "    overlays: [";
  for (int i = 0; i < 51; ++i)
    many += "o.yaml, ";
  CHECK_THAT(problem(read(many + "]\n", files({{"o.yaml", overlay}}))),
             Contains("at most 50 overlays"));
}
