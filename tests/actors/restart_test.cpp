// Orders to a part of the service that has failed and starts again.
#include "tests/actors/shop.hpp"

#include <caf/exit_reason.hpp>

using namespace apisync;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using test::shop;
using test::spec;

namespace {

template <class Handle>
void kill(test::simulation& sim, const Handle& handle) {
  REQUIRE(handle);
  caf::anon_send_exit(handle, caf::exit_reason::kill);
  sim.run();
}

actors::pause_source pause_of_main() {
  return {"main", true, {{"user:ann", {}, 0}, {}}};
}

} // namespace

TEST_CASE("who asks a part that starts again is told so, not that there is none", "[restart]") {
  shop s;
  s.add("main", spec({"a"}));
  kill(s.sim, s.sim.house().entities->source("main"));
  const auto early = s.sim.change(pause_of_main()); // within some 10 ms: it starts again after 100
  REQUIRE_FALSE(early);
  CHECK(early.error().code == errc::unavailable);
  CHECK_THAT(early.error().message, Contains("starts again"));
  s.sim.advance(1s);
  CHECK(s.sim.change(pause_of_main()));
  const auto unknown = s.sim.change(actors::pause_source{"nobody", true, {}});
  CHECK(unknown.error().code == errc::not_found);
}

TEST_CASE("webhooks are unavailable, not unknown, while their part starts again", "[restart]") {
  shop s;
  const actors::resend_deliveries order{"chat", {1}, {{"user:ann", {}, 0}, {}}};
  kill(s.sim, s.sim.house().entities->notifier());
  const auto early = s.sim.change(order);
  REQUIRE_FALSE(early);
  CHECK(early.error().code == errc::unavailable);
  s.sim.advance(1s);
  CHECK(s.sim.change(order).error().code == errc::not_found); // there is no such webhook
}

TEST_CASE("a part that fails too often is parked, and whoever asks for it is told", "[restart]") {
  shop s;
  s.add("main", spec({"a"}));
  for (int i = 0; i < 5; ++i) {
    kill(s.sim, s.sim.house().entities->source("main"));
    s.sim.advance(2s);
  }
  const auto parked = s.sim.change(pause_of_main());
  REQUIRE_FALSE(parked);
  CHECK(parked.error().code == errc::unavailable);
  CHECK_THAT(parked.error().message, Contains("parked"));
  s.sim.crash();
  CHECK(s.sim.change(pause_of_main()));
}
