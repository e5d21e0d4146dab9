#pragma once

#include "admin/message.hpp"
#include "events/history.hpp"
#include "events/views.hpp"
#include "storage/event_log.hpp"

#include <optional>
#include <string>

namespace apisync::admin {

/// What a person may want to know before deciding a conflict, from its documents as they are now:
/// `{"around": {"kind", "pointer", "value"}, "current": {…}, "incoming": {…}, "choices":
/// {"current": {…}, "incoming": {…}, "base": {…}}}`. Who made either side and when; for each
/// choice the level of the gravest change that it would make, and the changes.
/// @param today `YYYY-MM-DD`, the day on which dates are judged
result<std::string> conflict_context_json(const events::api_state& api,
                                          const events::conflict_state& conflict,
                                          const storage::document_store& documents,
                                          const std::string& today);

/// The document that a choice would make.
struct previewed {
  std::string text;
  std::string format; ///< `json` or `yaml`
};

/// Fails with `invalid_argument` for a choice that this conflict does not have, or a value that is
/// not JSON or does not fit.
result<previewed> preview_choice(const events::api_state& api,
                                 const events::conflict_state& conflict,
                                 const storage::document_store& documents,
                                 const std::string& choice,
                                 const std::optional<std::string>& value);

} // namespace apisync::admin
