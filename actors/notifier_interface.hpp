#pragma once

#include "actors/interfaces.hpp"
#include "events/webhook_event.hpp"

#include <caf/typed_actor.hpp>

#include <memory>
#include <string>
#include <vector>

namespace apisync::actors {

/// What the configuration file declares: these webhooks and no others.
struct declare_webhooks {
  std::shared_ptr<const std::vector<events::webhook_definition>> webhooks;
};

/// Tells settled events once more; none named: every dead letter.
struct resend_deliveries {
  std::string webhook;
  std::vector<events::sequence> events;
  asked_by asked;
};

/// The NOTIFIER: tells receivers of committed events.
using notifier_actor = caf::typed_actor<
    // Answers when all of it is on disk.
    caf::replies_to<declare_webhooks>::with<answer>,
    // Answers when the order is on disk, not when it is carried out: `{"webhook", "ordered"}`.
    caf::replies_to<resend_deliveries>::with<answer>, caf::reacts_to<settings_are>>;

} // namespace apisync::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::declare_webhooks)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::resend_deliveries)
