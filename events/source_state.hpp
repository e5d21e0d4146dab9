#pragma once

#include "events/event.hpp"

#include <optional>
#include <string>
#include <vector>

namespace apisync::events {

/// A document that is being kept out.
struct quarantine {
  std::string bytes_hash, reason, where;
  timestamp since;
};

/// What was brought last to a source of kind `push`.
struct pushed_document {
  document_pushed fact;
  timestamp time;
  std::string by;
};

/// The fold of stream `source/ID`.
struct source_state {
  source_state() = default;

  source_definition definition;
  bool exists = false; ///< Added and not removed.
  bool paused = false;
  source_seen seen;
  std::optional<events::quarantine> quarantined;
  std::string accepted_hash; ///< Bytes that a person let through the quarantine.
  std::optional<timestamp> added, changed;
  std::optional<pushed_document> pushed; ///< For a source of kind `push`.
};

/// Takes over one fact.
void apply(source_state& state, source_event event, const stamp& when);

/// Adds, or adds again after a removal. `already_exists` for an id in use.
result<std::vector<source_event>> decide_add(const source_state& state,
                                             const source_definition& definition);

/// `forbidden` for a source that the configuration file declares, unless the file changes it;
/// `conflict` where the declaration is no longer what it `was` when the change was thought of.
result<std::vector<source_event>> decide_change(const source_state& state,
                                                const source_definition& definition,
                                                declared_by who,
                                                const std::optional<source_definition>& was = {});
result<std::vector<source_event>> decide_remove(const source_state& state, declared_by who);

/// Pausing keeps the source but starts no sync of it.
result<std::vector<source_event>> decide_pause(const source_state& state, bool paused);

/// A fetch ended well and its document was taken in, or was known already: what was seen, where it
/// differs from before, and the end of a quarantine.
std::vector<source_event> decide_seen(const source_state& state, const source_seen& seen);

/// A fetched document was refused. What was seen is kept too, so that the same bytes are not
/// fetched and refused again and again.
std::vector<source_event> decide_quarantine(const source_state& state,
                                            const source_quarantined& refused,
                                            const source_seen& seen);

/// Takes note of a document that somebody brought. `conflict` for a source that is not of kind
/// `push`; nothing where the same document was brought last.
result<std::vector<source_event>> decide_push(const source_state& state,
                                              const document_pushed& brought);

/// Lets the quarantined document in at the next sync. `conflict` where none is quarantined.
result<std::vector<source_event>> decide_accept(const source_state& state);

} // namespace apisync::events
