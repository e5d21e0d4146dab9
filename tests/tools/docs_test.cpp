#include "events/record.hpp"
#include "tests/support/docs.hpp"
#include "tools/bench.hpp"
#include "tools/cli.hpp"
#include "tools/log_commands.hpp"
#include "tools/serve.hpp"

#include <set>
#include <sstream>

using namespace apisync;
using namespace apisync::test;

namespace {

void collect(const CLI::App& app, const std::string& name, std::set<std::string>& leaves,
             std::set<std::string>& all) {
  auto const verbs = app.get_subcommands([](const CLI::App*) { return true; });
  if (verbs.empty()) leaves.insert(name);
  all.insert(name);
  for (auto const* verb : verbs)
    collect(*verb, name + " " + verb->get_name(), leaves, all);
}

struct commands {
  std::set<std::string> leaves; ///< `apisync source list`
  std::set<std::string> all;    ///< With `apisync source`.

  commands() {
    std::istringstream in;
    std::ostringstream out;
    tools::invocation call{.in = in,
                           .out = out,
                           .err = out,
                           .environment = [](const std::string&) { return std::nullopt; },
                           .now = [] { return events::timestamp{}; }};
    CLI::App app{"", "apisync"};
    tools::add_serve(app, call);
    for (auto const add : tools::everyday_commands())
      add(app, call);
    tools::add_log_commands(app, call);
    tools::add_bench(app, call);
    collect(app, "apisync", leaves, all);
  }
};

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream words{line};
  std::vector<std::string> out;
  for (std::string word; words >> word;)
    out.push_back(word);
  return out;
}

/// Every line of the project's documents that calls the program, from `apisync` on.
std::vector<std::string> calls_in(const std::string& name) {
  auto const text = project_file(name);
  std::vector<std::string> out;
  for (auto const& span : code_spans(text))
    if (span.starts_with("apisync ")) out.push_back(span);
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("    apisync ")) out.push_back(line.substr(4));
  return out;
}

bool is_verb(const std::string& word) {
  return !word.empty() &&
         word.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string::npos &&
         !word.starts_with('-');
}

} // namespace

TEST_CASE("docs/command-line.md names every command", "[docs]") {
  commands const known;
  std::set<std::string> told;
  for (auto const& call : calls_in("docs/command-line.md")) {
    std::string name;
    for (auto const& word : words_of(call)) {
      if (!known.all.contains(name.empty() ? word : name + " " + word)) break;
      name += (name.empty() ? "" : " ") + word;
    }
    told.insert(name);
  }
  for (auto const& leaf : known.leaves) {
    if (leaf.starts_with("apisync bench ")) continue; // docs/operations.md has them
    INFO(leaf);
    CHECK(told.contains(leaf));
  }
}

TEST_CASE("no document calls a command that there is not", "[docs]") {
  commands const known;
  for (std::string const name :
       {"README.md", "docs/command-line.md", "docs/configuration.md", "docs/operations.md",
        "docs/http-api.md", "docs/sources.md", "docs/merge.md", "docs/compatibility.md",
        "docs/ai.md", "docs/drift.md", "docs/push.md", "docs/targets.md", "docs/conflicts.md",
        "CHANGELOG.md"})
    for (auto const& call : calls_in(name)) {
      INFO(name << ": " << call);
      auto const words = words_of(call);
      std::string command = words.at(0);
      for (std::size_t i = 1; i < words.size() && is_verb(words[i]); ++i) {
        if (known.leaves.contains(command)) break;
        command += " " + words[i];
        CHECK(known.all.contains(command));
      }
    }
}
