#include "tools/bench_resolve.hpp"

#include "events/config_entries.hpp"
#include "specs/merge.hpp"
#include "specs/parse.hpp"
#include "specs/resolve.hpp"
#include "tools/bench_documents.hpp"
#include "tools/bench_merge_case.hpp"
#include "tools/bench_resolve_endpoint.hpp"
#include "tools/progress.hpp"
#include "tools/table.hpp"

#include <map>
#include <memory>
#include <ostream>

namespace apisync::tools {
namespace {

/// What a ruling leaves at its place; no node also where that is nothing.
specs::node value_of(const actors::ruling& ruling, const specs::conflict& conflict,
                     specs::document_ptr& own) {
  switch (ruling.decided) {
  case actors::ruling::choice::incoming:
    return conflict.incoming;
  case actors::ruling::choice::base:
    return conflict.base;
  case actors::ruling::choice::value:
    if (auto parsed = specs::parse(ruling.value ? ruling.value->text : "null", {})) {
      own = parsed->document;
      return own->root();
    }
    return {};
  case actors::ruling::choice::open:
  case actors::ruling::choice::current:
    break;
  }
  return conflict.current;
}

/// What became of the conflicts that one rule spoke of.
struct tally {
  double decided = 0, as_people = 0;
};

class resolve_measurement {
public:
  resolve_measurement(const resolve_bench& how, const conflict_decider& decide,
                      const invocation& call)
      : how_{how}, decide_{decide}, call_{call} {}

  void run(const merge_case& which) {
    auto const read = read_case(which);
    if (!read || !read->merged) return; // nobody can say what people decided
    auto const made = specs::merge(read->base, read->ours, read->theirs);
    for (auto const& conflict : made.conflicts)
      judge({which.id + " " + conflict.identity, conflict,
             specs::find_identity(*read->merged, conflict.identity)});
  }

  void report(const std::string& name, std::vector<bench_result>& into) const {
    into.push_back({"conflicts", conflicts_, "places"});
    into.push_back({"people took current", share(current_), "share"});
    into.push_back({"people took incoming", share(incoming_), "share"});
    tally all;
    for (auto const& [rule, of_rule] : by_rule_) {
      all.decided += of_rule.decided;
      all.as_people += of_rule.as_people;
      into.push_back({rule + ", decided", of_rule.decided, "places"});
      into.push_back({rule + ", as people did", of_rule.as_people / of_rule.decided, "share"});
    }
    into.push_back({name + ", decided", share(all.decided), "share"});
    if (all.decided > 0)
      into.push_back({name + ", as people did", all.as_people / all.decided, "share"});
  }

private:
  void judge(const judged_conflict& one) {
    ++conflicts_;
    current_ += same_value(one.committed, one.conflict.current) ? 1 : 0;
    incoming_ += same_value(one.committed, one.conflict.incoming) ? 1 : 0;
    auto const ruling = decide_(one);
    if (ruling.decided == actors::ruling::choice::open) return;
    specs::document_ptr own;
    bool const as_people = same_value(value_of(ruling, one.conflict, own), one.committed);
    auto& of_rule = by_rule_[ruling.rule];
    ++of_rule.decided;
    of_rule.as_people += as_people ? 1 : 0;
    if (how_.list && !as_people)
      call_.err << printable(one.where) << '\t' << printable(ruling.rule) << '\t'
                << actors::to_string(ruling.decided) << '\n';
  }

  [[nodiscard]] double share(double count) const {
    return conflicts_ == 0 ? 0 : count / conflicts_;
  }

  const resolve_bench& how_;
  const conflict_decider& decide_;
  const invocation& call_;
  double conflicts_ = 0, current_ = 0, incoming_ = 0;
  std::map<std::string, tally> by_rule_;
};

/// The rules that a configuration file has for all APIs.
result<std::vector<events::rule_definition>> rules_of(const std::string& path) {
  if (path.empty()) return std::vector<events::rule_definition>{};
  auto const text = read_whole(path);
  if (!text) return tl::unexpected{text.error()};
  auto const parsed = specs::parse(*text, {.name = path});
  if (!parsed) return tl::unexpected{parsed.error()};
  events::config_problems problems{path};
  events::config_object object{parsed->document->root(), "the file of rules", problems};
  auto rules = object.good() ? events::read_rules(object, "the file", problems)
                             : std::vector<events::rule_definition>{};
  object.refuse_unknown();
  if (!problems.empty()) return tl::unexpected{events::combined(problems.take())};
  return rules;
}

} // namespace

result<bench_report> bench_resolve(const resolve_bench& how, const std::string& name,
                                   const conflict_decider& decide, const invocation& call) {
  auto const cases = find_merge_cases(how.cases);
  if (!cases) return tl::unexpected{cases.error()};
  bench_report report{"resolve"};
  resolve_measurement measurement{how, decide, call};
  progress shown{call, "deciding", cases->size()};
  for (std::size_t i = 0; i < cases->size(); ++i) {
    measurement.run((*cases)[i]);
    shown.reach(i);
  }
  measurement.report(name, report.results);
  return report;
}

result<bench_report> bench_resolve(const resolve_bench& how, const invocation& call) {
  auto const rules = rules_of(how.rules);
  if (!rules) return tl::unexpected{rules.error()};
  actors::api_context api;
  api.api = "cases";
  api.rules = *rules; // and no authority: the sides are branches of one repository
  return bench_resolve(
      how, "rules",
      [&api](const judged_conflict& one) {
        return actors::decide_conflict(one.conflict, {api, "incoming", {}, {}, nullptr});
      },
      call);
}

namespace {

result<bench_report> bench_model(const model_bench& how, const invocation& call) {
  auto const score = score_model(how, call);
  if (!score) return tl::unexpected{score.error()};
  return bench_report{"resolve", results_of(*score, how.prices)};
}

} // namespace

void add_bench_resolve(CLI::App& bench, invocation& call) {
  auto* const app = bench.add_subcommand(
      "resolve",
      "Conflicts of true merges, decided by rules or a model as people decided them or not");
  auto const given = std::make_shared<resolve_bench>();
  auto const format = std::make_shared<std::string>("text");
  app->add_option("--cases", given->cases,
                  "A folder of folders with base, ours, theirs and merged (.yaml or .json)")
      ->required()
      ->check(CLI::ExistingDirectory);
  app->add_option("--rules", given->rules, "A file with `rules` that come before the shipped ones")
      ->check(CLI::ExistingFile);
  app->add_option("--format", *format, "text or json")->check(CLI::IsMember({"text", "json"}));
  app->add_flag("--list", given->list, "Tell the decisions that differ, on the error output");
  auto const asked = std::make_shared<model_bench>();
  add_model_options(*app, asked);
  app->callback([&call, given, asked, format] {
    call.action = [&call, given, asked, format] {
      asked->cases = given->cases;
      auto const report =
          asked->model.url.empty() ? bench_resolve(*given, call) : bench_model(*asked, call);
      if (!report) return call.report(report.error());
      report->print(call, *format == "json");
      return exit_status::good;
    };
  });
}

} // namespace apisync::tools
