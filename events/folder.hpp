#pragma once

#include "events/definition.hpp"
#include "specs/file_glob.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Folders: files that are found become sources of their own.
namespace apisync::events {

/// Where documents are looked for. Each that is found becomes a source of kind `file`.
struct folder_definition {
  std::string id;
  std::string files; ///< A directory, or a pattern: `file_glob`.
  std::string api;   ///< The rule that names the API of a file: `{name}`, `{folder}`, `{path}`.
  std::chrono::milliseconds search_interval{60'000}; ///< 1 s to 30 d.
  /// What the sources have in common; without `id`, `api` and `path`.
  source_definition source = {};
  std::vector<rule_definition> rules = {}; ///< Of the APIs that come with them.

  bool operator==(const folder_definition&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("id", self.id);
    visit.required("files", self.files);
    visit.required("api", self.api);
    visit("searchInterval", self.search_interval);
    visit.required("source", self.source);
    visit("rules", self.rules);
  }
};

/// A search of a folder came to something else than the last one.
struct folder_searched {
  static constexpr std::string_view type = "folder_searched";
  static constexpr std::uint32_t schema = 1;
  std::string folder;
  std::uint64_t documents = 0;     ///< That are there.
  std::vector<std::string> unread; ///< `PATH: why`, of files that did not become sources; a few.
  std::uint64_t unread_in_all = 0; ///< How many those are.
  std::string problem;             ///< Why it was not searched, or not to its end; empty: it was.

  bool operator==(const folder_searched&) const = default;
  static void fields(auto& self, auto& visit) {
    visit.required("folder", self.folder);
    visit("documents", self.documents);
    visit("unread", self.unread);
    visit("unreadInAll", self.unread_in_all);
    visit("problem", self.problem);
  }
};

/// Checks a declaration; fails with `invalid_argument`.
result<void> check(const folder_definition& folder);

/// The folder of that id; null where there is none.
[[nodiscard]] const folder_definition* find_folder(const std::vector<folder_definition>& all,
                                                   std::string_view id);

/// The source that a file becomes: its id is the folder's with the path below the base, its API
/// what the rule says. Characters that no id may have become `-`. Fails with `invalid_argument`
/// where that makes no id, and where the file is none of the folder's.
result<source_definition> found_source(const folder_definition& folder, const std::string& path);

/// The API that comes with such a source, unless it is declared.
api_definition found_api(const folder_definition& folder, const std::string& id);

} // namespace apisync::events
