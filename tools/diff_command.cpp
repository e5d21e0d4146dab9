#include "specs/compat_report.hpp"
#include "tools/change_report.hpp"
#include "tools/cli.hpp"
#include "tools/document_commands.hpp"
#include "tools/document_input.hpp"
#include "tools/judge_options.hpp"

#include <algorithm>
#include <ostream>

namespace apisync::tools {
namespace {

struct diff_options {
  std::string before, after, format = "text", output;
  std::vector<std::string> fail_on;
  bool expand = false;
};

std::string print_report(const report_input& input, const diff_options& given,
                         const invocation& call) {
  if (given.format == "json")
    return (given.expand ? specs::to_expanded_json(input.report) : specs::to_json(input.report)) +
           '\n';
  if (given.format == "markdown") return markdown_report(input);
  if (given.format == "html") return html_report(input);
  if (given.format == "github") return github_report(input);
  if (given.format == "sarif") return sarif_report(input, program_version());
  return text_report(input, given.output.empty() && call.colour());
}

bool is_bad_news(const specs::compat_report& report, const std::vector<std::string>& fail_on) {
  return std::ranges::any_of(fail_on, [&](const std::string& what) {
    if (what == "not-compared") return !report.skipped.empty();
    auto const level = specs::severity_named(what);
    return std::ranges::any_of(report.findings,
                               [&](const auto& each) { return level && each.level >= *level; });
  });
}

exit_status run_diff(const invocation& call, const diff_options& given, const read_options& how,
                     const judge_options& judging) {
  if (given.before == "-" && given.after == "-")
    return call.report(wrong_call("only one of the two can be the standard input"));
  auto const both = read_documents(call, {{given.before, how}, {given.after, how}});
  auto const& before = both[0];
  auto const& after = both[1];
  if (!before) return call.report(before.error());
  if (!after) return call.report(after.error());
  auto const options = read_judge_options(call, judging);
  if (!options) return call.report(options.error());
  auto const report = specs::judge(*before->parsed.document, *after->parsed.document, *options);
  auto const text = print_report({report, before->name, after->name, given.expand}, given, call);
  if (given.output.empty()) {
    call.out << text;
  } else if (auto const written = write_output(given.output, text); !written) {
    return call.report(written.error());
  }
  warn_of_idle_exceptions(call, judging, *options, report);
  return is_bad_news(report, given.fail_on) ? exit_status::bad_news : exit_status::good;
}

} // namespace

void add_diff_command(CLI::App& app, invocation& call) {
  auto* const diff = app.add_subcommand("diff", "What two versions differ in, and what it breaks");
  auto const given = std::make_shared<diff_options>();
  diff->add_option("OLD", given->before, "The older version, - for the standard input")->required();
  diff->add_option("NEW", given->after, "The newer version")->required();
  diff->add_option("--format", given->format, "text, json, markdown, html, github or sarif")
      ->check(CLI::IsMember({"text", "json", "markdown", "html", "github", "sarif"}));
  diff->add_flag("--expand", given->expand, "Each change once for each operation that it reaches");
  diff->add_option(
          "--fail-on", given->fail_on,
          "End with 1 at changes of this level (error, warning, info) or above, or at what "
          "could not be compared (not-compared); a list with commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"error", "warning", "info", "not-compared"}));
  diff->add_option("-o,--output", given->output, "Write to this file instead of the output");
  auto const how = add_read_options(*diff, references::bundle);
  add_overlay_option(*diff, *how, "Put this overlay on both documents before they are compared");
  auto const judging = add_judge_options(*diff);
  diff->callback([&call, given, how, judging] {
    call.action = [&call, given, how, judging] { return run_diff(call, *given, *how, *judging); };
  });
}

} // namespace apisync::tools
