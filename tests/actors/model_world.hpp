#pragma once

#include "events/api_state.hpp"
#include "tests/support/model_server.hpp"
#include "tests/support/simulation.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace apisync::test {

using namespace std::chrono_literals;

/// A specification whose contested place is the `$ref` at `model_world::place`.
inline std::string spec_with(const std::string& schema, const std::string& summary = "list",
                             const std::string& note = "a pet") {
  return nlohmann::json::parse(R"({"openapi":"3.0.3","info":{"title":"Pets","version":"1"},"paths":{
    "/pets":{"get":{"operationId":"list","summary":")" +
                               summary + R"(","responses":{"200":{"description":"fine","content":{
    "application/json":{"schema":{"$ref":"#/components/schemas/Pet"}}}}}}}},"components":{"schemas":{
    "Pet":{"type":"object","description":")" +
                               note + R"(","properties":{"tag":{"$ref":"#/components/schemas/)" +
                               schema + R"("}}},"Text":{"type":"string"},
    "Short":{"type":"string","description":"short"},"Long":{"type":"string","description":"long"},
    "Number":{"type":"integer"}}}})")
      .dump();
}

/// One API with one source, a person's edit, and a change of the source at the same place: a
/// conflict that a rule gives to a model.
class model_world {
public:
  static constexpr const char* place = "/components/schemas/Pet/properties/tag/$ref";

  explicit model_world(const std::optional<events::model_definition>& model = definition(),
                       std::uint64_t seed = 1)
      : sim{seed} {
    configure(model);
    sim.network().set("pets", spec_with("Text"));
    actors::add_api api;
    api.definition.id = "pets";
    api.definition.rules.push_back(rule("/**", events::rule_action::ai));
    REQUIRE(sim.change(api));
    actors::add_source source;
    source.definition.id = source.definition.api = "pets";
    source.definition.kind = events::source_kind::http;
    source.definition.url = "https://specs.example/pets";
    source.definition.interval = 24h;
    REQUIRE(sim.change(source));
    sim.advance(1s);
    edit(spec_with("Short"));
  }

  static events::rule_definition rule(const std::string& pointer, events::rule_action action) {
    events::rule_definition out;
    out.pointer = pointer;
    out.action = action;
    return out;
  }

  static events::model_definition definition() {
    events::model_definition out;
    out.url = "https://model.example/v1";
    out.model = "scripted";
    out.mode = events::model_mode::auto_checked;
    return out;
  }

  /// As a configuration file says; nothing: no model.
  void configure(const std::optional<events::model_definition>& model) {
    auto config = std::make_shared<events::config>();
    config->model = model;
    config->hash = sha256::of(std::to_string(++configs_));
    REQUIRE(sim.change(actors::apply_config{config, "apisync.yaml"}));
  }

  void edit(const std::string& text) {
    actors::edit_spec order;
    order.api = "pets";
    order.text = std::make_shared<const std::string>(text);
    order.asked.from.by = "user:ann";
    REQUIRE(sim.change(order));
  }

  /// The source has this document, and a sync takes it in.
  actors::sync_ended sync(const std::string& text) {
    sim.network().set("pets", text);
    const auto ended = sim.sync("pets");
    REQUIRE(ended);
    return *ended;
  }

  /// The usual conflict.
  void disagree() { sync(spec_with("Long")); }

  /// What is published.
  nlohmann::json published() {
    const auto text = sim.store().documents->load(state().text);
    REQUIRE(text);
    return nlohmann::json::parse(*text);
  }

  std::string stands() {
    const auto text =
        published()["components"]["schemas"]["Pet"]["properties"]["tag"]["$ref"].get<std::string>();
    const auto name = text.substr(text.rfind('/') + 1);
    return name == "Text"    ? "base"
           : name == "Short" ? "current"
           : name == "Long"  ? "incoming"
                             : name;
  }

  events::api_state state() {
    const auto views = sim.views();
    REQUIRE(views.api("pets"));
    return *views.api("pets");
  }

  /// The data of all records of a type, in order.
  std::vector<nlohmann::json> records(const std::string& type) {
    std::vector<nlohmann::json> out;
    REQUIRE(sim.store().log->read({}, [&](const events::record_view& record) {
      if (record.type == type) out.push_back(nlohmann::json::parse(simdjson::minify(record.data)));
      return true;
    }));
    return out;
  }

  /// The one answer that there is.
  nlohmann::json answered() {
    const auto all = records("model_answered");
    REQUIRE(all.size() == 1);
    return all.front();
  }

  simulation sim;

private:
  int configs_ = 0;
};

/// The first check that failed; empty for none.
inline std::string failed_check(const nlohmann::json& verdict) {
  for (const auto& check : verdict.value("checks", nlohmann::json::array()))
    if (!check["passed"].get<bool>()) return check["check"];
  return {};
}

} // namespace apisync::test
