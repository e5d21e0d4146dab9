#pragma once

#include "actors/interfaces.hpp"
#include "events/folder.hpp"

#include <caf/typed_actor.hpp>

#include <memory>
#include <string>
#include <vector>

namespace apisync::actors {

/// These folders are searched, and no others; none while the engine is stopped.
struct folders_are {
  std::shared_ptr<const std::vector<events::folder_definition>> folders;
  std::shared_ptr<const events::settings> values;
};

/// A search has ended: what was found becomes sources, and is recorded if it is news.
struct take_found {
  events::folder_definition folder; ///< As it was when the search began.
  std::vector<std::string> documents;
  std::vector<std::string> refused; ///< `PATH: why`.
  std::string problem;
};

/// Who makes sources of what is found: the engine.
using found_taker = caf::typed_actor<caf::replies_to<take_found>::with<answer>>;

/// The FINDER: searches folders.
using finder_actor = caf::typed_actor<caf::reacts_to<folders_are>>;

} // namespace apisync::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::folders_are)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(apisync::actors::take_found)
