#pragma once

#include "specs/document.hpp"
#include "specs/error.hpp"
#include "specs/redact.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::specs {

/// One place that two sides changed differently, as it stands now, and the versions that it is in.
struct contested_place {
  std::string id;               ///< Of the conflict.
  std::string kind;             ///< `edit/edit`, `edit/delete`, `delete/edit`, `add/add`, `move`
  std::string pointer;          ///< RFC 6901
  std::string identity;         ///< docs/merge.md
  node base, current, incoming; ///< No node where a version does not have it.
  document_ptr base_in, current_in, incoming_in; ///< `base_in` null: the empty document.
};

/// What a question says of one place.
struct asked_place {
  std::string id;    ///< Of the conflict.
  std::string alias; ///< What it is called in the question: `c1`, ….
  /// A value of its own may be answered: all that is there could be shown, and what was withheld
  /// can be put back.
  bool may_propose = true;
  std::size_t withheld = 0; ///< Texts that were replaced by marks.
};

/// A question to a model about some places.
struct question {
  std::vector<asked_place> places;
  std::string system; ///< The instructions; always the same.
  std::string user;   ///< What is asked, as JSON.
  std::string schema; ///< JSON Schema of the answer.
};

struct question_limits {
  std::size_t bytes_max = 24'576; ///< Of `user`; at least 8192.
  std::size_t places_max = 16;    ///< In one question.
};

/// The questions about some places, in their order, as many as the limits need. Each place is shown
/// with its three values, the operation or component around it and what each side changed near it,
/// all of it redacted and trimmed; never a whole document. The same places give the same questions.
[[nodiscard]] std::vector<question> make_questions(const std::vector<contested_place>& places,
                                                   const redaction_rules& rules,
                                                   const question_limits& limits = {});

/// The marks of a place's three values, as its question has them: to put back what an answer keeps
/// of them.
[[nodiscard]] redaction shown_values(const contested_place& place, const redaction_rules& rules,
                                     std::string_view alias);

} // namespace apisync::specs
