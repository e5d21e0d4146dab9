#include "tools/bench_resolve_endpoint.hpp"

#include "sources/http_model.hpp"
#include "specs/merge.hpp"
#include "specs/parse.hpp"
#include "tools/bench_merge_case.hpp"
#include "tools/progress.hpp"

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>

namespace apisync::tools {
namespace {

namespace fs = std::filesystem;

specs::document_ptr read_version(const std::string& folder, const std::string& name) {
  for (auto const* ending : {".yaml", ".yml", ".json"}) {
    std::ifstream in{fs::path{folder} / (name + ending), std::ios::binary};
    if (!in) continue;
    specs::parse_options how;
    how.repeated = specs::repeated_names::keep_last;
    auto parsed = specs::parse(std::string{std::istreambuf_iterator<char>{in}, {}}, how);
    return parsed ? parsed->document : nullptr;
  }
  return nullptr;
}

/// The versions of a case with conflicts; no base where it is nothing to ask about.
merged_versions read_case(const merge_case& which) {
  merged_versions out{read_version(which.folder, "base"), read_version(which.folder, "ours"),
                      read_version(which.folder, "theirs"), read_version(which.folder, "merged")};
  bool const whole = out.base && out.ours && out.theirs && out.merged;
  if (!whole || specs::merge(out.base, out.ours, out.theirs).conflicts.empty()) out.base = nullptr;
  return out;
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
      auto versions = read_case(cases_[at]);
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
  sources::model_client_config config;
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

void add_bench_resolve(CLI::App& bench, invocation& call) {
  auto* const app = bench.add_subcommand(
      "resolve",
      "What a model makes of the conflicts of true merges, beside what people committed");
  auto const given = std::make_shared<model_bench>();
  auto const format = std::make_shared<std::string>("text");
  auto& model = given->model;
  model.mode = events::model_mode::auto_checked;
  app->add_option("--cases", given->cases,
                  "A folder of folders with base, ours, theirs and merged (.yaml or .json)")
      ->required()
      ->check(CLI::ExistingDirectory);
  app->add_option("--endpoint", model.url, "The model's address, without /chat/completions")
      ->required();
  app->add_option("--model", model.model, "The model, as the endpoint names it")->required();
  app->add_option("--key", model.key, "env:NAME or file:PATH of the key");
  app->add_flag_callback(
      "--azure", [given] { given->model.key_header = events::model_key_header::api_key; },
      "Send the key as Azure wants it");
  app->add_option("--api-version", model.api_version, "Azure's");
  app->add_option("--mode", model.mode, "propose, auto-safe or auto (the default)")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, events::model_mode>{{"propose", events::model_mode::propose},
                                                    {"auto-safe", events::model_mode::auto_safe},
                                                    {"auto", events::model_mode::auto_checked}}));
  app->add_option("--confidence", model.confidence_percent, "Percent; 80")
      ->check(CLI::Range(0, 100));
  app->add_option("--concurrency", model.concurrency, "Questions at once; 2")
      ->check(CLI::Range(1, 64));
  app->add_option("--limit", given->merges_max, "Only so many merges that have conflicts");
  app->add_option("--prompt-price", given->prices.prompt, "Of a million tokens sent");
  app->add_option("--answer-price", given->prices.answer, "Of a million tokens received");
  app->add_option("--format", *format, "text or json")->check(CLI::IsMember({"text", "json"}));
  app->callback([&call, given, format] {
    call.action = [&call, given, format] {
      auto const score = score_model(*given, call);
      if (!score) return call.report(score.error());
      bench_report{"resolve", results_of(*score, given->prices)}.print(call, *format == "json");
      return exit_status::good;
    };
  });
}

} // namespace apisync::tools
