#include "specs/compat_report.hpp"
#include "tools/change_report.hpp"
#include "tools/document_commands.hpp"
#include "tools/document_input.hpp"

#include <ostream>

namespace apisync::tools {
namespace {

struct diff_options {
  std::string before, after, format = "text", fail_on, output, as_of;
  bool expand = false;
};

std::string today(const invocation& call) {
  auto const day = std::chrono::floor<std::chrono::days>(call.now());
  std::chrono::year_month_day const date{day};
  auto const two = [](unsigned value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  return std::to_string(static_cast<int>(date.year())) + "-" +
         two(static_cast<unsigned>(date.month())) + "-" + two(static_cast<unsigned>(date.day()));
}

std::string print_report(const report_input& input, const diff_options& given,
                         const invocation& call) {
  if (given.format == "json")
    return (given.expand ? specs::to_expanded_json(input.report) : specs::to_json(input.report)) +
           '\n';
  if (given.format == "markdown") return markdown_report(input);
  return text_report(input, given.expand, given.output.empty() && call.colour());
}

bool is_bad_news(const specs::compat_report& report, const std::string& fail_on) {
  bool const errors = report.count(specs::severity::error) != 0;
  bool const warnings = report.count(specs::severity::warning) != 0;
  return fail_on == "error" ? errors : fail_on == "warning" && (errors || warnings);
}

exit_status run_diff(const invocation& call, const diff_options& given, const read_options& how) {
  if (given.before == "-" && given.after == "-")
    return call.report(wrong_call("only one of the two can be the standard input"));
  auto const before = read_document(call, given.before, how);
  if (!before) return call.report(before.error());
  auto const after = read_document(call, given.after, how);
  if (!after) return call.report(after.error());
  specs::compat_options options;
  options.as_of = given.as_of.empty() ? today(call) : given.as_of;
  auto const report = specs::judge(*before->parsed.document, *after->parsed.document, options);
  auto const text = print_report({report, before->name, after->name}, given, call);
  if (given.output.empty()) {
    call.out << text;
  } else if (auto const written = write_output(given.output, text); !written) {
    return call.report(written.error());
  }
  return is_bad_news(report, given.fail_on) ? exit_status::bad_news : exit_status::good;
}

} // namespace

void add_diff_command(CLI::App& app, invocation& call) {
  auto* const diff = app.add_subcommand("diff", "What two versions differ in, and what it breaks");
  auto const given = std::make_shared<diff_options>();
  diff->add_option("OLD", given->before, "The older version, - for the standard input")->required();
  diff->add_option("NEW", given->after, "The newer version")->required();
  diff->add_option("--format", given->format, "text, json or markdown")
      ->check(CLI::IsMember({"text", "json", "markdown"}));
  diff->add_flag("--expand", given->expand, "Each change once for each operation that it reaches");
  diff->add_option("--fail-on", given->fail_on, "End with 1 at changes of this level or above")
      ->check(CLI::IsMember({"error", "warning"}));
  diff->add_option("--as-of", given->as_of,
                   "The day, YYYY-MM-DD, on which sunset dates are judged");
  diff->add_option("-o,--output", given->output, "Write to this file instead of the output");
  auto const how = add_read_options(*diff);
  diff->callback([&call, given, how] {
    call.action = [&call, given, how] { return run_diff(call, *given, *how); };
  });
}

} // namespace apisync::tools
