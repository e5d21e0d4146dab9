#pragma once

#include "storage/block.hpp"

namespace apisync::storage {

/// Visits the block's records that match the filter, in order; false when the visitor ended it.
/// A block is parsed at once, unless only few of its records are of the wanted stream. Safe from
/// any thread; a visitor may itself read.
result<bool> visit_block(const block_view& block, const read_filter& filter,
                         const record_visitor& visit);

/// Whether records are what this program reads back: `count` records from `first`, each with its
/// own fields only. The check before a block is written.
bool readable_payload(std::string_view payload, events::sequence first, std::uint32_t count);

/// Whether an event's data is one JSON object and its texts are valid UTF-8.
bool readable_draft(const events::draft& event, const events::origin& from);

} // namespace apisync::storage
