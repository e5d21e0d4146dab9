#include "events/config_plan.hpp"
#include "events/folder.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::events;

namespace {

folder_definition folder_of(std::string files, std::string api) {
  folder_definition out;
  out.id = "services";
  out.files = std::move(files);
  out.api = std::move(api);
  return out;
}

checked<config> read(const std::string& text) {
  return read_config(text, "apisync.yaml");
}

std::string problem_of(const std::string& text) {
  const auto out = read(text);
  REQUIRE_FALSE(out);
  return out.error().front().where + ": " + out.error().front().message;
}

} // namespace

TEST_CASE("a file that is found becomes a source by the folder's rule", "[folder]") {
  struct row {
    std::string files, api, path, id, api_id;
  };
  const auto [files, api, path, id, api_id] = GENERATE(values<row>({
      {"specs/*.yaml", "{name}", "specs/shop.yaml", "services.shop", "shop"},
      {"specs/*/openapi.yaml", "{folder}", "specs/shop/openapi.yaml", "services.shop.openapi",
       "shop"},
      {"specs", "{path}", "specs/eu/shop.v1.json", "services.eu.shop.v1", "eu.shop.v1"},
      {"specs", "team-{folder}-{name}", "specs/eu/shop.yml", "services.eu.shop", "team-eu-shop"},
      {"*.json", "{folder}-x", "shop.json", "services.shop", "x"},
      {"/srv/a b/*.json", "{name}", "/srv/a b/Grün & Co.json", "services.Gr-n-Co", "Gr-n-Co"},
  }));
  const auto made = found_source(folder_of(files, api), path);
  INFO((made ? "" : made.error().message));
  REQUIRE(made);
  CHECK(made->id == id);
  CHECK(made->api == api_id);
  CHECK(made->path == path);
  CHECK(made->kind == source_kind::file);
  CHECK(made->declared == declared_by::folder);
  CHECK(made->folder == "services");
}

TEST_CASE("a source that is found has what its folder says of all of them", "[folder]") {
  auto folder = folder_of("specs", "{name}");
  folder.source.role = source_role::observer;
  folder.source.priority = priority::low;
  folder.source.watch = false;
  folder.source.interval = std::chrono::minutes{7};
  const auto made = found_source(folder, "specs/a.json");
  REQUIRE(made);
  CHECK(made->role == source_role::observer);
  CHECK(made->priority == priority::low);
  CHECK_FALSE(made->watch);
  CHECK(made->interval == std::chrono::minutes{7});
}

TEST_CASE("long paths make ids that differ", "[folder]") {
  const auto folder = folder_of("specs", "{name}");
  const std::string deep = "specs/" + std::string(150, 'd') + "/";
  const auto a = found_source(folder, deep + "a.json");
  const auto b = found_source(folder, deep + "b.json");
  REQUIRE(a);
  REQUIRE(b);
  CHECK(a->id.size() <= 100);
  CHECK(a->id != b->id);
}

TEST_CASE("a file that makes no id, or is not meant, is refused", "[folder]") {
  CHECK_FALSE(found_source(folder_of("specs", "{name}"), "specs/\xe6\x97\xa5.json"));
  CHECK_FALSE(found_source(folder_of("specs/*.yaml", "{name}"), "other/a.yaml"));
}

TEST_CASE("folders are read from a configuration and printed as one", "[folder][config]") {
  const auto out =
      read("rules: [{place: servers, action: pin}]\n"
           "folders:\n"
           "  - {id: services, files: 'specs/**/openapi.yaml', api: '{folder}',\n"
           "     searchInterval: 30s, role: contributor, interval: 10m,\n"
           "     priority: low, watch: false, select: {exclude: {tags: [internal]}}}\n");
  REQUIRE(out);
  REQUIRE(out->folders.size() == 1);
  const auto& folder = out->folders.front();
  CHECK(folder.search_interval == std::chrono::seconds{30});
  CHECK(folder.source.role == source_role::contributor);
  CHECK(folder.rules.size() == 1);
  const auto again = read(R"({"rules":[{"place":"servers","action":"pin"}],"folders":[)" +
                          to_declaration_json(folder) + "]}");
  REQUIRE(again);
  CHECK(again->folders.front() == folder);
}

TEST_CASE("what is wrong with a folder is said where it stands", "[folder][config]") {
  using Catch::Contains;
  CHECK_THAT(problem_of("folders: [{id: a, api: '{name}'}]"), Contains("'files' is missing"));
  CHECK_THAT(problem_of("folders: [{id: a, files: specs}]"), Contains("'api' is missing"));
  CHECK_THAT(problem_of("folders:\n  - {id: a, files: specs, api: shop}"),
             Contains("apisync.yaml:2:5") && Contains("one authority"));
  CHECK_THAT(problem_of("folders: [{id: a, files: specs, api: '{nmae}', role: observer}]"),
             Contains("{nmae}"));
  CHECK_THAT(problem_of("folders: [{id: a, files: 'x/**.yaml', api: '{name}'}]"),
             Contains("'**' stands for directories"));
  CHECK_THAT(problem_of("folders: [{id: a, files: specs, api: '{name}', after: [b]}]"),
             Contains("unknown key 'after'"));
  CHECK_THAT(problem_of("folders: [{id: a, files: x, api: '{name}'}, "
                        "{id: a, files: y, api: '{name}'}]"),
             Contains("the id 'a' is taken"));
}

TEST_CASE("rules and after may name a source that is yet to be found", "[folder][config]") {
  const std::string folders =
      "folders: [{id: docs, files: specs, api: '{name}', role: observer}]\n";
  CHECK(read(folders + "rules: [{place: servers, action: prefer-source, prefer: docs.shop}]\n"));
  CHECK_FALSE(read(folders + "rules: [{place: servers, action: prefer-source, prefer: doc.s}]\n"));
  const std::string gateway = "sources: [{id: gateway, api: gateway, file: g.yaml, after: ";
  CHECK(read(folders + gateway + "[docs.shop]}]"));
  CHECK_FALSE(read(folders + gateway + "[doc.shop]}]"));
}

TEST_CASE("what a folder has found follows its declaration", "[folder][config]") {
  const std::string text = "folders: [{id: services, files: specs, api: '{name}'";
  const auto first = read(text + "}]");
  REQUIRE(first);
  declarations now;
  now.folders["services"] = first->folders.front();
  const auto shop = found_source(first->folders.front(), "specs/shop.yaml");
  REQUIRE(shop);
  now.sources[shop->id] = *shop;
  now.apis["shop"] = found_api(first->folders.front(), "shop");
  const auto planned = [&](const std::string& next) {
    const auto file = read(next);
    REQUIRE(file);
    return plan(now, with_found(now, *file));
  };
  using names = std::vector<std::string>;

  CHECK(planned(text + "}]").empty());

  const auto slower = planned(text + ", interval: 1h}]");
  CHECK(slower.changed == names{"folder/services", "source/services.shop"});
  CHECK(slower.removed.empty());

  const auto renamed = planned("folders: [{id: services, files: specs, api: 'x-{name}'}]");
  CHECK(renamed.changed == names{"folder/services"});
  CHECK(renamed.removed == names{"api/shop", "source/services.shop"});

  const auto elsewhere = planned("folders: [{id: services, files: other, api: '{name}'}]");
  CHECK(elsewhere.removed == names{"api/shop", "source/services.shop"});

  const auto gone = planned("{}");
  CHECK(gone.removed == names{"api/shop", "folder/services", "source/services.shop"});

  const auto titled = planned(text + "}]\napis: [{id: shop, title: The shop}]");
  CHECK(titled.changed == names{"api/shop"});

  // Declared by hand, the file is the same source's, or another's.
  const auto same =
      planned(text + "}]\nsources: [{id: services.shop, api: shop, file: specs/shop.yaml}]");
  CHECK(same.changed == names{"source/services.shop"});
  const auto other = planned(text + "}]\nsources: [{id: mine, api: shop, file: specs/shop.yaml}]");
  CHECK(other.added == names{"source/mine"});
  CHECK(other.removed == names{"source/services.shop"});
}

TEST_CASE("an authority beside one that was found is refused before anything is applied",
          "[folder][config]") {
  const auto file = read("folders: [{id: services, files: specs, api: '{name}'}]\n"
                         "sources: [{id: mine, api: shop, file: mine.yaml}]");
  REQUIRE(file);
  declarations now;
  now.folders["services"] = file->folders.front();
  const auto shop = found_source(file->folders.front(), "specs/shop.yaml");
  now.sources[shop->id] = *shop;
  const auto refused = refusals(now, with_found(now, *file));
  REQUIRE(refused.size() == 1);
  CHECK_THAT(refused.front().message, Catch::Contains("services.shop"));
}
