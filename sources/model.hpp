#pragma once

#include "specs/error.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::sources {

/// Where a model is asked, and with which parameters. docs/ai.md.
struct model_endpoint {
  std::string url;                          ///< What `/chat/completions` is appended to.
  std::string model;                        ///< As the endpoint names it.
  std::string key;                          ///< `env:NAME` or `file:PATH`; empty: none is sent.
  bool azure_key = false;                   ///< `api-key: KEY` instead of `Authorization: Bearer`.
  std::string api_version;                  ///< Sent as the query `api-version`.
  std::optional<std::uint32_t> temperature; ///< In thousandths.
  std::optional<std::uint64_t> seed;
  std::uint32_t answer_tokens = 4'000;
  std::uint64_t answer_bytes = 262'144;      ///< Of one HTTP answer.
  std::chrono::milliseconds timeout{60'000}; ///< Of one request.
  std::vector<std::string> allow_addresses;  ///< Beyond the public ones, see address_policy.hpp.
};

/// One question.
struct model_request {
  model_endpoint endpoint;
  std::string system, user; ///< The two messages.
  std::string schema;       ///< JSON Schema of what is to be answered.
};

/// How an answer's shape is asked for; each server that lacks one is asked with the next.
enum class answer_format : std::uint8_t { json_schema, json_object, text };
/// `json_schema`, `json_object`, `text`.
std::string_view to_string(answer_format value);

/// What the model wrote.
struct model_text {
  std::string text;
  /// As the endpoint counts them; else about four bytes a token.
  std::uint64_t prompt_tokens = 0, answer_tokens = 0;
  answer_format format = answer_format::json_schema;
  std::uint32_t requests = 1; ///< That it took.
};

/// Why there is no text.
struct model_failure {
  /// `unreachable`, `timeout`, `rate-limited`, `rejected` (another 4xx), `server-error`,
  /// `not-json`, `streamed`, `truncated`, `filtered`, `refused`, `no-text`, `too-long`,
  /// `overloaded`, `cancelled`
  std::string kind;
  error problem;
  std::optional<std::chrono::seconds> retry_after;    ///< What the endpoint asked for.
  std::uint64_t prompt_tokens = 0, answer_tokens = 0; ///< That were used all the same.
  std::uint32_t requests = 1;
};

using model_outcome = tl::expected<model_text, model_failure>;

/// Asks models. `ask` returns at once and calls `done` exactly once, from any thread (also from
/// within `ask`), also when it is cancelled. `done` must not throw, block for long, or destroy the
/// client. The destructor cancels what is under way.
class model_client {
public:
  virtual ~model_client() = default;
  using callback = std::function<void(model_outcome)>;
  virtual void ask(model_request request, callback done) = 0;
};

} // namespace apisync::sources
