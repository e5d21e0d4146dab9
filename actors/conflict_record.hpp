#pragma once

#include "actors/conflict_rules.hpp"
#include "actors/describe.hpp"
#include "specs/merge.hpp"

#include <string>
#include <string_view>

namespace apisync::actors {

/// A conflict's id among all conflicts of the service: two sources may disagree about one place.
std::string conflict_id(const std::string& api, const std::string& source,
                        std::string_view identity);

/// Both have it and it is the same, or neither has it.
bool same_value(specs::node one, specs::node other);

/// Puts a value into a conflict's record, or its name among those that are too long.
void keep_value(specs::node value, const char* name, std::optional<events::raw_json>& into,
                std::vector<std::string>& oversized);

/// The document after a ruling on a conflict; `open` changes nothing. Fails where the value no
/// longer fits in.
result<specs::document_ptr> after_ruling(const specs::document_ptr& document,
                                         const specs::conflict& conflict, const ruling& decided);

/// The event of a ruling.
events::conflict_resolved record_of(const ruling& decided, const std::string& id,
                                    const std::string& pointer, const std::string& source);

/// The gravest change between two documents; nothing where there is none.
std::optional<events::change_level> gravest_change(const specs::document& before,
                                                   const specs::document& after,
                                                   const std::string& today);

/// The contributor that has this value at a place; empty where none has.
std::string contributor_of(const api_context& api, const std::string& except,
                           std::string_view identity, specs::node value,
                           const storage::document_store& documents, std::uint64_t max_bytes);

} // namespace apisync::actors
