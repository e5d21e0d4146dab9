#pragma once

#include "events/fields.hpp"
#include "specs/error.hpp"
#include "specs/overlay.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace apisync::events {

/// An OpenAPI Overlay that lies on the document of an API: for curation that outlives any change
/// upstream.
struct overlay_definition {
  static constexpr std::size_t max_bytes = 256U << 10U;      ///< Of one, as JSON.
  static constexpr std::size_t max_bytes_all = 1024U << 10U; ///< Of all of one API's.
  static constexpr std::size_t max_count = 50;               ///< Of one API's.

  std::string title; ///< Its own.
  raw_json document;

  bool operator==(const overlay_definition&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("title", self.title);
    visit.required("document", self.document);
  }
};

/// Reads what was declared. Fails with `parse_error` for what is no overlay; `where` names it.
result<specs::overlay> read_overlay(const overlay_definition& declared);

/// Whether all can be read, and are within the limits.
result<void> check(const std::vector<overlay_definition>& overlays);

} // namespace apisync::events
