#include "events/api_state.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::events;

namespace {

const stamp now{7, timestamp{std::chrono::seconds{100}}, "system"};

drift_report report(const std::string& differences) {
  drift_report out;
  out.source = "server";
  out.observed = sha256::of("observed " + differences);
  out.differences = sha256::of(differences);
  out.counts.error = 1;
  return out;
}

/// Decides on a comparison, and takes over what was decided; the types of the events.
std::vector<std::string> compare(api_state& state, std::optional<drift_report> drift) {
  integration taken;
  taken.compared.push_back({"server", std::move(drift), {}});
  std::vector<std::string> types;
  for (auto& event : decide(state, taken)) {
    types.push_back(encode("api/billing", event).type);
    apply(state, std::move(event), now);
  }
  return types;
}

using types = std::vector<std::string>;

} // namespace

TEST_CASE("drift is told when it begins, when it is another, and when it ends", "[drift]") {
  api_state state;
  state.definition.id = "billing";
  CHECK(compare(state, {}).empty());
  CHECK(compare(state, report("a path is gone")) == types{"drift_began"});
  CHECK(state.drifts.at("server").since == now.time);
  CHECK(compare(state, report("a path is gone")).empty());
  CHECK(compare(state, report("two paths are gone")) == types{"drift_changed"});
  CHECK(state.drifts.at("server").report.differences == sha256::of("two paths are gone"));
  CHECK(compare(state, {}) == types{"drift_ended"});
  CHECK(state.drifts.empty());
}

TEST_CASE("the drift of a removed source ends", "[drift]") {
  api_state state;
  compare(state, report("a path is gone"));
  auto ended = decide_source_removed(state, "server");
  REQUIRE(ended.size() == 1);
  apply(state, std::move(ended.front()), now);
  CHECK(state.drifts.empty());
  CHECK(decide_source_removed(state, "server").empty());
}
