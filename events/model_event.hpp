#pragma once

#include "events/fields.hpp"
#include "events/record.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The model that conflicts may be shown to, as people declare it, and what it was asked and said:
/// events of streams `api/ID`. docs/ai.md.
namespace apisync::events {

/// What becomes of an answer that passes every check. `propose`: a person confirms it. `auto_safe`:
/// it counts where it chooses one of the candidates and no change that it makes is a warning or
/// worse. `auto_checked`: it counts.
enum class model_mode : std::uint8_t { propose, auto_safe, auto_checked };
constexpr auto all_values(model_mode) {
  return std::array{model_mode::propose, model_mode::auto_safe, model_mode::auto_checked};
}
/// `propose`, `auto-safe`, `auto`.
std::string_view to_string(model_mode value);

/// The header that carries the key: `Authorization: Bearer KEY`, or `api-key: KEY` (Azure).
enum class model_key_header : std::uint8_t { authorization, api_key };
constexpr auto all_values(model_key_header) {
  return std::array{model_key_header::authorization, model_key_header::api_key};
}
/// `authorization`, `api-key`.
std::string_view to_string(model_key_header value);

/// The section `model` of the configuration. docs/configuration.md has ranges and defaults.
struct model_definition {
  std::string url;   ///< What `/chat/completions` is appended to.
  std::string model; ///< As the endpoint names it.
  std::string key;   ///< `env:NAME` or `file:PATH`; empty: none is sent.
  model_key_header key_header = model_key_header::authorization;
  std::string api_version; ///< Sent as the query `api-version`, where it is not empty.
  model_mode mode = model_mode::propose;
  std::uint32_t confidence_percent = 80;    ///< An answer less sure than this does not count.
  std::optional<std::uint32_t> temperature; ///< In thousandths; absent: the endpoint's.
  std::optional<std::uint64_t> seed;
  std::chrono::milliseconds timeout{60'000};      ///< Of one request.
  std::chrono::milliseconds retry_within{30'000}; ///< The longest pause that is made for an
                                                  ///< endpoint that asks for patience.
  std::uint64_t question_bytes = 24'576;          ///< Of one question, without the instructions.
  std::uint64_t answer_bytes = 262'144;           ///< Of one HTTP answer.
  std::uint32_t answer_tokens = 4'000;
  std::uint64_t tokens_per_hour = 200'000;
  std::uint64_t tokens_per_api = 50'000; ///< An hour, too.
  std::uint32_t concurrency = 2;         ///< Requests at once.
  std::vector<std::string> redact;       ///< I-Regexps (RFC 9485) of words never sent.
  std::vector<std::string> allow_addresses;

  bool operator==(const model_definition&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("url", self.url);
    visit.required("model", self.model);
    visit("key", self.key);
    visit("keyHeader", self.key_header);
    visit("apiVersion", self.api_version);
    visit.required("mode", self.mode);
    visit("confidencePercent", self.confidence_percent);
    visit("temperatureThousandths", self.temperature);
    visit("seed", self.seed);
    visit("timeout", self.timeout);
    visit("retryWithin", self.retry_within);
    visit("questionBytes", self.question_bytes);
    visit("answerBytes", self.answer_bytes);
    visit("answerTokens", self.answer_tokens);
    visit("tokensPerHour", self.tokens_per_hour);
    visit("tokensPerApi", self.tokens_per_api);
    visit("concurrency", self.concurrency);
    visit("redact", self.redact);
    visit("allowAddresses", self.allow_addresses);
  }
};

/// A conflict of a question.
struct asked_conflict {
  std::string id;
  digest values;              ///< Of its three values as they were shown, before anything is
                              ///< withheld: an answer counts only while they are the same.
  bool choice_only = false;   ///< No value of its own was allowed: something could not be shown.
  std::uint32_t withheld = 0; ///< Texts that were replaced before sending.

  bool operator==(const asked_conflict&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("id", self.id);
    visit.required("values", self.values);
    visit("choiceOnly", self.choice_only);
    visit("withheld", self.withheld);
  }
};

/// A question is about to be sent; asked again after a crash in between. Not recorded for one that
/// the log has the answer to.
struct model_asked {
  static constexpr std::string_view type = "model_asked";
  static constexpr std::uint32_t schema = 1;
  digest question; ///< Of everything that the answer depends on: model, parameters, prompt.
  std::string model;
  raw_json parameters; ///< Temperature and the like.
  digest prompt; ///< The text that is sent; key in the document store, where it may be erased.
  std::uint64_t prompt_bytes = 0;
  std::vector<asked_conflict> conflicts;

  static void fields(auto& self, auto& visit) {
    visit.required("question", self.question);
    visit.required("model", self.model);
    visit("parameters", self.parameters);
    visit.required("prompt", self.prompt);
    visit("promptBytes", self.prompt_bytes);
    visit("conflicts", self.conflicts);
  }
};

/// What a check found about an answer for one conflict.
struct model_check {
  std::string check; ///< `schema`, `fresh`, `place`, `valid`, `compatible`, `words`, …: docs/ai.md.
  bool passed = false;
  std::string what; ///< What is wrong, for people.

  bool operator==(const model_check&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("check", self.check);
    visit.required("passed", self.passed);
    visit("what", self.what);
  }
};

/// What the model said of one conflict, and what came of it.
struct model_verdict {
  static constexpr std::size_t max_inline = 16'384; ///< Bytes of a value that is kept.
  std::string id;                                   ///< The conflict's.
  std::string choice; ///< `current`, `incoming`, `base`, `value`; empty: no usable answer.
  std::optional<raw_json> value;        ///< For `value`, with what was withheld put back.
  std::string reason;                   ///< The model's.
  std::uint32_t confidence_percent = 0; ///< The model's own.
  std::vector<model_check> checks;      ///< In the order in which they were made.
  std::string outcome;                  ///< `resolved`, `proposed`, `open`

  bool operator==(const model_verdict&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("id", self.id);
    visit("choice", self.choice);
    visit("value", self.value);
    visit("reason", self.reason);
    visit("confidencePercent", self.confidence_percent);
    visit("checks", self.checks);
    visit.required("outcome", self.outcome);
  }
};

/// A question was answered, or will not be. What was decided stands in the records after it.
struct model_answered {
  static constexpr std::string_view type = "model_answered";
  static constexpr std::uint32_t schema = 1;
  digest question;
  std::string model;
  std::string status = "answered"; ///< Or `failed`: then there are no verdicts but `open`.
  std::string failure;       ///< Of `failed`: `unreachable`, `timeout`, `rate-limited`, `rejected`,
                             ///< `server-error`, `not-json`, `streamed`, `truncated`, `filtered`,
                             ///< `refused`, `no-text`, `too-long`, `budget`, `overloaded`, `schema`
  std::string reason, where; ///< For people.
  std::optional<digest> answer; ///< What the model wrote; key in the document store.
  bool repeated = false;        ///< Taken from the log: nothing was sent.
  std::string format;           ///< `json_schema`, `json_object` or `text`, as it was asked for.
  std::uint32_t requests = 0;   ///< That were made.
  std::uint64_t prompt_tokens = 0, answer_tokens = 0; ///< As the endpoint counts, else an estimate.
  std::chrono::milliseconds latency{};                ///< From the order to the whole answer.
  std::vector<model_verdict> verdicts;

  static void fields(auto& self, auto& visit) {
    visit.required("question", self.question);
    visit.required("model", self.model);
    visit.required("status", self.status);
    visit("failure", self.failure);
    visit("reason", self.reason);
    visit("where", self.where);
    visit("answer", self.answer);
    visit("repeated", self.repeated);
    visit("format", self.format);
    visit("requests", self.requests);
    visit("promptTokens", self.prompt_tokens);
    visit("answerTokens", self.answer_tokens);
    visit("latency", self.latency);
    visit("verdicts", self.verdicts);
  }
};

} // namespace apisync::events
