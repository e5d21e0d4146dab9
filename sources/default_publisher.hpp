#pragma once

#include "sources/http_peer.hpp"
#include "sources/publish.hpp"

#include <memory>

namespace apisync::sources {

/// A publisher for every kind of place. Files and repositories are written one after the other, on
/// one thread; at most `waiting_max` orders wait there. Errors: those of `open_peer`.
result<std::unique_ptr<publisher>> make_publisher(http_peer_config config);

} // namespace apisync::sources
