#pragma once

#include "events/fields.hpp"
#include "events/record.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// What happens to hosts and APIs on the schedule. The first four belong to stream `scheduler`, the
/// others to `api/ID`.
namespace apisync::events {

/// No sync of a source on this host starts until it is resumed. By a person.
struct host_paused {
  static constexpr std::string_view type = "host_paused";
  static constexpr std::uint32_t schema = 1;
  std::string host; ///< `HOST` or `HOST:PORT`, in lower case.

  static void fields(auto& self, auto& visit) { visit.required("host", self.host); }
};

struct host_resumed {
  static constexpr std::string_view type = "host_resumed";
  static constexpr std::uint32_t schema = 1;
  std::string host;

  static void fields(auto& self, auto& visit) { visit.required("host", self.host); }
};

/// So many syncs in a row found the host out of order, whichever source they were for: nobody asks
/// it before `until`, and then one sync alone.
struct host_circuit_opened {
  static constexpr std::string_view type = "host_circuit_opened";
  static constexpr std::uint32_t schema = 1;
  std::string host;
  std::uint32_t failures = 0; ///< In a row.
  std::uint32_t openings = 0; ///< In a row, this one included; each pause is twice the one before.
  timestamp until;
  std::string reason; ///< Of the last failure.

  static void fields(auto& self, auto& visit) {
    visit.required("host", self.host);
    visit.required("failures", self.failures);
    visit.required("openings", self.openings);
    visit.required("until", self.until);
    visit("reason", self.reason);
  }
};

/// The host answers again.
struct host_circuit_closed {
  static constexpr std::string_view type = "host_circuit_closed";
  static constexpr std::uint32_t schema = 1;
  std::string host;

  static void fields(auto& self, auto& visit) { visit.required("host", self.host); }
};

/// No sync of the API's sources starts until it is resumed. By a person.
struct api_paused {
  static constexpr std::string_view type = "api_paused";
  static constexpr std::uint32_t schema = 1;
  static void fields(auto&, auto&) {}
};

struct api_resumed {
  static constexpr std::string_view type = "api_resumed";
  static constexpr std::uint32_t schema = 1;
  static void fields(auto&, auto&) {}
};

/// The document has been gone from every place that the API follows, for the time that the setting
/// `orphanAfter` states. The API and its revisions stay.
struct api_orphaned {
  static constexpr std::string_view type = "api_orphaned";
  static constexpr std::uint32_t schema = 1;
  timestamp since;    ///< Since when it has been gone everywhere.
  std::string source; ///< Where it was looked for last.

  static void fields(auto& self, auto& visit) {
    visit.required("since", self.since);
    visit("source", self.source);
  }
};

/// One of the places of an orphaned API has a document again.
struct api_found_again {
  static constexpr std::string_view type = "api_found_again";
  static constexpr std::uint32_t schema = 1;
  std::string source;

  static void fields(auto& self, auto& visit) { visit("source", self.source); }
};

} // namespace apisync::events
