#include "events/folder.hpp"

#include "specs/digest.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace apisync::events {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t id_max = 100;

constexpr std::array names{std::pair{"{name}", 0}, std::pair{"{folder}", 1},
                           std::pair{"{path}", 2}};

/// Without the ending that says how the text is written.
std::string_view stem(std::string_view path) {
  for (const std::string_view ending : {".json", ".yaml", ".yml"})
    if (path.size() > ending.size() && path.ends_with(ending))
      return path.substr(0, path.size() - ending.size());
  return path;
}

std::string_view after_last(std::string_view path, char separator) {
  const auto at = path.rfind(separator);
  return at == path.npos ? path : path.substr(at + 1);
}

std::string as_id(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == '-';
    if (c == '/')
      out += '.';
    else if (good)
      out += c;
    else if (!out.ends_with('-'))
      out += '-';
  }
  return out.substr(std::min(out.find_first_not_of(".-"), out.size()));
}

/// The parts that a rule may name: the file's name, that of the directory it lies in, and the path
/// below the base.
std::array<std::string, 3> parts_of(const file_glob& files, std::string_view path) {
  const auto slash = path.rfind('/');
  const auto directory =
      slash == path.npos ? std::string_view{files.base()} : path.substr(0, slash);
  auto below = path;
  if (files.base() != ".") {
    below.remove_prefix(files.base().size());
    if (below.starts_with('/')) below.remove_prefix(1);
  }
  return {std::string{stem(after_last(path, '/'))}, std::string{after_last(directory, '/')},
          std::string{stem(below)}};
}

std::string by_rule(std::string rule, const std::array<std::string, 3>& parts) {
  for (const auto& [name, index] : names)
    for (auto at = rule.find(name); at != rule.npos; at = rule.find(name, at + parts[index].size()))
      rule.replace(at, std::string_view{name}.size(), parts[index]);
  return as_id(rule);
}

/// The id of a source; one that is too long ends with a digest of the path.
std::string source_id(const std::string& folder, const std::string& path) {
  auto id = folder + "." + as_id(path);
  if (id.size() <= id_max) return id;
  const auto digest = sha256::of(path).hex().substr(0, 16);
  return id.substr(0, id_max - digest.size() - 1) + "-" + digest;
}

} // namespace

result<void> check(const folder_definition& folder) {
  const auto where = "folder/" + folder.id;
  if (!valid_id(folder.id) || folder.id.size() > 60)
    return fail(errc::invalid_argument,
                "the id of a folder is 1 to 60 characters of a-z, A-Z, 0-9, '.', '_' and '-', not "
                "starting with '.' or '-'",
                where);
  if (auto files = file_glob::parse(folder.files); !files)
    return fail(errc::invalid_argument, "'files' is no pattern: " + files.error().message, where);
  auto rule = folder.api;
  bool named = false;
  for (const auto& [name, index] : names)
    for (auto at = rule.find(name); at != rule.npos; at = rule.find(name)) {
      rule.erase(at, std::string_view{name}.size());
      named = true;
    }
  if (!named && folder.source.role == source_role::authority)
    return fail(
        errc::invalid_argument,
        "'api' gives every file the same API, which has one authority; name what tells them "
        "apart: {name}, {folder} or {path}; or say 'role: contributor' or 'observer'",
        where);
  if (rule.find_first_of("{}") != rule.npos)
    return fail(errc::invalid_argument,
                "'api' may name {name}, the file without its ending, {folder}, the directory that "
                "it lies in, and {path}, its path; '" +
                    folder.api + "' names something else",
                where);
  if (folder.search_interval < 1s || folder.search_interval > 24h * 30)
    return fail(errc::invalid_argument, "'searchInterval' must be 1 second to 30 days", where);
  auto example = folder.source;
  example.id = folder.id;
  example.api = "api";
  example.path = "file";
  return check(example);
}

const folder_definition* find_folder(const std::vector<folder_definition>& all,
                                     std::string_view id) {
  const auto found = std::ranges::find(all, id, &folder_definition::id);
  return found == all.end() ? nullptr : &*found;
}

result<source_definition> found_source(const folder_definition& folder, const std::string& path) {
  const auto files = file_glob::parse(folder.files);
  if (!files) return tl::unexpected{files.error()};
  if (!files->has(path))
    return fail(errc::invalid_argument, "it is none of the files that the folder means", path);
  const auto parts = parts_of(*files, path);
  auto out = folder.source;
  out.id = source_id(folder.id, parts[2]);
  out.api = by_rule(folder.api, parts);
  out.kind = source_kind::file;
  out.path = path;
  out.declared = declared_by::folder;
  out.folder = folder.id;
  if (!valid_id(out.api))
    return fail(errc::invalid_argument,
                "the rule '" + folder.api + "' makes '" + out.api +
                    "' of it, which is no id: 1 to 100 characters of a-z, A-Z, 0-9, '.', '_' "
                    "and '-'",
                path);
  if (auto good = check(out); !good) return tl::unexpected{good.error()};
  return out;
}

api_definition found_api(const folder_definition& folder, const std::string& id) {
  api_definition out;
  out.id = id;
  out.rules = folder.rules;
  out.declared = declared_by::file;
  return out;
}

} // namespace apisync::events
