#pragma once

#include "storage/block.hpp"

namespace apisync::storage {

/// Visits the block's records that match the filter, in order; false when the visitor ended it.
/// A block is parsed at once, unless only few of its records are of the wanted stream. Safe from
/// any thread; a visitor may itself read.
result<bool> visit_block(const block_view& block, const read_filter& filter,
                         const record_visitor& visit);

/// Whether an event reads back once it is a record: its data is one JSON object, and its texts are
/// valid UTF-8. The check before anything is written.
bool readable(const events::draft& event);
bool readable(const events::origin& from);

} // namespace apisync::storage
