#include "specs/merge.hpp"
#include "specs/print.hpp"
#include "tools/document_commands.hpp"
#include "tools/document_input.hpp"
#include "tools/table.hpp"

#include <nlohmann/json.hpp>

#include <ostream>

namespace apisync::tools {
namespace {

using json = nlohmann::ordered_json;

struct merge_options {
  std::string base, current, incoming, output, format, strategy = "manual", report;
};

/// The spaces that the first indented line of a JSON text begins with; 0 for one without.
unsigned indent_of(std::string_view text) {
  auto const line = text.find('\n');
  if (line == std::string_view::npos) return 0;
  auto const first = text.find_first_not_of(" \t\r\n", line);
  auto const start = text.rfind('\n', first);
  if (first == std::string_view::npos || start == std::string_view::npos) return 2;
  return static_cast<unsigned>(std::min<std::size_t>(8, first - start - 1));
}

json value_json(specs::node value) {
  if (!value) return nullptr;
  auto parsed = json::parse(specs::to_json(value), nullptr, false);
  return parsed;
}

json report_json(const specs::merge_result& merged) {
  auto conflicts = json::array();
  for (auto const& place : merged.conflicts) {
    json entry{
        {"id", place.id}, {"pointer", place.pointer}, {"kind", specs::to_string(place.kind)}};
    if (place.base) entry["base"] = value_json(place.base);
    if (place.current) entry["current"] = value_json(place.current);
    if (place.incoming) entry["incoming"] = value_json(place.incoming);
    conflicts.push_back(std::move(entry));
  }
  auto flaws = json::array();
  for (auto const& flaw : merged.flaws)
    flaws.push_back(
        {{"kind", specs::to_string(flaw.what)}, {"pointer", flaw.pointer}, {"value", flaw.value}});
  return {{"clean", merged.clean()},
          {"conflicts", std::move(conflicts)},
          {"flaws", std::move(flaws)},
          {"merged",
           {{"fromCurrent", merged.count(specs::merged_from::current)},
            {"fromIncoming", merged.count(specs::merged_from::incoming)},
            {"fromBoth", merged.count(specs::merged_from::both)}}}};
}

void print_problems(const specs::merge_result& merged, const invocation& call) {
  for (auto const& place : merged.conflicts)
    call.err << "conflict " << specs::to_string(place.kind) << " at " << printable(place.pointer)
             << '\n';
  for (auto const& flaw : merged.flaws)
    call.err << "semantic conflict " << specs::to_string(flaw.what) << " at "
             << printable(flaw.pointer) << ": " << printable(flaw.value) << '\n';
}

/// The merged document as text: a side's own bytes where it is that side, and in the syntax of the
/// current side otherwise.
std::string print_merged(const specs::document_ptr& merged, const document_input& current,
                         const document_input& incoming, const std::string& format) {
  auto const wanted =
      format.empty() ? std::string{specs::to_string(current.parsed.format)} : format;
  for (auto const* side : {&current, &incoming}) {
    if (merged == side->parsed.document && wanted == specs::to_string(side->parsed.format))
      return side->text;
  }
  if (wanted == "yaml") return specs::to_yaml(merged->root());
  bool const keeps_layout = current.parsed.format == specs::syntax::json;
  return specs::to_json(merged->root(), keeps_layout ? indent_of(current.text) : 2) + "\n";
}

/// The base of a merge: nothing for an empty file, which is what git gives for two new files.
result<specs::document_ptr> read_base(const invocation& call, const merge_options& given,
                                      const read_options& how) {
  auto const text = read_input(call, given.base);
  if (!text) return tl::unexpected(text.error());
  if (text->find_first_not_of(" \t\r\n") == std::string::npos) return specs::document_ptr{};
  auto base = read_document(call, given.base, how);
  if (!base) return tl::unexpected(std::move(base.error()));
  return base->parsed.document;
}

exit_status write_text(const invocation& call, const std::string& path, const std::string& text) {
  if (path.empty()) {
    call.out << text;
    return exit_status::good;
  }
  auto const written = write_output(path, text);
  return written ? exit_status::good : call.report(written.error());
}

exit_status run_merge(const invocation& call, const merge_options& given, const read_options& how) {
  for (auto const* path : {&given.base, &given.current, &given.incoming}) {
    if (*path == "-")
      return call.report(wrong_call("a merge reads three files, none from the standard input"));
  }
  auto const base = read_base(call, given, how);
  if (!base) return call.report(base.error());
  auto current = read_document(call, given.current, how);
  if (!current) return call.report(current.error());
  auto incoming = read_document(call, given.incoming, how);
  if (!incoming) return call.report(incoming.error());
  // Contested places keep what the first side has, so the preferred side goes first.
  bool const swapped = given.strategy == "prefer-incoming";
  auto const& first = swapped ? *incoming : *current;
  auto const& second = swapped ? *current : *incoming;
  auto const merged = specs::merge(*base, first.parsed.document, second.parsed.document);
  print_problems(merged, call);
  auto const text = print_merged(merged.merged, *current, *incoming, given.format);
  auto status = write_text(call, given.output, text);
  if (status == exit_status::good && !given.report.empty())
    status = write_text(call, given.report, report_json(merged).dump(2) + "\n");
  bool const settled = given.strategy != "manual" ? merged.flaws.empty() : merged.clean();
  return status == exit_status::good && !settled ? exit_status::bad_news : status;
}

} // namespace

void add_merge_command(CLI::App& app, invocation& call) {
  auto* const merge = app.add_subcommand("merge", "Merge what two sides changed since a base");
  auto const given = std::make_shared<merge_options>();
  merge->add_option("BASE", given->base, "What both sides started from; an empty file for nothing")
      ->required();
  merge->add_option("CURRENT", given->current, "Our side")->required();
  merge->add_option("INCOMING", given->incoming, "Their side")->required();
  merge->add_option("-o,--output", given->output, "Write to this file instead of the output");
  merge
      ->add_option("--strategy", given->strategy,
                   "What a contested place holds: manual keeps the current value and ends with 1, "
                   "prefer-current and prefer-incoming decide")
      ->check(CLI::IsMember({"manual", "prefer-current", "prefer-incoming"}));
  merge->add_option("--format", given->format, "json or yaml; else as the current side")
      ->check(CLI::IsMember({"json", "yaml"}));
  merge->add_option("--report", given->report, "Write the conflicts to this file, as JSON");
  auto const how = add_read_options(*merge);
  merge->callback([&call, given, how] {
    call.action = [&call, given, how] { return run_merge(call, *given, *how); };
  });
}

} // namespace apisync::tools
