#include "tests/support/model_server.hpp"

namespace apisync::test {

namespace {

using nlohmann::json;
using script = model_server::script;

script says(std::string body, int status = 200, std::string headers = "") {
  return [=](const model_call&, const http_connection& to) {
    to.send(json_answer(status, body, headers));
  };
}

script writes(const std::string& text) {
  return says(completion(text));
}

script answers(const std::vector<scripted_answer>& entries) {
  return writes(answer_text(entries));
}

script proposes(const std::string& value, double confidence = 0.99) {
  return answers({{"c1", "value", value, confidence, "mine is better"}});
}

script refuses_until(std::string_view problem, std::function<bool(const json&)> fine) {
  return [problem = std::string{problem}, fine = std::move(fine)](const model_call& call,
                                                                  const http_connection& to) {
    if (fine(call.body))
      to.send(json_answer(200, completion(answer_text({{}}))));
    else
      to.send(json_answer(400, json{{"error", {{"message", problem}}}}.dump()));
  };
}

script first_then(script first, script then) {
  return [first = std::move(first), then = std::move(then)](const model_call& call,
                                                            const http_connection& to) {
    (call.number == 1 ? first : then)(call, to);
  };
}

std::string message_with(const json& message, std::string_view finish_reason = "stop") {
  return json{{"choices", {{{"message", message}, {"finish_reason", finish_reason}}}},
              {"usage", {{"prompt_tokens", 100}, {"completion_tokens", 20}}}}
      .dump();
}

std::string format_of(const json& body) {
  return body.contains("response_format") ? body["response_format"].value("type", "") : "text";
}

model_behaviour resolves(std::string name, script how, std::string stands = "incoming") {
  model_behaviour out{std::move(name), std::move(how)};
  out.outcome = "resolved";
  out.stands = std::move(stands);
  return out;
}

model_behaviour proposed(std::string name, script how, std::string refused_by) {
  model_behaviour out{std::move(name), std::move(how)};
  out.outcome = "proposed";
  out.refused_by = std::move(refused_by);
  return out;
}

model_behaviour unusable(std::string name, script how, std::string refused_by) {
  model_behaviour out{std::move(name), std::move(how)};
  out.refused_by = std::move(refused_by);
  return out;
}

model_behaviour fails(std::string name, script how, std::string failure, std::size_t requests = 1) {
  model_behaviour out{std::move(name), std::move(how)};
  out.status = "failed";
  out.failure = std::move(failure);
  if (out.failure == "schema") out.refused_by = "schema";
  out.requests = requests;
  return out;
}

model_behaviour in_format(model_behaviour of, std::string format, std::size_t requests) {
  of.format = std::move(format);
  of.requests = requests;
  return of;
}

void add_answers(std::vector<model_behaviour>& all) {
  all.push_back(in_format(resolves("takes the incoming side", answers({{}})), "json_schema", 1));
  all.push_back(resolves("keeps the current side", answers({{"c1", "current"}}), "current"));
  all.push_back(resolves("goes back to the base", answers({{"c1", "base"}}), "base"));
  all.push_back(
      resolves("puts a sound value there", proposes(R"("#/components/schemas/Text")"), "base"));
  all.push_back(resolves("puts its answer into a code fence",
                         writes("```json\n" + answer_text({{}}) + "\n```")));
  all.push_back(unusable("answers nothing", answers({}), "schema"));
  all.push_back(proposed("is not sure", answers({{"c1", "incoming", nullptr, 0.4}}), "confidence"));
  all.push_back(proposed("breaks clients, and is quite sure",
                         proposes(R"("#/components/schemas/Number")", 1.0), "compatible"));
  all.push_back(
      proposed("refers to nothing", proposes(R"("#/components/schemas/Nobody")"), "valid"));
  all.push_back(proposed("puts a number where a reference stands", proposes("5"), "valid"));
  all.push_back(proposed("has a word of its own", proposes(R"("https://elsewhere.example/x.json")"),
                         "words"));
  all.push_back(unusable("gives a value that is no JSON", proposes("{\"a\":"), "schema"));
  all.push_back(unusable("gives a value beside a choice",
                         answers({{"c1", "incoming", "\"#/components/schemas/Number\""}}),
                         "schema"));
  all.push_back(unusable("makes up a mark", proposes(R"("[[c1:secret:7]]")"), "place"));
  all.push_back(unusable("puts half a megabyte there",
                         proposes("\"" + std::string(40'000, 'x') + "\""), "place"));
}

void add_wrong_shapes(std::vector<model_behaviour>& all) {
  const auto good = answer_text({{}});
  all.push_back(fails("answers about another place too", answers({{}, {"c9"}}), "schema"));
  all.push_back(
      fails("answers by pointer", answers({{"/info/title", "value", "\"Owned\""}}), "schema"));
  all.push_back(fails("answers twice", answers({{}, {"c1", "current"}}), "schema"));
  all.push_back(fails("chooses what is no choice", answers({{"c1", "delete"}}), "schema"));
  all.push_back(
      fails("is sure in words", answers({{"c1", "incoming", nullptr, "high"}}), "schema"));
  all.push_back(fails("is more than sure", answers({{"c1", "incoming", nullptr, 42}}), "schema"));
  all.push_back(fails("writes half a JSON", writes(good.substr(0, good.size() / 2)), "schema"));
  all.push_back(
      fails("chats", writes("I would take the incoming side, for it says more."), "schema"));
  all.push_back(
      fails("chats around its answer", writes("Sure!\n" + good + "\nAnything else?"), "schema"));
  all.push_back(fails("answers in another shape", writes(R"({"c1":"incoming"})"), "schema"));
  all.push_back(fails("adds members",
                      writes(R"({"answers":[],"patch":[{"op":"remove","path":"/paths"}]})"),
                      "schema"));
  all.push_back(fails("answers with a list", writes("[" + good + "]"), "schema"));
  all.push_back(fails("nests without end", writes(std::string(50'000, '[')), "schema"));
  all.push_back(fails("says a name twice", writes(R"({"answers":[],"answers":)" + good.substr(11)),
                      "schema"));
}

void add_envelopes(std::vector<model_behaviour>& all) {
  all.push_back(fails("has no choices", says(R"({"choices":[]})"), "no-text"));
  all.push_back(fails("has no text", says(message_with({{"content", nullptr}})), "no-text"));
  all.push_back(fails("has its text in parts",
                      says(message_with({{"content", {{{"type", "text"}, {"text", "{}"}}}}})),
                      "no-text"));
  all.push_back(fails(
      "refuses", says(message_with({{"content", nullptr}, {"refusal", "I cannot"}})), "refused"));
  all.push_back(fails("calls a tool",
                      says(message_with({{"content", nullptr},
                                         {"tool_calls", {{{"id", "1"}, {"type", "function"}}}}},
                                        "tool_calls")),
                      "no-text"));
  all.push_back(
      fails("stops at its limit", says(completion(answer_text({{}}), "length")), "truncated"));
  all.push_back(fails("is filtered", says(completion("", "content_filter")), "filtered"));
  all.push_back(fails("is no completion", says(R"({"object":"list","data":[]})"), "no-text"));
  all.push_back(fails("answers without JSON", says("choices: none"), "not-json"));
  all.push_back(
      fails("answers with broken UTF-8", says("{\"choices\":[\"\xFF\xFE\"]}"), "not-json"));
  all.push_back(fails(
      "answers with a page",
      [](const model_call&, const http_connection& to) {
        to.send(http_fixture::answer(200, "Content-Type: text/html\r\n",
                                     "<html><title>Log in</title></html>"));
      },
      "not-json"));
  all.push_back(fails(
      "streams though not asked to",
      [](const model_call&, const http_connection& to) {
        to.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                "data: {\"choices\":[{\"delta\":{\"content\":\"{\"}}]}\n\ndata: [DONE]\n\n");
      },
      "streamed"));
  all.push_back(fails("answers without end", writes(std::string(200'000, 'x')), "too-long"));
}

void add_refusals(std::vector<model_behaviour>& all) {
  const auto problem = [](std::string_view text) {
    return json{{"error", {{"message", text}}}}.dump();
  };
  all.push_back(fails("wants another key", says(problem("invalid API key"), 401), "rejected"));
  all.push_back(fails("does not know the model", says(problem("no such model"), 404), "rejected"));
  all.push_back(fails("finds the question too long",
                      says(problem("maximum context length exceeded"), 400), "rejected"));
  all.push_back(
      fails("leads elsewhere", says("", 307, "Location: http://127.0.0.1:1/v1\r\n"), "rejected"));
  all.push_back(fails("is broken", says(problem("internal"), 500), "server-error"));
  all.push_back(fails("is busy for long", says(problem("slow down"), 429, "Retry-After: 3600\r\n"),
                      "rate-limited"));
  all.push_back(fails("is busy all the time", says(problem("slow down"), 429), "rate-limited", 2));
  auto again =
      resolves("is busy for a moment",
               first_then(says(problem("slow down"), 429, "Retry-After: 2\r\n"), answers({{}})));
  again.requests = 2;
  all.push_back(again);
  again.name = "is loading for a moment";
  again.how = first_then(says(problem("loading"), 503, "Retry-After: 1\r\n"), answers({{}}));
  all.push_back(again);
}

void add_dialects(std::vector<model_behaviour>& all) {
  const auto no_schema =
      refuses_until("response_format of type json_schema is not supported",
                    [](const json& body) { return format_of(body) != "json_schema"; });
  const auto no_format = refuses_until("unknown field: response_format", [](const json& body) {
    return !body.contains("response_format");
  });
  const auto other_limit =
      refuses_until("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
                    [](const json& body) { return body.contains("max_completion_tokens"); });
  const auto no_temperature =
      refuses_until("'temperature' does not support 0.2 with this model",
                    [](const json& body) { return !body.contains("temperature"); });
  const auto no_seed = refuses_until("unknown field \"seed\"",
                                     [](const json& body) { return !body.contains("seed"); });
  all.push_back(in_format(resolves("lacks JSON schemas", no_schema), "json_object", 2));
  all.push_back(in_format(resolves("lacks response formats", no_format), "text", 3));
  all.push_back(
      in_format(resolves("counts tokens by another name", other_limit), "json_schema", 2));
  all.push_back(in_format(resolves("takes no temperature", no_temperature), "json_schema", 2));
  all.push_back(in_format(resolves("takes no seed", no_seed), "json_schema", 2));
  all.push_back(
      fails("takes nothing",
            refuses_until("bad response_format, temperature, \"seed\" and max_completion_tokens",
                          [](const json&) { return false; }),
            "rejected", 5));
}

void add_broken_lines(std::vector<model_behaviour>& all) {
  all.push_back(fails(
      "hangs up", [](const model_call&, const http_connection&) {}, "unreachable"));
  all.push_back(fails(
      "hangs up in the middle",
      [](const model_call&, const http_connection& to) {
        to.send(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{");
      },
      "unreachable"));
  all.push_back(fails(
      "says nothing at all",
      [](const model_call&, const http_connection& to) { to.wait_for_close(); }, "timeout"));
  all.push_back(fails(
      "begins to answer, and stops",
      [](const model_call&, const http_connection& to) {
        to.send(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{");
        to.wait_for_close();
      },
      "timeout"));
  all.push_back(fails(
      "is no HTTP server",
      [](const model_call&, const http_connection& to) { to.send("SSH-2.0-OpenSSH_9.2\r\n"); },
      "unreachable"));
}

} // namespace

std::vector<model_behaviour> model_behaviours() {
  std::vector<model_behaviour> all;
  add_answers(all);
  add_wrong_shapes(all);
  add_envelopes(all);
  add_refusals(all);
  add_dialects(all);
  add_broken_lines(all);
  return all;
}

} // namespace apisync::test
