#pragma once

#include "events/change_level.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace apisync::events {

/// One judged change: of a revision, against the revision before, or of what a source has, against
/// the canonical document.
struct change {
  std::string rule;
  change_level level = change_level::info;
  std::string pointer; ///< Into the new document, or the old one for what was removed.
  std::string message;
  std::vector<std::string> operations; ///< `GET /pets request`, at most 20.

  bool operator==(const change&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("rule", self.rule);
    visit.required("level", self.level);
    visit.required("pointer", self.pointer);
    visit("message", self.message);
    visit("operations", self.operations);
  }
};

struct change_counts {
  std::uint32_t error = 0, warning = 0, info = 0;

  bool operator==(const change_counts&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("error", self.error);
    visit.required("warning", self.warning);
    visit.required("info", self.info);
  }
};

} // namespace apisync::events
