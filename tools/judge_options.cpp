#include "tools/judge_options.hpp"

#include "tools/document_input.hpp"
#include "tools/table.hpp"

#include <chrono>
#include <ostream>

namespace apisync::tools {
namespace {

std::string today(const invocation& call) {
  auto const day = std::chrono::floor<std::chrono::days>(call.now());
  std::chrono::year_month_day const date{day};
  auto const two = [](unsigned value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  return std::to_string(static_cast<int>(date.year())) + "-" +
         two(static_cast<unsigned>(date.month())) + "-" + two(static_cast<unsigned>(date.day()));
}

} // namespace

std::shared_ptr<judge_options> add_judge_options(CLI::App& app) {
  auto given = std::make_shared<judge_options>();
  app.add_option("--as-of", given->as_of,
                 "The day, YYYY-MM-DD, on which dates are judged, so that results can be repeated; "
                 "today");
  app.add_option("--rules", given->rules,
                 "A file of levels, exceptions and notice (docs/compatibility.md)");
  return given;
}

result<specs::compat_options> read_judge_options(const invocation& call,
                                                 const judge_options& given) {
  specs::compat_options how;
  how.as_of = given.as_of.empty() ? today(call) : given.as_of;
  if (!specs::day_of(how.as_of))
    return tl::unexpected{wrong_call("--as-of must be a day, YYYY-MM-DD")};
  if (given.rules.empty()) return how;
  auto const file = read_document(call, given.rules, {});
  if (!file) return tl::unexpected{file.error()};
  auto rules = specs::read_rule_config(*file->parsed.document, file->name);
  if (!rules) return tl::unexpected{std::move(rules.error())};
  how.rules = std::move(*rules);
  return how;
}

void warn_of_idle_exceptions(const invocation& call, const judge_options& given,
                             const specs::compat_options& how, const specs::compat_report& report) {
  for (auto const& idle : report.idle) {
    auto const& exception = how.rules.ignored[idle.index];
    call.err << "apisync: " << given.rules << ':' << exception.where.line << ':'
             << exception.where.column << ": warning: "
             << (idle.expired ? "the exception's last day has passed"
                              : "no change matches the exception")
             << " (" << printable(exception.reason) << ")\n";
  }
}

} // namespace apisync::tools
