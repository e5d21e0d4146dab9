#pragma once

#include "events/change.hpp"
#include "events/fields.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What a source that is compared has otherwise than the canonical document: docs/drift.md. Of
/// stream `api/ID`.
namespace apisync::events {

/// All differences of one source, told as changes from the canonical document to what the source
/// has.
struct drift_report {
  static constexpr std::size_t max_changes = 50; ///< Listed; `counts` has them all.
  std::string source;
  std::uint64_t revision = 0; ///< The canonical document that was compared.
  digest observed;            ///< The source's text; key in the document store.
  digest differences;         ///< Equal: the same differences.
  change_counts counts;
  std::vector<change> changes; ///< Gravest first.

  bool operator==(const drift_report&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("source", self.source);
    visit.required("revision", self.revision);
    visit.required("observed", self.observed);
    visit.required("differences", self.differences);
    visit.required("counts", self.counts);
    visit("changes", self.changes);
  }
};

/// A source differs from the canonical document, and did not before.
struct drift_began {
  static constexpr std::string_view type = "drift_began";
  static constexpr std::uint32_t schema = 1;
  drift_report drift;

  static void fields(auto& self, auto& visit) { visit.required("drift", self.drift); }
};

/// It differs in another way. Not recorded where both sides changed alike.
struct drift_changed {
  static constexpr std::string_view type = "drift_changed";
  static constexpr std::uint32_t schema = 1;
  drift_report drift;

  static void fields(auto& self, auto& visit) { visit.required("drift", self.drift); }
};

/// It differs no more.
struct drift_ended {
  static constexpr std::string_view type = "drift_ended";
  static constexpr std::uint32_t schema = 1;
  std::string source;
  std::uint64_t revision = 0; ///< The canonical document at that time.
  std::string reason;         ///< For people.

  static void fields(auto& self, auto& visit) {
    visit.required("source", self.source);
    visit.required("revision", self.revision);
    visit.required("reason", self.reason);
  }
};

} // namespace apisync::events
