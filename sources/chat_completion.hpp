#pragma once

#include "sources/fetch.hpp"
#include "sources/http_answer.hpp"
#include "sources/model.hpp"

#include <string>
#include <string_view>

/// The wire form of `POST …/chat/completions`, as OpenAI's API and the many that speak like it have
/// it: what is sent and what an answer means. Pure.
namespace apisync::sources {

/// How a server wants to be asked, as far as it has been learnt from its refusals.
struct chat_dialect {
  answer_format format = answer_format::json_schema;
  bool completion_tokens = false; ///< `max_completion_tokens` instead of `max_tokens`.
  bool temperature = true;        ///< False: the model takes none but its own.
  bool seed = true;

  bool operator==(const chat_dialect&) const = default;
};

/// The address that is asked: `URL/chat/completions[?api-version=…]`.
[[nodiscard]] std::string completion_url(const model_endpoint& endpoint);

/// The body of a request; it asks for no stream, and for one answer.
[[nodiscard]] std::string completion_body(const model_request& request,
                                          const chat_dialect& dialect);

/// The dialect to try next, where the answer is a refusal (400, 404, 415, 422 or 501 that names a
/// parameter of ours) of something that can be left out; nothing otherwise.
[[nodiscard]] std::optional<chat_dialect> other_dialect(const http_answer& answer,
                                                        const chat_dialect& tried);

/// What an answer says. Only a whole text of one choice that ended by itself counts.
[[nodiscard]] model_outcome judge_completion(const http_answer& answer,
                                             const model_request& request,
                                             const chat_dialect& dialect, wall_time now);

/// Why nothing came back.
[[nodiscard]] model_failure unreached(const fetch_failure& failure);

} // namespace apisync::sources
