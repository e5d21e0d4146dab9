#pragma once

#include "actors/document_cache.hpp"
#include "actors/interfaces.hpp"

#include <string>

namespace apisync::actors {

/// Whether the source is compared only: what it has is nobody's contribution.
[[nodiscard]] bool is_observer(const api_context& api, const std::string& source);

/// Whether what the source has is part of the API: it is one of the API's, and not compared only.
[[nodiscard]] bool contributes(const api_context& api, const std::string& source);

/// Adds to an outcome what it means for the sources that are compared with the API's document:
/// those whose document has changed with it, or all of them where the API's has. docs/drift.md says
/// what is compared, and how. A document that cannot be read is a difference of its own.
void compare_changed(const api_context& api, const document_reader& documents, integrated& outcome);

/// Compares these sources, whatever has changed.
[[nodiscard]] integrated compare_sources(const take_comparison& task,
                                         const document_reader& documents);

} // namespace apisync::actors
