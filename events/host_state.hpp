#pragma once

#include "events/definition.hpp"
#include "events/schedule_event.hpp"

#include <optional>
#include <string>

namespace apisync::events {

/// A host that nobody asks for a while, for it was out of order.
struct host_outage {
  timestamp since;            ///< Of the first opening in a row.
  timestamp until;            ///< Then one sync tries.
  std::uint32_t failures = 0; ///< In a row.
  std::uint32_t openings = 0; ///< In a row.
  std::string reason;         ///< Of the last failure.
};

/// What stream `scheduler` says of one host. Hosts of which nothing is to be said have none.
struct host_state {
  host_state() = default;

  bool paused = false;
  std::optional<host_outage> outage; ///< Its circuit is open.

  /// Nothing is to be said of it any more.
  [[nodiscard]] bool plain() const { return !paused && !outage; }
};

void apply(host_state& state, const host_paused& fact, timestamp when);
void apply(host_state& state, const host_resumed& fact, timestamp when);
void apply(host_state& state, const host_circuit_opened& fact, timestamp when);
void apply(host_state& state, const host_circuit_closed& fact, timestamp when);

/// The host that a source's requests go to, with its port where the address names one, in lower
/// case; empty for files, people's edits and repositories on this machine.
std::string host_of(const source_definition& source);

/// Names the credential that a source's requests carry, by where it stands (`env:TOKEN`); empty
/// where they carry none. Sources with the same name share the credential's limits.
std::string credential_of(const source_definition& source);

} // namespace apisync::events
