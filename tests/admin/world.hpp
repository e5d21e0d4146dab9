#pragma once

#include "admin/app.hpp"
#include "storage/memory_log.hpp"
#include "tests/support/scripted_fetcher.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace apisync::test {

using namespace admin;
using nlohmann::json;

/// Laid out as no printer would, to see that it is served as it came.
inline std::string document(const std::string& summary, const std::string& more = "") {
  return "openapi: 3.0.3\ninfo: { title: Billing, version: '1.0' }\n# people's words\npaths:\n"
         "  /bills:\n    get:\n      summary: " +
         summary + "\n      responses: { '200': { description: fine } }\n" + more;
}

inline const std::string tax_path =
    "  /taxes:\n    get:\n      responses: { '200': { description: fine } }\n";

/// A service on a log in memory behind its HTTP API, without sockets.
class world {
public:
  explicit world(std::shared_ptr<sources::model_client> model = nullptr) {
    actors::house_options options;
    options.store = storage::make_memory_store();
    options.fetcher = network;
    options.model = std::move(model);
    options.version = "1.2.3";
    service_ = std::move(*actors::service::start(std::move(options)));
    app_options how;
    how.version = "1.2.3";
    how.pause = [this] { on_pause(); };
    how.unready = [this] { return unready; };
    how.secret = [this](const std::string& reference) -> result<std::string> {
      auto const found = secrets.find(reference);
      if (found != secrets.end()) return found->second;
      return fail(errc::not_found, "there is no " + reference);
    };
    access_policy policy;
    REQUIRE(policy.tokens.add({"reader", role::read}, "secret-of-the-reader"));
    app_ = std::make_unique<app>(*service_, std::move(policy), std::move(how));
  }

  /// As if the configuration file said so.
  void configure(std::shared_ptr<const events::config> config) const {
    REQUIRE(service_->configure({std::move(config), "apisync.yaml"}));
  }

  response send(request asked) const { return app_->answer(asked); }

  static request make(std::string method, std::string_view target, std::string body = "",
                      std::string type = "application/json") {
    request asked;
    asked.method = std::move(method);
    asked.target = *parse_target(target);
    asked.remote = "127.0.0.1";
    asked.headers.add("Host", "localhost");
    if (!body.empty()) asked.headers.add("Content-Type", std::move(type));
    asked.body = std::move(body);
    return asked;
  }

  /// A call that must end with that status; its JSON.
  json call(int status, std::string method, std::string_view target, const std::string& body = "",
            const std::string& type = "application/json") const {
    auto const answer = send(make(std::move(method), target, body, type));
    INFO(target << ": " << answer.body);
    REQUIRE(answer.status == status);
    auto parsed = json::parse(answer.body, nullptr, false);
    REQUIRE(parsed.is_object());
    if (status >= 400)
      REQUIRE(answer.content_type == "application/problem+json");
    else
      REQUIRE(parsed.at("sequence").is_number_unsigned());
    return parsed;
  }

  json get(std::string_view target) const { return call(200, "GET", target); }

  /// Adds a source whose document is this, and takes it in.
  void add(const std::string& id, const std::string& text, const std::string& role = "authority") {
    network->set(id, text);
    call(201, "POST", "/v1/sources",
         json{{"id", id},
              {"api", "billing"},
              {"kind", "http"},
              {"role", role},
              {"url", "https://specs.example.com/" + id}}
             .dump());
    sync(id);
  }

  json sync(const std::string& id) const {
    return call(200, "POST", "/v1/sources/" + id + "/sync?wait=true");
  }

  /// An edit by a person, then another one of the same place at the source.
  std::string make_conflict() {
    add("main", document("all bills"));
    call(200, "PUT", "/v1/apis/billing/spec", document("every bill"), "application/yaml");
    network->set("main", document("the bills"));
    sync("main");
    return get("/v1/conflicts")["items"].at(0)["id"];
  }

  std::shared_ptr<scripted_fetcher> network = std::make_shared<scripted_fetcher>();
  std::function<void()> on_pause = [] {};
  std::optional<error> unready;
  std::map<std::string, std::string> secrets; ///< By reference.

  [[nodiscard]] const std::vector<route>& routes() const { return app_->routes(); }

private:
  std::unique_ptr<actors::service> service_;
  std::unique_ptr<app> app_;
};

} // namespace apisync::test
