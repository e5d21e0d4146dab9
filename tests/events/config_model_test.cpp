#include "events/config.hpp"

#include <catch2/catch.hpp>

using namespace apisync;
using namespace apisync::events;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

checked<config> read(const std::string& members) {
  return read_config("model:\n" + members, "apisync.yaml");
}

const std::string least = "  url: https://api.example.com/v1\n  model: small\n";

} // namespace

TEST_CASE("no model is asked unless the file names one", "[config]") {
  const auto none = read_config("listen: 127.0.0.1:8420", "apisync.yaml");
  REQUIRE(none);
  CHECK_FALSE(none->model);
  const auto some = read(least);
  REQUIRE(some);
  REQUIRE(some->model);
  model_definition usual;
  usual.url = "https://api.example.com/v1";
  usual.model = "small";
  CHECK(*some->model == usual);
  CHECK(usual.mode == model_mode::propose);
}

TEST_CASE("a model is read as it is written", "[config]") {
  const auto all = read(R"(  url: https://example.openai.azure.com/openai/deployments/small/
  model: small
  key: env:AZURE_KEY
  keyHeader: api-key
  apiVersion: 2024-10-21
  mode: auto-safe
  confidencePercent: 90
  temperature: 0.25
  seed: 7
  timeout: 20s
  retryWithin: 1m
  questionBytes: 10000
  answerBytes: 50000
  answerTokens: 1000
  tokensPerHour: 100000
  tokensPerApi: 20000
  concurrency: 4
  redact: ["ACME-[0-9]+"]
  allowAddresses: [loopback]
)");
  REQUIRE(all);
  const auto& model = *all->model;
  CHECK(model.url == "https://example.openai.azure.com/openai/deployments/small");
  CHECK(model.key == "env:AZURE_KEY");
  CHECK(model.key_header == model_key_header::api_key);
  CHECK(model.api_version == "2024-10-21");
  CHECK(model.mode == model_mode::auto_safe);
  CHECK(model.confidence_percent == 90);
  CHECK(model.temperature == 250U);
  CHECK(model.seed == 7U);
  CHECK(model.timeout == 20s);
  CHECK(model.retry_within == 60s);
  CHECK(model.question_bytes == 10'000);
  CHECK(model.answer_bytes == 50'000);
  CHECK(model.answer_tokens == 1'000);
  CHECK(model.tokens_per_hour == 100'000);
  CHECK(model.tokens_per_api == 20'000);
  CHECK(model.concurrency == 4);
  CHECK(model.redact == std::vector<std::string>{"ACME-[0-9]+"});
  CHECK(model.allow_addresses == std::vector<std::string>{"loopback"});
}

TEST_CASE("what is wrong with a model is said where it stands", "[config]") {
  const auto [text, said] = GENERATE(table<std::string, std::string>({
      {"  model: small\n", "url"},
      {"  url: https://a.example/v1\n", "model"},
      {"  url: ftp://a.example\n  model: m\n", "http://"},
      {"  url: https://me:pw@a.example/v1\n  model: m\n", "password"},
      {"  url: https://a.example/v1?api-version=1\n  model: m\n", "apiVersion"},
      {"  url: https://a.example/v1/chat/completions\n  model: m\n", "chat/completions"},
      {least + "  key: sk-123\n", "env:NAME"},
      {least + "  keyHeader: cookie\n", "api-key"},
      {least + "  apiVersion: 1&x=2\n", "2024-10-21"},
      {least + "  mode: yes-man\n", "auto-safe"},
      {least + "  confidencePercent: 101\n", "100"},
      {least + "  temperature: hot\n", "0 to 2"},
      {least + "  temperature: 2.5\n", "0 to 2"},
      {least + "  timeout: 1h\n", "timeout"},
      {least + "  concurrency: 0\n", "concurrency"},
      {least + "  questionBytes: 10\n", "8192"},
      {least + "  redact: ['\\d+']\n", "RFC 9485"},
      {least + "  temprature: 1\n", "temperature"},
      {least + "  tokensPerHour: many\n", "tokensPerHour"},
  }));
  INFO(text);
  const auto refused = read(text);
  REQUIRE_FALSE(refused);
  CHECK_THAT(render(refused.error().front()), Contains(said));
  CHECK_THAT(render(refused.error().front()), Contains("apisync.yaml:"));
}
