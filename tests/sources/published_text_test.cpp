#include "sources/published_text.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::sources;
using Catch::Matchers::Contains;

namespace {

const std::string json =
    R"({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {}})";
const std::string other_json =
    R"({"openapi": "3.0.3", "info": {"title": "T", "version": "2"}, "paths": {}})";
const std::string yaml =
    "# ours\nopenapi: 3.0.3\ninfo:\n    title: T # words\n    version: '1'\npaths: {}\n";

publish_order order(std::string format = {}) {
  publish_order out;
  out.target = "copy";
  out.to.format = std::move(format);
  out.format = "json";
  return out;
}

published_text made(const publish_order& of, const std::string& text,
                    const std::optional<std::string>& there) {
  auto out = text_for(of, text, there);
  if (!out) FAIL(render(out.error()));
  return *out;
}

} // namespace

TEST_CASE("the document's own text goes where nothing is", "[target]") {
  const auto text = made(order(), json, std::nullopt);
  CHECK(text.bytes == json);
  CHECK(text.verbatim);
  CHECK_FALSE(text.found);
  CHECK(made(order(), json, "not a document").bytes == json);
  CHECK(made(order(), json, "").bytes == json);
}

TEST_CASE("a place says its format, and what is there says it else", "[target]") {
  const auto as_yaml = made(order("yaml"), json, std::nullopt);
  CHECK_THAT(as_yaml.bytes, Contains("openapi: 3.0.3"));
  CHECK_FALSE(as_yaml.verbatim);
  const auto over = made(order(), other_json, yaml);
  CHECK_THAT(over.bytes,
             Contains("# ours") && Contains("    title: T # words") && Contains("version: '2'"));
  CHECK_FALSE(over.verbatim);
  CHECK(made(order("json"), other_json, yaml).bytes == other_json);
}

TEST_CASE("the name of a file promises its format, where nothing is there", "[target]") {
  auto named = order();
  named.to.path = "out/api.yml";
  CHECK_THAT(made(named, json, std::nullopt).bytes, Contains("openapi: 3.0.3"));
  CHECK_THAT(made(named, json, "not a document").bytes, Contains("openapi: 3.0.3"));
  CHECK(made(named, other_json, json).bytes == other_json); // what is there is JSON
  named.to.path = "out/api.json";
  CHECK(made(named, json, std::nullopt).bytes == json);
}

TEST_CASE("what says the same stays as it is", "[target]") {
  const auto same = made(order(), json, yaml);
  CHECK(same.found);
  CHECK(same.bytes == yaml);
  CHECK(made(order(), json, json).found);
}

TEST_CASE("where the document's own text was written, its next one goes", "[target]") {
  auto again = order();
  const std::string spaced = "\n  " + json;
  again.written = sha256::of(json);
  again.verbatim = true;
  CHECK(made(again, "\n  " + other_json, json).bytes == "\n  " + other_json);
  again.verbatim = false; // it was written over somebody's layout, which stays
  CHECK(made(again, "\n  " + other_json, json).bytes == other_json);
}

TEST_CASE("what a source has not taken in is not overwritten", "[target]") {
  auto shared = order();
  shared.shared = read_there{"main", sha256::of(json), {}};
  CHECK(made(shared, other_json, json).bytes == other_json);
  CHECK(made(shared, other_json, std::nullopt).bytes == other_json);
  CHECK(made(shared, yaml, yaml).found);
  const auto refused = text_for(shared, other_json, yaml);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == errc::conflict);
  shared.written = sha256::of(yaml); // by us, and not read yet
  CHECK(text_for(shared, other_json, yaml));
}
