#pragma once

#include "tests/support/http_fixture.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::test {

/// What a scripted model was asked.
struct model_call {
  http_request request;
  nlohmann::json body;      ///< Of the request.
  nlohmann::json conflicts; ///< Of the user message.
  int number = 1;           ///< Of the requests so far.
};

/// A server that speaks the wire form of `POST …/chat/completions` as a script says, with HTTP of
/// its own. What is asked of it is checked: a request that is not as the form has it is answered
/// with 400 and counted in `malformed`.
class model_server {
public:
  using script = std::function<void(const model_call&, const http_connection&)>;

  explicit model_server(script how);

  [[nodiscard]] std::string url() const { return fixture_.url("/v1"); }
  [[nodiscard]] std::size_t calls() const { return fixture_.requests().size(); }
  [[nodiscard]] std::vector<http_request> requests() const { return fixture_.requests(); }
  [[nodiscard]] int malformed() const { return malformed_; }

private:
  script how_;
  std::atomic<int> calls_{0}, malformed_{0};
  http_fixture fixture_; // last: it calls the script
};

/// One entry of an answer.
struct scripted_answer {
  std::string id = "c1", choice = "incoming";
  nlohmann::json value = nullptr, confidence = 0.9;
  std::string reason = "it says more";
};

/// The text of an answer with these entries.
std::string answer_text(const std::vector<scripted_answer>& entries);

/// The body of a completion whose only choice has this text.
std::string completion(std::string_view text, std::string_view finish_reason = "stop");

/// A whole HTTP answer of JSON.
std::string json_answer(int status, std::string_view body, const std::string& headers = "");

/// What a model does, and what must come of it in mode `auto` with a bar of 80 percent.
struct model_behaviour {
  std::string name;
  model_server::script how;
  std::string status = "answered"; ///< Of `model_answered`.
  std::string failure = {};        ///< Likewise.
  std::string outcome = "open";    ///< Of the conflict's verdict.
  std::string refused_by = {};     ///< The first check that failed; empty: none.
  std::string stands = "current";  ///< What is published at the place: `current`, `incoming`, …
  std::size_t requests = 1;        ///< That it takes.
  std::string format = {};         ///< Of an answer; empty: not looked at.
};

/// All of them. The contested place is a `$ref` with the base `#/components/schemas/Text`, current
/// `…/Short` and incoming `…/Long`; `…/Number` is there too.
std::vector<model_behaviour> model_behaviours();

} // namespace apisync::test
