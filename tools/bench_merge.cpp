#include "tools/bench_merge.hpp"

#include "tools/bench_merge_case.hpp"
#include "tools/progress.hpp"
#include "tools/table.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <ostream>
#include <thread>

namespace apisync::tools {
namespace {

constexpr auto peer = "git merge-file";

/// Tries all cases, on every core.
std::vector<merge_trial> try_all(const std::vector<merge_case>& cases, const invocation& call) {
  std::vector<merge_trial> trials(cases.size());
  std::atomic<std::size_t> next{0};
  auto const work = [&](progress* shown) {
    for (auto at = next++; at < cases.size(); at = next++) {
      trials[at] = try_merge(cases[at]);
      if (shown != nullptr) shown->reach(at);
    }
  };
  progress shown{call, "merging", cases.size()};
  std::vector<std::jthread> others;
  for (unsigned n = 1; n < std::thread::hardware_concurrency(); ++n)
    others.emplace_back([&] { work(nullptr); });
  work(&shown);
  return trials;
}

/// The cases of a stratum, counted.
struct tally {
  double cases = 0, clean = 0, semantic = 0, unreadable = 0, damaged = 0, lines_clean = 0;
  double conflicts = 0, doubted = 0, lines_out = 0, lines_kept = 0;
  double committed = 0, as_committed = 0, lines_as_committed = 0;

  void add(const merge_trial& trial) {
    ++cases;
    clean += trial.structure == merge_end::clean ? 1 : 0;
    semantic += trial.structure == merge_end::semantic ? 1 : 0;
    unreadable += trial.by_lines ? 1 : 0;
    conflicts += static_cast<double>(trial.conflicts);
    doubted += static_cast<double>(trial.doubts.size());
    lines_out += static_cast<double>(trial.lines_out);
    lines_kept += static_cast<double>(trial.lines_kept);
    damaged += trial.damage.empty() ? 0 : 1;
    lines_clean += trial.lines == merge_end::clean ? 1 : 0;
    committed += trial.has_committed ? 1 : 0;
    as_committed += trial.structure_as_committed ? 1 : 0;
    lines_as_committed += trial.lines_as_committed ? 1 : 0;
  }

  void report(const std::string& stratum, std::vector<bench_result>& into) const {
    into.push_back({stratum + ", cases", cases, "cases"});
    into.push_back(
        {stratum + ", merged without conflict", clean / cases, "share", peer, lines_clean / cases});
    into.push_back({stratum + ", semantic conflicts", semantic / cases, "share"});
    if (committed > 0)
      into.push_back({stratum + ", as committed", as_committed / committed, "share", peer,
                      lines_as_committed / committed});
    into.push_back({stratum + ", conflicts", conflicts, "places"});
    into.push_back({stratum + ", conflicts not proved real", doubted, "places"});
    if (lines_out > 0)
      into.push_back({stratum + ", lines as a side wrote them", lines_kept / lines_out, "share"});
    into.push_back({stratum + ", unreadable, merged by lines", unreadable, "cases"});
    into.push_back({stratum + ", damaged", damaged, "cases"});
  }
};

/// The strata that there are: those of the developers' corpus first, as they build on each other.
std::vector<std::string> strata_of(const std::vector<merge_case>& cases) {
  std::vector<std::string> made{"clean", "text_only", "both", "special", "malformed"};
  for (auto const& each : cases)
    if (std::ranges::find(made, each.stratum) == made.end()) made.push_back(each.stratum);
  std::erase_if(made, [&](const auto& stratum) {
    return std::ranges::find(cases, stratum, &merge_case::stratum) == cases.end();
  });
  return made;
}

void tell_exception(const merge_case& which, const merge_trial& trial, std::ostream& out) {
  if (trial.structure == merge_end::clean && trial.structure_as_committed && trial.damage.empty())
    return;
  out << which.stratum << '\t' << which.id << '\t' << to_string(trial.structure) << '\t'
      << (trial.structure_as_committed ? "as committed" : "differs") << '\t'
      << to_string(trial.lines) << '\t' << (trial.lines_as_committed ? "as committed" : "differs")
      << '\n';
  for (auto const& problem : trial.problems)
    out << '\t' << printable(problem) << '\n';
  for (auto const& doubt : trial.doubts)
    out << "\tDOUBTED " << printable(doubt) << '\n';
  for (auto const& damage : trial.damage)
    out << "\tDAMAGED " << printable(damage) << '\n';
}

} // namespace

result<merge_figures> bench_merge(const merge_bench& how, const invocation& call) {
  auto const cases = find_merge_cases(how.cases);
  if (!cases) return tl::unexpected{cases.error()};
  auto const trials = try_all(*cases, call);
  bench_report report{"merge"};
  tally all;
  for (auto const& stratum : strata_of(*cases)) {
    tally of_stratum;
    for (std::size_t i = 0; i < cases->size(); ++i) {
      if ((*cases)[i].stratum != stratum) continue;
      of_stratum.add(trials[i]);
      all.add(trials[i]);
      if (how.list || !trials[i].damage.empty()) tell_exception((*cases)[i], trials[i], call.err);
    }
    of_stratum.report(stratum, report.results);
  }
  all.report("all", report.results);
  return merge_figures{std::move(report), all.damaged > 0};
}

void add_bench_merge(CLI::App& bench, invocation& call) {
  auto* const app =
      bench.add_subcommand("merge", "True merges, beside git's merge of the same lines");
  auto const given = std::make_shared<merge_bench>();
  auto const format = std::make_shared<std::string>("text");
  app->add_option("--cases", given->cases,
                  "A folder of folders with base, ours, theirs and merged (.yaml or .json)")
      ->required()
      ->check(CLI::ExistingDirectory);
  app->add_option("--format", *format, "text or json")->check(CLI::IsMember({"text", "json"}));
  app->add_flag("--list", given->list, "Tell the exceptions by case, on the error output");
  app->callback([&call, given, format] {
    call.action = [&call, given, format] {
      auto const found = bench_merge(*given, call);
      if (!found) return call.report(found.error());
      found->report.print(call, *format == "json");
      return found->damaged ? exit_status::bad_news : exit_status::good;
    };
  });
}

} // namespace apisync::tools
