#include "tools/bench_resolve_endpoint.hpp"

#include "sources/http_model.hpp"
#include "specs/merge.hpp"
#include "tools/bench_merge_case.hpp"
#include "tools/progress.hpp"

#include <atomic>
#include <mutex>
#include <thread>

namespace apisync::tools {
namespace {

/// The versions of a case with conflicts; no base where there is nothing to ask about.
merged_versions versions_of(const merge_case& which) {
  auto const read = read_case(which);
  if (!read || !read->base || !read->merged) return {};
  if (specs::merge(read->base, read->ours, read->theirs).conflicts.empty()) return {};
  return {read->base, read->ours, read->theirs, read->merged};
}

/// Who is asked was named by the caller, on this machine or not.
std::string authority_of(const std::string& url) {
  auto const start = url.find("://");
  if (start == std::string::npos) return {};
  auto const rest = url.substr(start + 3);
  return rest.substr(0, rest.find_first_of("/?#"));
}

/// Hands out the cases with conflicts, until there are enough.
class case_queue {
public:
  case_queue(const std::vector<merge_case>& cases, std::size_t merges_max)
      : cases_{cases}, left_{merges_max == 0 ? cases.size() : merges_max} {}

  /// The next one, or no base at the end.
  merged_versions next(progress* shown) {
    for (;;) {
      auto const at = next_++;
      if (at >= cases_.size() || left_ == 0) return {};
      if (shown != nullptr) shown->reach(at);
      auto versions = versions_of(cases_[at]);
      if (!versions.base) continue;
      for (auto left = left_.load(); left > 0;)
        if (left_.compare_exchange_weak(left, left - 1)) return versions;
      return {};
    }
  }

private:
  const std::vector<merge_case>& cases_;
  std::atomic<std::size_t> next_{0}, left_;
};

} // namespace

result<model_score> score_model(const model_bench& how, const invocation& call) {
  auto model = how.model;
  auto const authority = authority_of(model.url);
  if (authority.empty())
    return fail(errc::invalid_argument,
                "--endpoint must be an address that starts with http:// or https://", model.url);
  auto const cases = find_merge_cases(how.cases);
  if (!cases) return tl::unexpected{cases.error()};
  sources::http_peer_config config;
  config.roots = {"."};
  config.allow_addresses = {authority};
  auto client = sources::make_model_client(std::move(config));
  if (!client) return tl::unexpected{client.error()};
  while (model.url.ends_with('/'))
    model.url.pop_back();
  case_queue queue{*cases, how.merges_max};
  model_score sum;
  std::mutex adding;
  auto const work = [&](progress* shown) {
    for (auto versions = queue.next(shown); versions.base; versions = queue.next(shown)) {
      auto const score = score_merge(versions, **client, model);
      const std::scoped_lock lock{adding};
      sum.add(score);
    }
  };
  progress shown{call, "asking", cases->size()};
  {
    std::vector<std::jthread> others;
    for (unsigned n = 1; n < model.concurrency; ++n)
      others.emplace_back([&] { work(nullptr); });
    work(&shown);
  }
  return sum;
}

void add_model_options(CLI::App& app, const std::shared_ptr<model_bench>& how) {
  auto& model = how->model;
  model.mode = events::model_mode::auto_checked;
  auto* const endpoint = app.add_option("--endpoint", model.url,
                                        "Ask a model there; its address without /chat/completions");
  auto const add = [&](const char* name, auto& value, const char* help) {
    return app.add_option(name, value, help)->needs(endpoint);
  };
  endpoint->needs(add("--model", model.model, "The model, as the endpoint names it"));
  add("--key", model.key, "env:NAME or file:PATH of its key");
  add("--api-version", model.api_version, "Azure's; the key is then sent as Azure wants it")
      ->each(
          [how](const std::string&) { how->model.key_header = events::model_key_header::api_key; });
  app.add_option_function<std::string>(
         "--mode",
         [how](const std::string& name) {
           for (auto const mode : all_values(events::model_mode{}))
             if (to_string(mode) == name) how->model.mode = mode;
         },
         "propose, auto-safe or auto (the default)")
      ->check(CLI::IsMember({"propose", "auto-safe", "auto"}))
      ->needs(endpoint);
  add("--confidence", model.confidence_percent, "That counts, in percent; 80")
      ->check(CLI::Range(0, 100));
  add("--concurrency", model.concurrency, "Questions at once; 2")->check(CLI::Range(1, 64));
  add("--limit", how->merges_max, "Only so many merges that have conflicts");
  add("--prompt-price", how->prices.prompt, "Of a million tokens sent");
  add("--answer-price", how->prices.answer, "Of a million tokens received");
}

} // namespace apisync::tools
