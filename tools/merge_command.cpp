#include "specs/conflict_text.hpp"
#include "specs/merge.hpp"
#include "specs/openapi.hpp"
#include "specs/print.hpp"
#include "specs/rewrite.hpp"
#include "tools/document_commands.hpp"
#include "tools/document_input.hpp"
#include "tools/table.hpp"
#include "tools/text_merge.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <optional>
#include <ostream>
#include <vector>

namespace apisync::tools {
namespace {

using json = nlohmann::ordered_json;

struct merge_options {
  std::string base, current, incoming, output, format, strategy = "manual", report, name;
  bool markers = false;
  std::size_t marker_size = 7;

  /// By side: base, current, incoming.
  [[nodiscard]] const std::string& path_of(std::size_t side) const {
    return side == 0 ? base : side == 1 ? current : incoming;
  }

  /// What messages call that side; empty for its path.
  [[nodiscard]] std::string name_of(std::size_t side) const {
    constexpr std::array<std::string_view, 3> words{"base ", "current ", "incoming "};
    return name.empty() ? std::string{} : std::string{words.at(side)} + name;
  }
};

/// The three inputs; an empty base is none, which is what git gives for two new files.
struct merge_input {
  std::optional<document_input> base;
  document_input current;
  document_input incoming;
};

specs::written_document written(const document_input& input) {
  return {input.text, input.parsed.document, input.parsed.format};
}

json value_json(specs::node value) {
  if (!value) return nullptr;
  auto parsed = json::parse(specs::to_json(value), nullptr, false);
  return parsed;
}

/// Where a place stands in each version that has it.
struct version_place {
  const char* version;
  specs::node value;
};
using version_places = std::initializer_list<version_place>;

json places_json(version_places places) {
  auto made = json::object();
  for (auto const& [version, value] : places)
    if (value && value.where().line != 0)
      made[version] = {{"line", value.where().line}, {"column", value.where().column}};
  return made;
}

/// ` (base 12:5, incoming 14:5)`.
std::string places_text(version_places places) {
  std::string made;
  for (auto const& [version, value] : places)
    if (value && value.where().line != 0)
      made += (made.empty() ? " (" : ", ") + std::string{version} + ' ' +
              std::to_string(value.where().line) + ':' + std::to_string(value.where().column);
  return made.empty() ? made : made + ')';
}

json report_json(const specs::merge_result& merged) {
  auto conflicts = json::array();
  for (auto const& place : merged.conflicts) {
    json entry{
        {"id", place.id}, {"pointer", place.pointer}, {"kind", specs::to_string(place.kind)}};
    if (place.base) entry["base"] = value_json(place.base);
    if (place.current) entry["current"] = value_json(place.current);
    if (place.incoming) entry["incoming"] = value_json(place.incoming);
    if (!place.moved_to.empty()) entry["movedTo"] = place.moved_to;
    entry["places"] = places_json(
        {{"base", place.base}, {"current", place.current}, {"incoming", place.incoming}});
    conflicts.push_back(std::move(entry));
  }
  auto flaws = json::array();
  for (auto const& flaw : merged.flaws)
    flaws.push_back(
        {{"kind", specs::to_string(flaw.what)},
         {"pointer", flaw.pointer},
         {"value", flaw.value},
         {"places", places_json({{"current", flaw.current}, {"incoming", flaw.incoming}})}});
  auto renames = json::array();
  for (auto const& each : merged.renames)
    renames.push_back({{"from", each.from}, {"to", each.to}, {"confidence", each.confidence}});
  return {{"clean", merged.clean()},
          {"conflicts", std::move(conflicts)},
          {"flaws", std::move(flaws)},
          {"renames", std::move(renames)},
          {"merged",
           {{"fromCurrent", merged.count(specs::merged_from::current)},
            {"fromIncoming", merged.count(specs::merged_from::incoming)},
            {"fromBoth", merged.count(specs::merged_from::both)}}}};
}

void print_problems(const specs::merge_result& merged, const std::string& name,
                    const invocation& call) {
  auto const where = name.empty() ? std::string{} : printable(name) + ": ";
  for (auto const& place : merged.conflicts)
    call.err << where << "conflict " << specs::to_string(place.kind) << " at "
             << printable(place.pointer)
             << (place.moved_to.empty() ? "" : ", perhaps moved to " + printable(place.moved_to))
             << places_text({{"base", place.base},
                             {"current", place.current},
                             {"incoming", place.incoming}})
             << '\n';
  for (auto const& flaw : merged.flaws)
    call.err << where << "semantic conflict " << specs::to_string(flaw.what) << " at "
             << printable(flaw.pointer) << ": " << printable(flaw.value)
             << places_text({{"current", flaw.current}, {"incoming", flaw.incoming}}) << '\n';
  for (auto const& each : merged.renames)
    call.err << where << "followed a rename: " << printable(each.from) << " is "
             << printable(each.to) << '\n';
}

/// The merged document as text: in the words of the current side, where its syntax is wanted.
std::string merged_text(const specs::document_ptr& merged, const merge_input& from,
                        specs::syntax wanted) {
  if (wanted == from.current.parsed.format) {
    auto const base = from.base ? std::optional{written(*from.base)} : std::nullopt;
    return specs::rewrite_merge(base ? &*base : nullptr, written(from.current),
                                written(from.incoming), merged)
        .text;
  }
  if (merged == from.incoming.parsed.document && wanted == from.incoming.parsed.format)
    return from.incoming.text;
  return wanted == specs::syntax::yaml ? specs::to_yaml(merged->root())
                                       : specs::to_json(merged->root(), 2) + "\n";
}

result<std::string> marked_text(const std::string& text, const specs::merge_result& merged,
                                const merge_input& from, specs::syntax wanted,
                                const specs::marker_style& style) {
  auto const base = from.base ? std::optional{written(*from.base)} : std::nullopt;
  specs::merge_texts texts{base ? &*base : nullptr, written(from.current), written(from.incoming)};
  texts.current.format = wanted;
  return specs::mark_conflicts(text, merged, texts, style);
}

exit_status write_text(const invocation& call, const std::string& path, const std::string& text) {
  if (path.empty()) {
    call.out << text;
    return exit_status::good;
  }
  auto const written = write_output(path, text);
  return written ? exit_status::good : call.report(written.error());
}

specs::marker_style markers_of(const merge_options& given) {
  specs::marker_style style;
  style.size = given.marker_size;
  return style;
}

/// Merges line by line what cannot be merged as documents, and says why.
exit_status merge_as_texts(const invocation& call, const merge_options& given,
                           const error& because) {
  std::array<std::string, 3> texts;
  for (std::size_t side = 0; side < texts.size(); ++side) {
    auto text = read_input(call, given.path_of(side));
    if (!text) return call.report(text.error());
    texts[side] = std::move(*text);
  }
  auto const merged = merge_texts(texts[0], texts[1], texts[2], markers_of(given));
  if (!merged) return call.report(merged.error());
  call.err << "apisync: " << render(because) << "; merged line by line\n";
  auto const status = write_text(call, given.output, merged->text);
  return status == exit_status::good && !merged->clean ? exit_status::bad_news : status;
}

result<merge_input> read_inputs(const invocation& call, const merge_options& given,
                                read_options how) {
  merge_input read;
  how.overlays.clear(); // they lie on what is made, not on what is read
  auto const text = read_input(call, given.base);
  if (!text) return tl::unexpected{text.error()};
  bool const has_base = text->find_first_not_of(" \t\r\n") != std::string::npos;
  std::vector<document_file> files;
  for (std::size_t side = has_base ? 0 : 1; side < 3; ++side) {
    how.name = given.name_of(side);
    files.push_back({given.path_of(side), how});
  }
  auto sides = read_documents(call, files);
  for (auto& side : sides)
    if (!side) return tl::unexpected{std::move(side.error())};
  read.incoming = std::move(*sides.back());
  read.current = std::move(*sides[sides.size() - 2]);
  if (has_base) read.base = std::move(*sides.front());
  return read;
}

/// Why two documents are better merged as texts: neither is a specification.
std::optional<error> no_specification(const merge_input& read) {
  auto const current = specs::recognise(*read.current.parsed.document);
  if (current || specs::recognise(*read.incoming.parsed.document)) return std::nullopt;
  auto problem = current.error();
  problem.where = read.current.name;
  return problem;
}

/// The text with overlays on what it says.
result<std::string> overlaid_text(const invocation& call, const std::string& text,
                                  specs::syntax format, const read_options& how) {
  auto const parsed = specs::parse(text, how.limits);
  if (!parsed) return tl::unexpected{parsed.error()};
  auto const laid = apply_overlays(call, parsed->document, how);
  if (!laid) return tl::unexpected{laid.error()};
  return specs::rewrite({text, parsed->document, format}, *laid).text;
}

exit_status merge_documents(const invocation& call, const merge_options& given,
                            const merge_input& read, const read_options& how) {
  // Contested places keep what the first side has, so the preferred side goes first.
  bool const swapped = given.strategy == "prefer-incoming";
  auto const& first = swapped ? read.incoming : read.current;
  auto const& second = swapped ? read.current : read.incoming;
  auto const merged = specs::merge(read.base ? read.base->parsed.document : nullptr,
                                   first.parsed.document, second.parsed.document);
  print_problems(merged, given.name, call);
  auto const wanted = given.format.empty()     ? read.current.parsed.format
                      : given.format == "yaml" ? specs::syntax::yaml
                                               : specs::syntax::json;
  auto text = merged_text(merged.merged, read, wanted);
  bool const open = given.strategy == "manual" && !merged.conflicts.empty();
  if (given.markers && open) {
    auto marked = marked_text(text, merged, read, wanted, markers_of(given));
    if (!marked) return merge_as_texts(call, given, marked.error());
    text = std::move(*marked);
  }
  if (!how.overlays.empty()) {
    auto laid = overlaid_text(call, text, wanted, how);
    if (!laid) return call.report(laid.error());
    text = std::move(*laid);
  }
  auto status = write_text(call, given.output, text);
  if (status == exit_status::good && !given.report.empty())
    status = write_text(call, given.report, report_json(merged).dump(2) + "\n");
  return status == exit_status::good && (open || !merged.flaws.empty()) ? exit_status::bad_news
                                                                        : status;
}

exit_status run_merge(const invocation& call, const merge_options& given, const read_options& how) {
  for (std::size_t side = 0; side < 3; ++side)
    if (given.path_of(side) == "-")
      return call.report(wrong_call("a merge reads three files, none from the standard input"));
  if (given.markers && !how.overlays.empty())
    return call.report(wrong_call("overlays lie on a merged document, which one with conflict "
                                  "markers is not; leave out --overlay or --markers"));
  auto const read = read_inputs(call, given, how);
  if (!read && given.markers && read.error().code != errc::io)
    return merge_as_texts(call, given, read.error());
  if (!read) return call.report(read.error());
  if (given.markers)
    if (auto const other = no_specification(*read)) return merge_as_texts(call, given, *other);
  return merge_documents(call, given, *read, how);
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
  merge->add_flag("--markers", given->markers,
                  "Enclose contested lines in git's conflict markers, and merge line by line what "
                  "is no specification: as git's merge driver (docs/git.md)");
  merge->add_option("--marker-size", given->marker_size, "The length of the markers: git's %L")
      ->check(CLI::Range(1, 200));
  merge->add_option("--name", given->name, "The file's name for messages: git's %P");
  auto const how = add_read_options(*merge);
  add_overlay_option(*merge, *how, "Put this overlay on what was merged");
  merge->callback([&call, given, how] {
    call.action = [&call, given, how] { return run_merge(call, *given, *how); };
  });
}

} // namespace apisync::tools
