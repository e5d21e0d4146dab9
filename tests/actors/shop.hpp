#pragma once

#include "tests/support/simulation.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace apisync::test {

/// An API with a summary for each of its operations, and more in `info`.
inline std::string spec(const std::vector<std::string>& summaries,
                        const std::string& version = "1.0.0", const std::string& more = {}) {
  std::string paths;
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    if (summaries[i].empty()) continue;
    if (!paths.empty()) paths += ',';
    paths += "\"/p" + std::to_string(i) + R"(":{"get":{"summary":")" + summaries[i] +
             R"(","responses":{"200":{"description":"done"}}}})";
  }
  return R"({"openapi":"3.0.3","info":{"title":"Shop","version":")" + version + "\"" + more +
         R"(},"paths":{)" + paths + "}}";
}

inline actors::add_source source_of(const std::string& id,
                                    events::source_role role = events::source_role::authority) {
  actors::add_source order;
  order.definition.id = id;
  order.definition.api = "shop";
  order.definition.kind = events::source_kind::file;
  order.definition.path = id + ".json";
  order.definition.watch = false;
  order.definition.interval = std::chrono::hours{1};
  order.definition.role = role;
  return order;
}

/// The service with an authority, `main`, and a contributor, `side`.
class shop {
public:
  simulation sim;

  explicit shop(events::api_definition declared = {}) {
    declared.id = "shop";
    REQUIRE(sim.change(actors::add_api{declared, {{"user:ann", {}, 0}, {}}}));
  }

  void add(const std::string& id, const std::string& text,
           events::source_role role = events::source_role::authority) {
    sim.network().set(id, text);
    REQUIRE(sim.change(source_of(id, role)));
    sim.advance(std::chrono::seconds{1});
  }

  actors::sync_ended serve(const std::string& id, const std::string& text) {
    sim.network().set(id, text);
    const auto ended = sim.sync(id);
    REQUIRE(ended);
    return *ended;
  }

  void edit(const std::string& text) {
    REQUIRE(sim.change(actors::edit_spec{"shop",
                                         std::make_shared<const std::string>(text),
                                         "by hand",
                                         {},
                                         {{"user:ann", {}, 0}, {}}}));
  }

  result<actors::answer> resolve(const std::string& choice, bool always = false) {
    actors::resolve_conflicts order;
    order.api = "shop";
    for (const auto& [id, open] : api().open)
      order.ids.push_back(id);
    order.choice = choice;
    order.always = always;
    order.asked = {{"user:ann", {}, 0}, {}};
    return sim.change(order);
  }

  result<actors::answer> undo(const std::string& id) {
    return sim.change(actors::undo_resolutions{"shop", {id}, {}, {{"user:bob", {}, 0}, {}}});
  }

  void declare(const std::vector<events::rule_definition>& rules,
               std::optional<events::change_level> guard = {}) {
    auto definition = api().definition;
    definition.rules = rules;
    definition.guard = guard;
    REQUIRE(sim.change(
        actors::change_api{definition, events::declared_by::api, {{"user:ann", {}, 0}, {}}}));
    sim.run();
  }

  const events::api_state& api() {
    views_ = sim.views();
    return *views_->api("shop");
  }

  std::string text() { return *sim.store().documents->load(api().text); }

  /// The last decision.
  const events::conflict_state& last() { return *api().ended.back(); }

private:
  std::optional<events::views> views_;
};

} // namespace apisync::test
