#include "events/config_entries.hpp"
#include "specs/i_regexp.hpp"

#include <algorithm>
#include <charconv>

namespace apisync::events {

using namespace std::chrono_literals;

namespace {

bool is_reference(std::string_view text) {
  return text.starts_with("env:") || text.starts_with("file:");
}

void read_address(config_object& object, model_definition& out) {
  out.url = object.text("url").value_or("");
  const auto at = object.member("url");
  if (!at)
    return object.missing("url", "the endpoint's address without /chat/completions, such as "
                                 "https://api.openai.com/v1 or http://127.0.0.1:11434/v1");
  if (!at.is_string()) return;
  if (!out.url.starts_with("http://") && !out.url.starts_with("https://"))
    return object.report(at, "'url' must be an address that starts with http:// or https://");
  const auto rest = std::string_view{out.url}.substr(out.url.find("://") + 3);
  if (rest.substr(0, rest.find_first_of("/?#")).find('@') != std::string_view::npos)
    object.report(at, "the address holds a user or password, which would be written into the log; "
                      "name the key in 'key': env:NAME or file:PATH");
  if (rest.find_first_of("?#") != std::string_view::npos)
    object.report(at, "'url' must have no query: say 'apiVersion' where the endpoint wants "
                      "?api-version=");
  constexpr std::string_view added = "/chat/completions";
  if (out.url.ends_with(added))
    object.report(at, "leave /chat/completions out of 'url': it is added");
  while (out.url.ends_with('/'))
    out.url.pop_back();
}

void read_key(config_object& object, model_definition& out) {
  out.key = object.text("key").value_or("");
  if (!out.key.empty() && !is_reference(out.key))
    object.report(object.member("key"), "'key' would be written into the log as it is; name where "
                                        "it stands: env:NAME or file:PATH");
  out.key_header = object.choice<model_key_header>("keyHeader").value_or(out.key_header);
  out.api_version = object.text("apiVersion").value_or("");
  const auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == '_';
  };
  if (!std::all_of(out.api_version.begin(), out.api_version.end(), plain))
    object.report(object.member("apiVersion"), "'apiVersion' must be letters, digits, '-', '.' and "
                                               "'_', such as 2024-10-21");
}

/// A decimal from 0 to 2, in thousandths.
void read_temperature(config_object& object, model_definition& out) {
  const auto at = object.member("temperature");
  if (!at) return;
  double value = -1;
  const auto text = at.text();
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool good = at.is(specs::kind::number) && code == std::errc{} &&
                    end == text.data() + text.size() && value >= 0 && value <= 2;
  if (!good) return object.report(at, "'temperature' must be a number from 0 to 2");
  out.temperature = static_cast<std::uint32_t>(value * 1'000 + 0.5);
}

void read_sampling(config_object& object, model_definition& out) {
  out.mode = object.choice<model_mode>("mode").value_or(out.mode);
  out.confidence_percent = static_cast<std::uint32_t>(
      object.integer("confidencePercent", 0, 100).value_or(out.confidence_percent));
  read_temperature(object, out);
  constexpr std::uint64_t seed_max = (1ULL << 53U) - 1; // what every JSON reader holds
  out.seed = object.integer("seed", 0, seed_max);
}

void read_limits(config_object& object, model_definition& out) {
  constexpr std::uint64_t tokens_max = 1'000'000'000;
  out.timeout = object.duration("timeout", 1s, 10min).value_or(out.timeout);
  out.retry_within = object.duration("retryWithin", 0s, 10min).value_or(out.retry_within);
  out.question_bytes = object.integer("questionBytes", 8'192, 262'144).value_or(out.question_bytes);
  out.answer_bytes = object.integer("answerBytes", 4'096, 4'194'304).value_or(out.answer_bytes);
  out.answer_tokens = static_cast<std::uint32_t>(
      object.integer("answerTokens", 100, 100'000).value_or(out.answer_tokens));
  out.tokens_per_hour =
      object.integer("tokensPerHour", 1'000, tokens_max).value_or(out.tokens_per_hour);
  out.tokens_per_api =
      object.integer("tokensPerApi", 1'000, tokens_max).value_or(out.tokens_per_api);
  out.concurrency =
      static_cast<std::uint32_t>(object.integer("concurrency", 1, 64).value_or(out.concurrency));
}

void read_patterns(config_object& object, model_definition& out) {
  constexpr std::size_t patterns_max = 100;
  out.redact = object.texts("redact").value_or(out.redact);
  const auto at = object.member("redact");
  if (out.redact.size() > patterns_max)
    object.report(at, "'redact' has more than " + std::to_string(patterns_max) + " patterns");
  for (const auto& pattern : out.redact)
    if (pattern.empty() || !specs::i_regexp::parse(pattern))
      object.report(at, "'" + pattern +
                            "' is no regular expression of RFC 9485, which 'redact' "
                            "takes: no \\d, \\w, anchors or lookaround; [0-9]+ is one");
}

} // namespace

model_definition read_model(specs::node from, config_problems& problems) {
  config_object object{from, "'model'", problems};
  model_definition out;
  if (!object.good()) return out;
  read_address(object, out);
  out.model = object.text("model").value_or("");
  if (out.model.empty()) object.missing("model", "the model's name, as the endpoint has it");
  read_key(object, out);
  read_sampling(object, out);
  read_limits(object, out);
  read_patterns(object, out);
  out.allow_addresses = object.texts("allowAddresses").value_or(out.allow_addresses);
  object.refuse_unknown();
  return out;
}

} // namespace apisync::events
