#include "specs/parse.hpp"
#include "specs/print.hpp"
#include "tests/support/simulation.hpp"

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

using namespace apisync;
using namespace std::chrono_literals;

namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// The example's specification: YAML with comments, block text and flow style.
std::string real_document() {
  const auto here = std::filesystem::path{__FILE__}.parent_path();
  return read_file(here / "../../examples/specs/orders.yaml");
}

/// A version of the document with another maximum, another text and, every third time, an operation
/// less.
std::string version(const std::string& original, int number) {
  auto text = original;
  const auto replace = [&](std::string_view from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
  };
  replace("maximum: 100", "maximum: " + std::to_string(100 + number));
  replace("Get an order", "Get an order # " + std::to_string(number));
  if (number % 3 == 0) {
    const auto from = text.find("    delete:");
    const auto to = text.find("components:");
    text.erase(from, to - from);
  }
  return text;
}

actors::add_source authority() {
  actors::add_source order;
  order.definition.id = "orders";
  order.definition.api = "orders";
  order.definition.kind = events::source_kind::file;
  order.definition.path = "orders.yaml";
  order.definition.watch = false;
  order.definition.interval = 1h;
  return order;
}

} // namespace

TEST_CASE("with one authority and no edits, what is served is what was fetched, byte for byte, "
          "through 200 versions and back",
          "[authority]") {
  test::simulation sim;
  const auto original = real_document();
  REQUIRE(original.size() > 1'000);
  std::vector<std::string> versions;
  for (int i = 0; i < 200; ++i)
    versions.push_back(version(original, i));
  sim.network().set("orders", versions[0]);
  REQUIRE(sim.change(authority()));
  sim.advance(1s);

  const auto served_is = [&](const std::string& expected) {
    const auto views = sim.views();
    const auto text = sim.store().documents->load(views.api("orders")->text);
    return text.has_value() && *text == expected && views.api("orders")->open.empty();
  };
  REQUIRE(served_is(versions[0]));
  for (int i = 1; i < 200; ++i) {
    sim.network().set("orders", versions[static_cast<std::size_t>(i)]);
    REQUIRE(sim.sync("orders"));
    if (i % 20 == 19) REQUIRE(served_is(versions[static_cast<std::size_t>(i)]));
  }
  for (int i = 198; i >= 0; i -= 33) { // and back, in larger steps
    sim.network().set("orders", versions[static_cast<std::size_t>(i)]);
    REQUIRE(sim.sync("orders"));
    REQUIRE(served_is(versions[static_cast<std::size_t>(i)]));
  }
  sim.network().set("orders", versions[0]);
  REQUIRE(sim.sync("orders"));
  CHECK(served_is(versions[0]));
}

TEST_CASE("new comments alone make no revision, but the text that is served has them",
          "[authority]") {
  test::simulation sim;
  const auto original = real_document();
  sim.network().set("orders", original);
  REQUIRE(sim.change(authority()));
  sim.advance(1s);
  const auto commented = "# a word more\n" + original;
  sim.network().set("orders", commented);
  const auto ended = sim.sync("orders");
  REQUIRE(ended);
  CHECK(ended->outcome == events::sync_outcome::unchanged);
  CHECK(ended->reason == "noise");
  const auto views = sim.views();
  CHECK(views.api("orders")->revisions.size() == 1);
  CHECK(*sim.store().documents->load(views.api("orders")->text) == commented);
}

TEST_CASE("a person's edit outlives the authority's changes elsewhere", "[authority]") {
  test::simulation sim;
  const auto original = real_document();
  sim.network().set("orders", original);
  REQUIRE(sim.change(authority()));
  sim.advance(1s);

  auto edited = original;
  const std::string before = "summary: List orders";
  edited.replace(edited.find(before), before.size(), "summary: All orders of a customer");
  actors::edit_spec order{"orders",
                          std::make_shared<const std::string>(edited),
                          "clearer",
                          {},
                          {{"user:ann", {}, 0}, {}}};
  REQUIRE(sim.change(order));
  sim.network().set("orders", version(original, 1));
  REQUIRE(sim.sync("orders"));

  const auto views = sim.views();
  const auto* api = views.api("orders");
  CHECK(api->open.empty());
  CHECK(api->revisions.size() == 3);
  // All that neither changed stands as it was written, and what they changed in their words.
  CHECK(*sim.store().documents->load(api->text) == version(edited, 1));
}

TEST_CASE("an edit in JSON of what is kept as YAML changes the values and leaves the words",
          "[authority]") {
  test::simulation sim;
  const auto original = real_document();
  sim.network().set("orders", original);
  REQUIRE(sim.change(authority()));
  sim.advance(1s);
  const auto read = specs::parse(original);
  REQUIRE(read);
  auto json = specs::to_json(read->document->root(), 2);
  const std::string before = "\"List orders\"";
  json.replace(json.find(before), before.size(), "\"All orders\"");
  actors::edit_spec order{
      "orders", std::make_shared<const std::string>(json), {}, {}, {{"user:ann", {}, 0}, {}}};
  REQUIRE(sim.change(order));
  auto expected = original;
  expected.replace(expected.find("List orders"), 11, "All orders");
  const auto views = sim.views();
  CHECK(views.api("orders")->format == "yaml");
  CHECK(*sim.store().documents->load(views.api("orders")->text) == expected);
}

TEST_CASE("a decision about a conflict changes its place in the text and nothing else",
          "[authority]") {
  test::simulation sim;
  const auto original = real_document();
  sim.network().set("orders", original);
  REQUIRE(sim.change(authority()));
  sim.advance(1s);
  auto edited = original;
  edited.replace(edited.find("List orders"), 11, "List orders  # by us");
  edited.replace(edited.find("List orders"), 11, "All orders");
  REQUIRE(sim.change(actors::edit_spec{
      "orders", std::make_shared<const std::string>(edited), {}, {}, {{"user:ann", {}, 0}, {}}}));
  auto upstream = original;
  upstream.replace(upstream.find("List orders"), 11, "'Orders, listed'");
  sim.network().set("orders", upstream);
  REQUIRE(sim.sync("orders"));
  auto views = sim.views();
  REQUIRE(views.api("orders")->open.size() == 1);
  CHECK(*sim.store().documents->load(views.api("orders")->text) == edited);

  actors::resolve_conflicts order;
  order.api = "orders";
  order.ids = {views.api("orders")->open.begin()->first};
  order.choice = "incoming";
  order.asked = {{"user:ann", {}, 0}, {}};
  REQUIRE(sim.change(order));
  views = sim.views();
  CHECK(views.api("orders")->open.empty());
  auto expected = edited;
  expected.replace(expected.find("All orders"), 10, "'Orders, listed'");
  CHECK(*sim.store().documents->load(views.api("orders")->text) == expected);
}

TEST_CASE("a rollback is a new revision that the next sync does not undo", "[authority]") {
  test::simulation sim;
  const auto original = real_document();
  sim.network().set("orders", original);
  REQUIRE(sim.change(authority()));
  sim.advance(1s);
  sim.network().set("orders", version(original, 3)); // an operation less
  REQUIRE(sim.sync("orders"));
  REQUIRE(sim.change(actors::rollback_api{"orders", 1, "too early", {{"user:ann", {}, 0}, {}}}));
  auto views = sim.views();
  CHECK(views.api("orders")->revisions.size() == 3);
  CHECK(*sim.store().documents->load(views.api("orders")->text) == original);
  REQUIRE(sim.sync("orders"));
  sim.advance(2h);
  views = sim.views();
  CHECK(views.api("orders")->revisions.size() == 3);
}

TEST_CASE("a document that has lost most of its operations waits for a person", "[quarantine]") {
  const auto with = [](int operations) {
    std::string text = R"({"openapi":"3.0.3","info":{"title":"Big","version":"1"},"paths":{)";
    for (int i = 0; i < operations; ++i)
      text += (i > 0 ? "," : "") + ("\"/p" + std::to_string(i)) +
              R"(":{"get":{"responses":{"200":{"description":"fine"}}}})";
    return text + "}}";
  };
  test::simulation sim;
  sim.network().set("orders", with(10));
  REQUIRE(sim.change(authority()));
  sim.advance(1s);
  sim.network().set("orders", with(4));
  auto ended = sim.sync("orders");
  REQUIRE(ended);
  CHECK(ended->outcome == events::sync_outcome::quarantined);
  CHECK(sim.views().api("orders")->head()->fact.operations == 10);
  REQUIRE(sim.change(actors::accept_quarantine{"orders", {{"user:ann", {}, 0}, {}}}));
  sim.advance(1s); // without another order: what is accepted is taken in at once
  const auto views = sim.views();
  CHECK(views.api("orders")->head()->fact.operations == 4);
  CHECK_FALSE(views.source("orders")->quarantined.has_value());
}
