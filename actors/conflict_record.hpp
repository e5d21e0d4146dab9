#pragma once

#include "actors/conflict_rules.hpp"
#include "actors/describe.hpp"
#include "actors/document_cache.hpp"
#include "specs/merge.hpp"

#include <string>
#include <string_view>

namespace apisync::actors {

/// A conflict's id among all conflicts of the service: two sources may disagree about one place.
std::string conflict_id(const std::string& api, const std::string& source,
                        std::string_view identity);

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
                                                   const specs::compat_options& how);

/// What the rules need to know of a conflict with a source. `document` has current's value at the
/// place; it and `conflict` must outlive the context.
ruling_context ruling_context_for(const api_context& api, const std::string& source,
                                  const std::string& repository, const specs::conflict& conflict,
                                  const specs::document_ptr& document,
                                  const document_reader& documents, std::uint64_t max_bytes);

} // namespace apisync::actors
