#include "sources/http_model.hpp"
#include "tests/support/model_server.hpp"
#include "tests/support/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <future>

using namespace apisync;
using namespace apisync::sources;
using namespace apisync::test;
using nlohmann::json;

namespace {

class client_under_test {
public:
  client_under_test() {
    folder.write("key", "s3cret\n");
    http_peer_config config;
    config.roots = {"."};
    config.base = folder.path();
    client = std::move(*make_model_client(std::move(config)));
  }

  static model_request request(const std::string& url) {
    model_request out;
    out.endpoint.url = url;
    out.endpoint.model = "scripted";
    out.endpoint.allow_addresses = {"loopback"};
    out.system = "say what \"should\" stand there";
    out.user = R"({"conflicts":[]})";
    out.schema = R"({"type":"object"})";
    return out;
  }

  model_outcome ask(model_request asked) const {
    auto promise = std::make_shared<std::promise<model_outcome>>();
    auto answer = promise->get_future();
    client->ask(std::move(asked),
                [promise](model_outcome said) { promise->set_value(std::move(said)); });
    return answer.get();
  }

  scratch_directory folder;
  std::unique_ptr<model_client> client;
};

void answer_well(const model_call&, const http_connection& to) {
  to.send(json_answer(200, completion(answer_text({{}}))));
}

} // namespace

TEST_CASE("a question is sent in the form that OpenAI's API has", "[model]") {
  model_server server{answer_well};
  const client_under_test under;
  auto asked = client_under_test::request(server.url());
  asked.endpoint.key = "file:key";
  asked.endpoint.temperature = 250;
  asked.endpoint.seed = 7;
  const auto said = under.ask(asked);
  REQUIRE(said);
  CHECK(said->text == answer_text({{}}));
  CHECK(said->prompt_tokens == 100);
  CHECK(said->answer_tokens == 20);
  CHECK(said->format == answer_format::json_schema);
  const auto request = server.requests().front();
  CHECK(request.target == "/v1/chat/completions");
  CHECK(request.headers.at("authorization") == "Bearer s3cret");
  CHECK_FALSE(request.headers.contains("api-key"));
  const auto body = json::parse(request.body);
  CHECK(body["model"] == "scripted");
  CHECK(body["messages"][0] == json{{"role", "system"}, {"content", asked.system}});
  CHECK(body["messages"][1] == json{{"role", "user"}, {"content", asked.user}});
  CHECK(body["temperature"] == 0.25);
  CHECK(body["seed"] == 7);
  CHECK(body["max_tokens"] == 4'000);
  CHECK(body["stream"] == false);
  CHECK(body["response_format"]["type"] == "json_schema");
  CHECK(body["response_format"]["json_schema"]["strict"] == true);
  CHECK(body["response_format"]["json_schema"]["schema"] == json{{"type", "object"}});
}

TEST_CASE("Azure's way: a query, and the key in a header of its own", "[model]") {
  model_server server{answer_well};
  const client_under_test under;
  auto asked = client_under_test::request(server.url());
  asked.endpoint.key = "file:key";
  asked.endpoint.azure_key = true;
  asked.endpoint.api_version = "2024-10-21";
  REQUIRE(under.ask(asked));
  const auto request = server.requests().front();
  CHECK(request.target == "/v1/chat/completions?api-version=2024-10-21");
  CHECK(request.headers.at("api-key") == "s3cret");
  CHECK_FALSE(request.headers.contains("authorization"));
  CHECK_FALSE(json::parse(request.body).contains("temperature"));
}

TEST_CASE("what a server lacks is remembered, for that server and model", "[model]") {
  const auto old_server = [](const model_call& call, const http_connection& to) {
    if (call.body.contains("response_format"))
      to.send(json_answer(400, R"({"error":{"message":"response_format is not known here"}})"));
    else
      answer_well(call, to);
  };
  model_server server{old_server};
  const client_under_test under;
  const auto first = under.ask(client_under_test::request(server.url()));
  REQUIRE(first);
  CHECK(first->format == answer_format::text);
  CHECK(first->requests == 3);
  const auto second = under.ask(client_under_test::request(server.url()));
  REQUIRE(second);
  CHECK(second->requests == 1);
  CHECK(second->format == answer_format::text);
  // The shape is asked for in words.
  const auto system = json::parse(server.requests().back().body)["messages"][0]["content"];
  CHECK(system.get<std::string>().find(R"({"type":"object"})") != std::string::npos);
  auto other = client_under_test::request(server.url());
  other.endpoint.model = "another";
  CHECK(under.ask(other)->requests == 3);
}

TEST_CASE("a key that is missing is no question sent", "[model]") {
  model_server server{answer_well};
  const client_under_test under;
  auto asked = client_under_test::request(server.url());
  asked.endpoint.key = "file:nowhere";
  const auto said = under.ask(asked);
  REQUIRE_FALSE(said);
  CHECK(said.error().problem.message.find("nowhere") != std::string::npos);
  CHECK(server.calls() == 0);
}

TEST_CASE("loopback is reached only where it is allowed", "[model]") {
  model_server server{answer_well};
  const client_under_test under;
  auto asked = client_under_test::request(server.url());
  asked.endpoint.allow_addresses = {};
  const auto said = under.ask(asked);
  REQUIRE_FALSE(said);
  CHECK(said.error().problem.code == errc::forbidden);
  CHECK(server.calls() == 0);
}

TEST_CASE("a client that ends answers what is under way", "[model]") {
  model_server server{[](const model_call&, const http_connection& to) { to.wait_for_close(); }};
  client_under_test under;
  auto promise = std::make_shared<std::promise<model_outcome>>();
  auto answer = promise->get_future();
  under.client->ask(client_under_test::request(server.url()),
                    [promise](model_outcome said) { promise->set_value(std::move(said)); });
  under.client.reset();
  const auto said = answer.get();
  REQUIRE_FALSE(said);
  CHECK(said.error().kind == "cancelled");
}

TEST_CASE("tokens are guessed where the endpoint counts none", "[model]") {
  model_server server{[](const model_call&, const http_connection& to) {
    to.send(json_answer(200, R"({"choices":[{"message":{"content":"12345678"}}]})"));
  }};
  const client_under_test under;
  const auto said = under.ask(client_under_test::request(server.url()));
  REQUIRE(said);
  CHECK(said->answer_tokens == 3);
  CHECK(said->prompt_tokens > 5);
}
