#pragma once

#include "specs/digest.hpp"
#include "specs/error.hpp"

#include <simdjson.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace apisync::events {

/// The number of a record in the whole log, from 1, without gaps; 0 is "before the first".
using sequence = std::uint64_t;

/// Wall-clock time of a record: UTC, microseconds.
using timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// RFC 3339 with microseconds and `Z`: `2026-11-23T08:00:00.000000Z`.
std::string to_rfc3339(timestamp time);

/// The inverse, for any RFC 3339 offset and 0 to 9 fractional digits (cut to microseconds).
result<timestamp> parse_rfc3339(std::string_view text);

/// Who caused a record, and what it belongs to.
struct origin {
  std::string by = "system"; ///< `system`, `user:NAME` or `model:NAME`.
  std::string correlation;   ///< The sync or request; may be empty.
  sequence causation = 0;    ///< The record that led to it; 0 when none did.

  bool operator==(const origin&) const = default;
};

/// When and by whom an event was committed: what folds need besides the event itself.
struct stamp {
  events::sequence sequence = 0;
  timestamp time;
  std::string by = "system";
};

/// An event on its way into the log: what a decision produced, already encoded.
struct draft {
  std::string stream;             ///< `engine`, `scheduler`, `source/ID`, `job/ID`, `api/ID`.
  std::string type;               ///< `revision_added`
  std::uint32_t type_version = 1; ///< The schema version of `data`.
  std::string data;               ///< One JSON object, without white space between tokens.

  bool operator==(const draft&) const = default;
};

/// One committed record, as read from a block. The views point into the block being read and are
/// valid during the visit only.
struct record_view {
  events::sequence sequence = 0;
  std::string_view stream;
  std::uint64_t stream_version = 0; ///< From 1, within the stream.
  std::string_view type;
  std::uint32_t type_version = 1;
  timestamp time;
  std::string_view by;
  std::string_view correlation;
  events::sequence causation = 0;
  simdjson::dom::object data;
};

/// Appends the record's JSON text to `out`, its envelope first and `data` last:
/// `{"sequence":7,"stream":"api/billing","version":3,"type":"revision_added","typeVersion":1,
///   "time":"…","by":"system","correlation":"…","causation":6,"data":{…}}`.
/// Returns the length of the envelope: the text before `,"data":`.
std::size_t write_record(std::string& out, sequence number, std::uint64_t stream_version,
                         timestamp time, const origin& from, const draft& event);

/// Reads one record of a parsed block. Fails with `corrupt` for a missing or mistyped field.
result<record_view> read_record(const simdjson::dom::element& json);

} // namespace apisync::events
