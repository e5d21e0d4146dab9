#include "tools/cli.hpp"

#include "tools/document_commands.hpp"
#include "tools/service_commands.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <ostream>
#include <sstream>

#ifndef APISYNC_VERSION
#define APISYNC_VERSION "0.1.0"
#endif

namespace apisync::tools {
namespace {

/// Insertions, deletions, replacements and swaps of neighbours that make one word of the other.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j)
    cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      auto const replaced = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replaced});
      bool const swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

/// The candidate that the word was most likely meant to be; empty when none is near.
std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
  constexpr std::size_t word_bytes_max = 64; // longer is no slip of the pen
  std::string best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (auto const& candidate : candidates) {
    if (word.size() > word_bytes_max) break;
    if (auto const distance = edit_distance(word, candidate); distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

std::vector<std::string> verbs_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (auto const* verb : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(verb->get_name());
  return names;
}

std::vector<std::string> options_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (auto const* option : app.get_options()) {
    for (auto const& name : option->get_lnames())
      names.push_back("--" + name);
  }
  return names;
}

std::string joined(const std::vector<std::string>& words) {
  return std::accumulate(words.begin(), words.end(), std::string{},
                         [](std::string sum, const std::string& word) {
                           return sum.empty() ? word : std::move(sum) + ", " + word;
                         });
}

/// Where the line stopped being understood: the innermost command, and its name from the program
/// on.
struct place {
  const CLI::App* app;
  std::string name;
};

place innermost(const CLI::App& app, const std::vector<std::string>& arguments) {
  place at{&app, "apisync"};
  for (auto const& word : arguments) {
    auto const verbs = verbs_of(*at.app);
    if (std::ranges::find(verbs, word) == verbs.end()) {
      if (verbs.empty()) break;
      continue; // an option's value, or the word that is wrong
    }
    at.app = at.app->get_subcommand(word);
    at.name += " " + word;
  }
  return at;
}

std::string_view first_unknown_word(const place& at, const std::vector<std::string>& arguments) {
  auto const depth =
      static_cast<std::size_t>(std::ranges::count(at.name, ' ')); // words that were understood
  for (std::size_t i = depth; i < arguments.size(); ++i) {
    if (!arguments[i].starts_with('-')) return arguments[i];
  }
  return {};
}

/// What is wrong with the line, in one sentence.
std::string explain(const CLI::ParseError& problem, const place& at,
                    const std::vector<std::string>& arguments, const CLI::App& app) {
  auto const verbs = verbs_of(*at.app);
  auto const word = std::string{first_unknown_word(at, arguments)};
  if (!verbs.empty() && !word.empty()) {
    auto const meant = nearest(word, verbs);
    return "there is no command \"" + word + "\" after \"" + at.name + "\"" +
           (meant.empty() ? ": there are " + joined(verbs) : ": did you mean \"" + meant + "\"?");
  }
  if (!verbs.empty() && dynamic_cast<const CLI::RequiredError*>(&problem) != nullptr)
    return "\"" + at.name + "\" needs one of " + joined(verbs);
  if (dynamic_cast<const CLI::ExtrasError*>(&problem) != nullptr) {
    auto const extras = app.remaining(true);
    auto const extra = extras.empty() ? std::string{} : extras.front();
    auto const stem = extra.substr(0, extra.find('='));
    auto const meant = extra.starts_with("-") ? nearest(stem, options_of(*at.app)) : "";
    if (meant == stem) return "\"" + extra + "\" goes after \"" + at.name + "\"";
    return "\"" + at.name + "\" does not take \"" + extra + "\"" +
           (meant.empty() ? "" : ": did you mean " + meant + "?");
  }
  return problem.what();
}

/// The help of the command that the line asks about.
void print_help(const CLI::App& app, const invocation& call) {
  call.out << app.help();
}

} // namespace

std::string_view program_version() {
  return APISYNC_VERSION;
}

std::span<const command_group> everyday_commands() {
  static constexpr std::array<command_group, 14> groups{
      add_engine_commands,  add_api_commands,      add_source_commands,  add_job_commands,
      add_host_commands,    add_conflict_commands, add_webhook_commands, add_folder_commands,
      add_target_commands,  add_config_commands,   add_diff_command,     add_merge_command,
      add_validate_command, add_discover_command};
  return groups;
}

exit_status run(const std::vector<std::string>& arguments, std::span<const command_group> groups,
                invocation& call) {
  CLI::App app{"Keeps one true, current specification for every API", "apisync"};
  app.set_version_flag("--version", "apisync " + std::string{program_version()});
  app.require_subcommand(1);
  for (auto const add : groups)
    add(app, call);
  try {
    std::vector<std::string> reversed{arguments.rbegin(), arguments.rend()};
    app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    print_help(app, call);
    return exit_status::good;
  } catch (const CLI::CallForVersion& version) {
    call.out << version.what() << '\n';
    return exit_status::good;
  } catch (const CLI::ParseError& problem) {
    auto const at = innermost(app, arguments);
    call.err << "apisync: " << explain(problem, at, arguments, app) << "\nSee `" << at.name
             << " --help`.\n";
    return exit_status::wrong_input;
  }
  try {
    return call.action ? call.action() : exit_status::wrong_input;
  } catch (const std::exception& problem) {
    return call.report({errc::internal, problem.what(), ""});
  }
}

} // namespace apisync::tools
