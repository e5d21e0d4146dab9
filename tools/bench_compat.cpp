#include "tools/bench_compat.hpp"

#include "specs/parse.hpp"
#include "tools/judge_options.hpp"
#include "tools/service_command.hpp"
#include "tools/table.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <memory>
#include <ostream>

namespace apisync::tools {
namespace {

/// The area of rules that the catalogue does not know.
constexpr auto other_area = "other";

result<std::string> content_of(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in) return fail(errc::io, "cannot read the file", file);
  return std::string{std::istreambuf_iterator<char>{in}, {}};
}

/// The rows of a table with a header and tabs between the cells.
result<std::vector<std::vector<std::string>>> read_table(const std::string& file,
                                                         const std::vector<std::string>& columns) {
  auto const text = content_of(file);
  if (!text) return tl::unexpected{text.error()};
  std::vector<std::vector<std::string>> rows;
  for (std::size_t at = 0; at < text->size();) {
    auto const end = std::min(text->find('\n', at), text->size());
    std::vector<std::string> cells{""};
    for (auto i = at; i < end; ++i) {
      if ((*text)[i] == '\t')
        cells.emplace_back();
      else if ((*text)[i] != '\r')
        cells.back() += (*text)[i];
    }
    cells.resize(columns.size());
    rows.push_back(std::move(cells));
    at = end + 1;
  }
  if (rows.empty() || rows.front() != columns)
    return fail(errc::parse_error, "the first line does not name the columns of such a table",
                file + ":1:1");
  rows.erase(rows.begin());
  return rows;
}

using case_map = std::map<std::string, compat_case>;

result<case_map> read_cases(const std::string& folder) {
  auto const rows = read_table(folder + "/expected.tsv",
                               {"case", "base", "revision", "level", "rule", "method", "path"});
  if (!rows) return tl::unexpected{rows.error()};
  case_map cases;
  for (auto const& row : *rows) {
    auto& into = cases[row[0]];
    into.before = row[1];
    into.after = row[2];
    if (row[3] != "none") into.expected.insert({row[4], row[3], row[5], row[6]});
  }
  return cases;
}

result<std::map<std::string, std::string>> read_areas(const std::string& folder) {
  auto const rows = read_table(
      folder + "/rules.tsv", {"id", "level", "area", "direction", "kind", "action", "description"});
  if (!rows) return tl::unexpected{rows.error()};
  std::map<std::string, std::string> areas;
  for (auto const& row : *rows)
    areas[row[0]] = row[2];
  return areas;
}

result<specs::document_ptr> document_of(const std::string& file) {
  auto const text = content_of(file);
  if (!text) return tl::unexpected{text.error()};
  specs::parse_options how;
  how.name = file;
  how.repeated = specs::repeated_names::keep_last;
  auto parsed = specs::parse(*text, how);
  if (!parsed) return tl::unexpected{std::move(parsed.error())};
  return parsed->document;
}

std::set<compat_row> rows_of(const specs::compat_report& report) {
  std::set<compat_row> rows;
  for (auto const& each : report.findings) {
    if (!each.judged) continue;
    std::string const level{specs::to_string(each.level)};
    if (each.operations.empty()) rows.insert({each.rule, level, "", ""});
    for (auto const& operation : each.operations)
      rows.insert({each.rule, level, operation.method, operation.path});
  }
  return rows;
}

/// Counts agreement, for all rows and for those of each area.
class score {
public:
  explicit score(std::map<std::string, std::string> areas) : areas_{std::move(areas)} {}

  void add(const std::set<compat_row>& said, const std::set<compat_row>& expected) {
    for (auto const& row : said)
      for (auto* counted : counts_of(row)) {
        ++counted->said;
        if (expected.contains(row)) ++counted->agreed;
      }
    for (auto const& row : expected)
      for (auto* counted : counts_of(row))
        ++counted->expected;
  }

  [[nodiscard]] bench_report report() const {
    bench_report made{"compat"};
    append(made, "all", all_);
    for (auto const& [area, counted] : by_area_)
      append(made, area, counted);
    return made;
  }

private:
  struct counts {
    std::size_t said = 0, expected = 0, agreed = 0;
  };

  std::array<counts*, 2> counts_of(const compat_row& row) {
    auto const area = areas_.find(row.rule);
    return {&all_, &by_area_[area == areas_.end() ? other_area : area->second]};
  }

  /// Nothing said of nothing is right.
  static void append(bench_report& to, const std::string& name, const counts& of) {
    auto const share = [&](std::size_t whole) {
      return whole == 0 ? 1.0 : static_cast<double>(of.agreed) / static_cast<double>(whole);
    };
    to.results.push_back({name + " precision", share(of.said), "share"});
    to.results.push_back({name + " recall", share(of.expected), "share"});
  }

  std::map<std::string, std::string> areas_;
  counts all_;
  std::map<std::string, counts> by_area_;
};

std::set<compat_row> without(const std::set<compat_row>& rows, const std::set<compat_row>& those) {
  std::set<compat_row> left;
  std::set_difference(rows.begin(), rows.end(), those.begin(), those.end(),
                      std::inserter(left, left.end()));
  return left;
}

json rows_json(const std::set<compat_row>& rows) {
  auto list = json::array();
  for (auto const& row : rows)
    list.push_back(
        {{"rule", row.rule}, {"level", row.level}, {"method", row.method}, {"path", row.path}});
  return list;
}

json differences_json(const compat_agreement& found) {
  auto list = json::array();
  for (auto const& each : found.differences) {
    json item{{"case", each.name},
              {"missing", rows_json(each.missing)},
              {"extra", rows_json(each.extra)}};
    if (!each.unreadable.empty()) item["unreadable"] = each.unreadable;
    list.push_back(std::move(item));
  }
  return list;
}

void print_differences(const compat_agreement& found, std::ostream& out) {
  auto const lines = [&](char sign, const std::set<compat_row>& rows) {
    for (auto const& row : rows) {
      out << "  " << sign << ' ' << row.level << ' ' << row.rule;
      if (!row.method.empty()) out << ' ' << row.method << ' ' << printable(row.path);
      out << '\n';
    }
  };
  for (auto const& each : found.differences) {
    out << '\n' << printable(each.name) << '\n';
    if (!each.unreadable.empty()) out << "  not judged: " << printable(each.unreadable) << '\n';
    lines('-', each.missing);
    lines('+', each.extra);
  }
}

} // namespace

result<compat_agreement> bench_compat(const compat_bench& how) {
  auto const cases = read_cases(how.folder);
  if (!cases) return tl::unexpected{cases.error()};
  auto areas = read_areas(how.folder);
  if (!areas) return tl::unexpected{areas.error()};
  score counted{std::move(*areas)};
  compat_agreement found;
  for (auto const& [name, wanted] : *cases) {
    auto const before = document_of(how.folder + '/' + wanted.before);
    auto const after = document_of(how.folder + '/' + wanted.after);
    std::set<compat_row> said;
    compat_difference difference{.name = name};
    if (before && after)
      said = rows_of(specs::judge(**before, **after, how.judging));
    else
      difference.unreadable = render(before ? after.error() : before.error());
    counted.add(said, wanted.expected);
    difference.missing = without(wanted.expected, said);
    difference.extra = without(said, wanted.expected);
    if (!difference.missing.empty() || !difference.extra.empty() || !difference.unreadable.empty())
      found.differences.push_back(std::move(difference));
  }
  found.report = counted.report();
  return found;
}

void add_bench_compat(CLI::App& bench, invocation& call) {
  struct options {
    std::string folder, format = "text";
    bool differences = false;
  };
  auto* const app =
      bench.add_subcommand("compat", "Agreement of the rules with what is expected of known pairs");
  auto const given = std::make_shared<options>();
  app->add_option("--cases", given->folder, "The folder with expected.tsv and rules.tsv")
      ->required()
      ->check(CLI::ExistingDirectory);
  app->add_option("--format", given->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  app->add_flag("--differences", given->differences,
                "List what is missing (-) and extra (+), case by case");
  auto const judging = add_judge_options(*app);
  app->callback([&call, given, judging] {
    call.action = [&call, given, judging] {
      auto how = read_judge_options(call, *judging);
      if (!how) return call.report(how.error());
      auto const found = bench_compat({given->folder, std::move(*how)});
      if (!found) return call.report(found.error());
      if (given->format == "json" && given->differences) {
        auto whole = found->report.as_json();
        whole["differences"] = differences_json(*found);
        call.out << whole.dump() << '\n';
        return exit_status::good;
      }
      found->report.print(call, given->format == "json");
      if (given->differences) print_differences(*found, call.out);
      return exit_status::good;
    };
  });
}

} // namespace apisync::tools
