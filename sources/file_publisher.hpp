#pragma once

#include "sources/publish.hpp"
#include "sources/roots.hpp"

namespace apisync::sources {

/// Brings a document to a file inside the roots, now, on this thread: written beside it, made
/// durable, and put in its place in one step, so that no reader ever finds half of it. Its mode
/// stays. A folder that is missing is not made. Through a symbolic link, what it leads to is
/// written.
publish_outcome publish_file(const publish_order& order, const roots& allowed);

} // namespace apisync::sources
