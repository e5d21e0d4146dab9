#include "sources/chat_completion.hpp"

#include "sources/text.hpp"
#include "specs/parse.hpp"
#include "specs/print.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace apisync::sources {

namespace {

std::string quoted(std::string_view text) {
  std::string out;
  specs::append_json_string(out, text);
  return out;
}

std::string message(std::string_view role, std::string_view content) {
  return R"({"role":")" + std::string{role} + R"(","content":)" + quoted(content) + '}';
}

std::string decimal(std::uint32_t thousandths) {
  auto fraction = std::to_string(1'000 + thousandths % 1'000).substr(1);
  return std::to_string(thousandths / 1'000) + '.' + fraction;
}

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// The words that a refusal was given in, for people: `error.message` where there is one.
std::string said(const http_answer& answer, std::size_t said_bytes_max = 300) {
  if (looks_like_html(answer.body)) {
    const auto title = html_title(answer.body);
    return title.empty() ? "an HTML page" : "an HTML page titled “" + title + "”";
  }
  specs::parse_options how;
  how.max_bytes = 65'536;
  how.format = specs::syntax_choice::json;
  if (const auto read = specs::parse(answer.body, how)) {
    const auto root = read->document->root();
    for (const auto text : {root.find("error").find("message"), root.find("error"),
                            root.find("message"), root.find("detail")})
      if (text.is_string()) return clean_text(text.text(), said_bytes_max);
  }
  return clean_text(answer.body, said_bytes_max);
}

tl::unexpected<model_failure> failed_as(std::string kind, errc code, std::string what,
                                        const http_answer& answer) {
  model_failure out;
  out.kind = std::move(kind);
  out.problem = {code, std::move(what), answer.url};
  return tl::unexpected(std::move(out));
}

tl::unexpected<model_failure> judge_status(const http_answer& answer, wall_time now) {
  auto what = "the endpoint answered " + std::to_string(answer.status);
  if (answer.status >= 300 && answer.status < 400)
    return failed_as("rejected", errc::invalid_argument,
                     what + ": redirects are not followed; give the address where it leads",
                     answer);
  if (const auto words = said(answer); !words.empty()) what += ": " + words;
  auto out = answer.status == 429 ? failed_as("rate-limited", errc::overloaded, what, answer)
             : answer.status == 401 || answer.status == 403
                 ? failed_as("rejected", errc::forbidden, what, answer)
             : answer.status == 408 ? failed_as("timeout", errc::unavailable, what, answer)
             : answer.status >= 500 ? failed_as("server-error", errc::unavailable, what, answer)
                                    : failed_as("rejected", errc::invalid_argument, what, answer);
  out.value().retry_after = parse_retry_after(answer.retry_after, now);
  return out;
}

std::uint64_t counted(specs::node usage, std::string_view name, std::size_t bytes) {
  constexpr std::uint64_t most = 100'000'000; // no endpoint's word makes a budget overflow
  std::uint64_t value = 0;
  const auto text = usage.find(name).text();
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (!text.empty() && code == std::errc{} && end == text.data() + text.size())
    return std::min(value, most);
  return bytes / 4 + 1;
}

/// The text of the only choice, or why there is none.
model_outcome read_choice(specs::node root, const http_answer& answer) {
  const auto choices = root.find("choices");
  if (!choices.is_array() || choices.size() == 0)
    return failed_as("no-text", errc::parse_error, "the answer has no choices", answer);
  const auto choice = choices[0];
  const auto said = choice.find("message");
  if (const auto refusal = said.find("refusal"); refusal.is_string() && !refusal.text().empty())
    return failed_as("refused", errc::unavailable,
                     "the model refuses: " + clean_text(refusal.text(), 300), answer);
  const auto ended = choice.find("finish_reason").text();
  if (ended == "length")
    return failed_as("truncated", errc::limit_exceeded,
                     "the answer is cut off at the limit of tokens; raise 'answerTokens'", answer);
  if (ended == "content_filter")
    return failed_as("filtered", errc::unavailable, "the endpoint's filter withheld the answer",
                     answer);
  if (const auto calls = said.find("tool_calls");
      calls.size() > 0 || said.find("function_call").size() > 0)
    return failed_as("no-text", errc::parse_error,
                     "the model calls a tool, though it was given none", answer);
  const auto content = said.find("content");
  if (!content.is_string() || content.text().empty())
    return failed_as("no-text", errc::parse_error, "the answer has no text", answer);
  model_text out;
  out.text = content.text();
  return out;
}

} // namespace

std::string_view to_string(answer_format value) {
  switch (value) {
  case answer_format::json_schema:
    return "json_schema";
  case answer_format::json_object:
    return "json_object";
  case answer_format::text:
    return "text";
  }
  return "text";
}

std::string completion_url(const model_endpoint& endpoint) {
  auto out = endpoint.url + "/chat/completions";
  if (!endpoint.api_version.empty()) out += "?api-version=" + endpoint.api_version;
  return out;
}

std::string completion_body(const model_request& request, const chat_dialect& dialect) {
  const auto& endpoint = request.endpoint;
  auto system = request.system;
  if (dialect.format != answer_format::json_schema)
    system +=
        "\n\nAnswer with one JSON object of this JSON Schema and nothing else:\n" + request.schema;
  std::string out = "{\"model\":" + quoted(endpoint.model) + ",\"messages\":[" +
                    message("system", system) + ',' + message("user", request.user) +
                    "],\"stream\":false,\"n\":1";
  out += dialect.completion_tokens ? ",\"max_completion_tokens\":" : ",\"max_tokens\":";
  out += std::to_string(endpoint.answer_tokens);
  if (endpoint.temperature && dialect.temperature)
    out += ",\"temperature\":" + decimal(*endpoint.temperature);
  if (endpoint.seed && dialect.seed) out += ",\"seed\":" + std::to_string(*endpoint.seed);
  if (dialect.format == answer_format::json_schema)
    out +=
        R"(,"response_format":{"type":"json_schema","json_schema":{"name":"answers","strict":true,)"
        R"("schema":)" +
        request.schema + "}}";
  if (dialect.format == answer_format::json_object)
    out += R"(,"response_format":{"type":"json_object"})";
  return out + '}';
}

std::optional<chat_dialect> other_dialect(const http_answer& answer, const chat_dialect& tried) {
  const auto status = answer.status;
  if (status != 400 && status != 404 && status != 415 && status != 422 && status != 501)
    return std::nullopt;
  constexpr std::size_t looked_at_max = 4'096;
  const auto words = lower(said(answer, looked_at_max));
  const auto names = [&](std::string_view word) { return words.find(word) != std::string::npos; };
  auto next = tried;
  if (names("max_completion_tokens") && !tried.completion_tokens) {
    next.completion_tokens = true;
    return next;
  }
  if (tried.format != answer_format::text &&
      (names("response_format") || names("json_schema") || names("json_object") ||
       names("structured output") || names("response format"))) {
    next.format = tried.format == answer_format::json_schema ? answer_format::json_object
                                                             : answer_format::text;
    return next;
  }
  if (names("temperature") && tried.temperature) {
    next.temperature = false;
    return next;
  }
  if (names("'seed'") || names("\"seed\"") || names("seed parameter")) {
    if (!tried.seed) return std::nullopt;
    next.seed = false;
    return next;
  }
  return std::nullopt;
}

model_outcome judge_completion(const http_answer& answer, const model_request& request,
                               const chat_dialect& dialect, wall_time now) {
  if (answer.status != 200) return judge_status(answer, now);
  const auto type = lower(answer.content_type);
  if (type.starts_with("text/event-stream") || answer.body.starts_with("data:"))
    return failed_as("streamed", errc::parse_error,
                     "the endpoint streams its answer, though it was asked not to", answer);
  if (type.find("json") == std::string::npos)
    return failed_as("not-json", errc::parse_error,
                     "the endpoint answered with '" + clean_text(answer.content_type, 100) +
                         "' instead of JSON" +
                         (looks_like_html(answer.body) ? ": " + said(answer) : ""),
                     answer);
  specs::parse_options how;
  how.name = answer.url;
  how.format = specs::syntax_choice::json;
  how.max_bytes = std::max<std::size_t>(request.endpoint.answer_bytes, 1);
  how.max_depth = 60;
  const auto read = specs::parse(answer.body, how);
  if (!read)
    return failed_as("not-json", errc::parse_error,
                     "the endpoint's answer is no JSON: " + read.error().message, answer);
  const auto root = read->document->root();
  auto out = read_choice(root, answer);
  const auto usage = root.find("usage");
  const auto prompt = counted(usage, "prompt_tokens", request.system.size() + request.user.size());
  const auto written = counted(usage, "completion_tokens", out ? out->text.size() : 0);
  if (out) {
    out->prompt_tokens = prompt;
    out->answer_tokens = written;
    out->format = dialect.format;
  } else {
    out.error().prompt_tokens = prompt;
    out.error().answer_tokens = written;
  }
  return out;
}

model_failure unreached(const fetch_failure& failure) {
  model_failure out;
  out.problem = failure.problem;
  out.retry_after = failure.retry_after;
  out.kind = "unreachable";
  if (failure.problem.code == errc::cancelled) out.kind = "cancelled";
  if (failure.problem.code == errc::overloaded) out.kind = "overloaded";
  if (failure.problem.code == errc::limit_exceeded) out.kind = "too-long";
  if (failure.problem.message.find("in time") != std::string::npos) out.kind = "timeout";
  return out;
}

} // namespace apisync::sources
