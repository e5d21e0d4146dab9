#include "tools/bench_merge_case.hpp"

#include "specs/conflict_proof.hpp"
#include "specs/merge.hpp"
#include "specs/merge_proof.hpp"
#include "specs/merge_rename.hpp"
#include "specs/parse.hpp"
#include "specs/rewrite.hpp"
#include "tools/text_merge.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string_view>
#include <unordered_map>

namespace apisync::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::array endings{".yaml", ".yml", ".json"};

/// The file of that name and any of the endings; empty where there is none.
fs::path version_file(const fs::path& folder, const std::string& name) {
  for (auto const* ending : endings)
    if (auto file = folder / (name + ending); fs::is_regular_file(file)) return file;
  return {};
}

std::vector<std::string> columns_of(const std::string& line) {
  std::vector<std::string> made;
  std::istringstream rest{line};
  for (std::string column; std::getline(rest, column, '\t');)
    made.push_back(column);
  return made;
}

/// Adds the strata that a table names to `into`, by case.
void read_strata(const fs::path& table, std::map<std::string, std::string>& into) {
  std::ifstream in{table};
  std::string line;
  if (!std::getline(in, line)) return;
  auto const header = columns_of(line);
  auto const find = [&](std::string_view name) {
    return static_cast<std::size_t>(std::ranges::find(header, name) - header.begin());
  };
  auto const id = find("id");
  auto const stratum = find("stratum");
  while (std::getline(in, line)) {
    auto const columns = columns_of(line);
    if (std::max(id, stratum) < columns.size()) into[columns[id]] = columns[stratum];
  }
}

struct version {
  std::string text;
  specs::syntax format = specs::syntax::yaml;
  specs::document_ptr document; ///< Null where it cannot be read.
  std::string problem;
};

void parse(version& of, const std::string& name) {
  specs::parse_options how;
  how.name = name;
  how.repeated = specs::repeated_names::keep_last;
  auto parsed = specs::parse(of.text, how);
  if (!parsed) {
    of.problem = render(parsed.error());
    return;
  }
  of.document = std::move(parsed->document);
  of.format = parsed->format;
}

version read_version(const fs::path& file) {
  version made;
  std::ifstream in{file, std::ios::binary};
  made.text.assign(std::istreambuf_iterator<char>{in}, {});
  parse(made, file.filename().string());
  return made;
}

struct case_texts {
  version base, ours, theirs, merged; ///< An empty text where there is none.
};

bool same(const specs::document_ptr& a, const specs::document_ptr& b) {
  return a && b && specs::same_content(a->root(), b->root());
}

std::string place_of(specs::node value, const char* side) {
  return value ? " " + std::string{side} + ":" + std::to_string(value.where().line) : "";
}

/// What a structural merge that came to no conflict holds, proved.
void prove(const specs::merge_result& made, std::array<specs::document_ptr, 3> versions,
           merge_trial& trial) {
  for (auto const& each : made.renames) {
    trial.problems.push_back("followed " + each.from + " to " + each.to);
    for (auto& version : versions)
      version = specs::with_rename(version, each);
  }
  for (auto const& each :
       specs::merge_damages(*versions[0], *versions[1], *versions[2], *made.merged))
    trial.damage.push_back(std::string{to_string(each.what)} + " " + each.place + ": " +
                           each.detail);
}

/// How often each line stands in a text.
std::unordered_map<std::string_view, std::size_t> lines_of(std::string_view text) {
  std::unordered_map<std::string_view, std::size_t> made;
  while (!text.empty()) {
    auto const end = std::min(text.find('\n'), text.size() - 1) + 1;
    ++made[text.substr(0, end)];
    text.remove_prefix(end);
  }
  return made;
}

/// Writes the merged document over the sides' texts, and counts the lines that one of them has.
void write_merged(const case_texts& of, const specs::document_ptr& merged, merge_trial& trial) {
  auto const written = [](const version& one) {
    return specs::written_document{one.text, one.document, one.format};
  };
  auto const base = written(of.base);
  auto const text = specs::rewrite_merge(&base, written(of.ours), written(of.theirs), merged).text;
  auto const ours = lines_of(of.ours.text);
  auto const theirs = lines_of(of.theirs.text);
  auto const count = [](const auto& lines, std::string_view line) {
    auto const found = lines.find(line);
    return found == lines.end() ? std::size_t{0} : found->second;
  };
  for (auto const& [line, times] : lines_of(text)) {
    trial.lines_out += times;
    trial.lines_kept += std::min(times, std::max(count(ours, line), count(theirs, line)));
  }
}

void merge_by_structure(const case_texts& of, merge_trial& trial) {
  auto const made = specs::merge(of.base.document, of.ours.document, of.theirs.document);
  write_merged(of, made.merged, trial);
  trial.conflicts = made.conflicts.size();
  for (auto const& each : made.conflicts) {
    trial.problems.push_back(std::string{specs::to_string(each.kind)} + " " + each.identity +
                             place_of(each.base, "base") + place_of(each.current, "ours") +
                             place_of(each.incoming, "theirs"));
    if (auto const doubt = specs::conflict_doubt(each); !doubt.empty())
      trial.doubts.push_back(each.identity + ": " + doubt);
  }
  for (auto const& each : made.flaws)
    trial.problems.push_back(std::string{specs::to_string(each.what)} + " " + each.pointer + " " +
                             each.value);
  trial.structure = !made.conflicts.empty() ? merge_end::conflict
                    : !made.flaws.empty()   ? merge_end::semantic
                                            : merge_end::clean;
  if (!made.conflicts.empty()) return;
  trial.structure_as_committed = same(made.merged, of.merged.document);
  prove(made, {of.base.document, of.ours.document, of.theirs.document}, trial);
}

void merge_by_lines(const case_texts& of, merge_trial& trial) {
  auto const merged = merge_texts(of.base.text, of.ours.text, of.theirs.text, {});
  if (!merged) return;
  trial.lines = merged->clean ? merge_end::clean : merge_end::conflict;
  if (!merged->clean) return;
  version result{merged->text, {}, {}, {}};
  parse(result, "merged lines");
  trial.lines_as_committed = result.document
                                 ? same(result.document, of.merged.document)
                                 : !of.merged.text.empty() && result.text == of.merged.text;
}

} // namespace

std::string_view to_string(merge_end how) {
  switch (how) {
  case merge_end::clean:
    return "clean";
  case merge_end::semantic:
    return "semantic";
  case merge_end::conflict:
    return "conflict";
  }
  return "conflict";
}

result<std::vector<merge_case>> find_merge_cases(const std::string& below) {
  std::map<std::string, std::string> strata;
  std::vector<merge_case> found;
  std::error_code failed;
  for (fs::recursive_directory_iterator at{below, failed}, end; !failed && at != end;
       at.increment(failed)) {
    auto const& path = at->path();
    if (path.filename() == "ITEMS.tsv") read_strata(path, strata);
    if (path.stem() != "base" || version_file(path.parent_path(), "base") != path) continue;
    auto const folder = path.parent_path();
    if (version_file(folder, "ours").empty() || version_file(folder, "theirs").empty()) continue;
    found.push_back(
        {(folder.parent_path().filename() / folder.filename()).string(), {}, folder.string()});
  }
  if (failed) return fail(errc::io, "cannot be read: " + failed.message(), below);
  if (found.empty())
    return fail(errc::not_found, "holds no folder with base, ours and theirs", below);
  for (auto& each : found) {
    auto const listed = strata.find(each.id);
    each.stratum = listed == strata.end() ? "other" : listed->second;
  }
  std::ranges::sort(found, {}, &merge_case::id);
  return found;
}

std::optional<case_documents> read_case(const merge_case& which) {
  auto const read = [&](const char* name) {
    return read_version(version_file(which.folder, name)).document;
  };
  case_documents made{read("base"), read("ours"), read("theirs"), read("merged")};
  if (!made.base || !made.ours || !made.theirs) return std::nullopt;
  return made;
}

merge_trial try_merge(const merge_case& which) {
  auto const read = [&](const char* name) {
    return read_version(version_file(which.folder, name));
  };
  const case_texts of{read("base"), read("ours"), read("theirs"), read("merged")};
  merge_trial trial;
  trial.has_committed = !of.merged.text.empty();
  merge_by_lines(of, trial);
  for (auto const* each : {&of.base, &of.ours, &of.theirs})
    if (!each->document) trial.problems.push_back(each->problem);
  trial.by_lines = !trial.problems.empty();
  if (!trial.by_lines) {
    merge_by_structure(of, trial);
  } else {
    trial.structure = trial.lines;
    trial.structure_as_committed = trial.lines_as_committed;
  }
  return trial;
}

} // namespace apisync::tools
