#pragma once

#include "actors/interfaces.hpp"
#include "events/target_event.hpp"

#include <caf/typed_actor.hpp>

#include <memory>
#include <string>
#include <vector>

namespace apisync::actors {

/// What the configuration file declares: these targets and no others.
struct declare_targets {
  std::shared_ptr<const std::vector<events::target_definition>> targets;
};

/// Writes a target now, whatever was written before.
struct write_target {
  std::string target;
  asked_by asked;
};

/// The PUBLISHER: brings documents to their targets.
using publisher_actor = caf::typed_actor<
    // Answers when all of it is on disk.
    caf::replies_to<declare_targets>::with<answer>,
    // Answers when the order is on disk, not when it is carried out.
    caf::replies_to<write_target>::with<answer>, caf::reacts_to<settings_are>>;

} // namespace apisync::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::declare_targets)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::write_target)
