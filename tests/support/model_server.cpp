#include "tests/support/model_server.hpp"

namespace apisync::test {

namespace {

using nlohmann::json;

/// What every client of this wire form must say.
bool well_formed(const http_request& request, const json& body) {
  const auto target = request.target.substr(0, request.target.find('?'));
  return request.method == "POST" && target == "/v1/chat/completions" &&
         request.headers.contains("content-type") &&
         request.headers.at("content-type").starts_with("application/json") && body.is_object() &&
         body.value("model", "") != "" && body.contains("messages") &&
         body["messages"].size() == 2 && body["messages"][0]["role"] == "system" &&
         body["messages"][1]["role"] == "user" && !body.value("stream", true);
}

} // namespace

model_server::model_server(script how)
    : how_(std::move(how)),
      fixture_([this](const http_request& request, const http_connection& to) {
        model_call call;
        call.request = request;
        call.number = ++calls_;
        call.body = json::parse(request.body, nullptr, false);
        if (!well_formed(request, call.body)) {
          ++malformed_;
          to.send(json_answer(400, R"({"error":{"message":"malformed request"}})"));
          return;
        }
        const auto user = call.body["messages"][1].value("content", "");
        const auto asked = json::parse(user, nullptr, false);
        if (asked.is_object()) call.conflicts = asked.value("conflicts", json::array());
        how_(call, to);
      }) {}

std::string answer_text(const std::vector<scripted_answer>& entries) {
  auto list = json::array();
  for (const auto& one : entries)
    list.push_back({{"id", one.id},
                    {"choice", one.choice},
                    {"value", one.value},
                    {"reason", one.reason},
                    {"confidence", one.confidence}});
  return json{{"answers", list}}.dump();
}

std::string completion(std::string_view text, std::string_view finish_reason) {
  return json{{"id", "chatcmpl-1"},
              {"object", "chat.completion"},
              {"choices",
               {{{"index", 0},
                 {"message", {{"role", "assistant"}, {"content", text}}},
                 {"finish_reason", finish_reason}}}},
              {"usage", {{"prompt_tokens", 100}, {"completion_tokens", 20}, {"total_tokens", 120}}}}
      .dump();
}

std::string json_answer(int status, std::string_view body, const std::string& headers) {
  return http_fixture::answer(status, "Content-Type: application/json\r\n" + headers, body);
}

} // namespace apisync::test
