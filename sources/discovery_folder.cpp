#include "sources/discovery_folder.hpp"

#include "sources/discovery_places.hpp"
#include "sources/folder_walk.hpp"
#include "sources/read_file.hpp"
#include "sources/roots.hpp"
#include "specs/file_glob.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

namespace apisync::sources {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t unread_max = 10;
constexpr std::uint64_t manifest_bytes_max = 1U << 20;

/// Words in a path that say that a document is there to be tried, not to be kept.
constexpr std::array trials{"test", "example", "fixture", "sample", "mock"};

bool is_named(const manifest_mark& mark, std::string_view name) {
  return mark.file.starts_with('.') ? name.ends_with(mark.file) : name == mark.file;
}

bool is_manifest(std::string_view name) {
  return std::ranges::any_of(manifest_marks(),
                             [&](const manifest_mark& mark) { return is_named(mark, name); });
}

class folder_search {
public:
  folder_search(fs::path folder, roots allowed, const folder_limits& limits)
      : folder_(std::move(folder)), allowed_(std::move(allowed)), limits_(limits) {}

  folder_result run() {
    auto stopped = walk_folder(folder_, {limits_.entries, limits_.depth},
                               {[this](const auto& entry, const auto&) {
                                  look_at(entry);
                                  return true;
                                },
                                [this](error problem) { complain(std::move(problem)); }});
    if (!stopped.empty()) made_.stopped = std::move(stopped);
    rank(made_.documents);
    return std::move(made_);
  }

private:
  void look_at(const fs::directory_entry& entry) {
    const auto name = entry.path().filename().string();
    std::error_code ignored;
    if (entry.is_symlink(ignored)) return;
    const auto size = entry.file_size(ignored);
    const bool manifest = is_manifest(name);
    const bool document = may_be_document(name) && size <= limits_.document_bytes;
    if (!document && !(manifest && size <= manifest_bytes_max)) return;
    if (bytes_ + size > limits_.bytes) {
      made_.stopped = "files of " + std::to_string(limits_.bytes >> 20U) + " MiB were read";
      return;
    }
    bytes_ += size;
    read(entry.path(), name, document);
  }

  void read(const fs::path& path, const std::string& name, bool document) {
    const auto opened = allowed_.open_file(path.string());
    if (!opened) return complain(opened.error());
    const auto text = read_file(*opened, limits_.document_bytes);
    if (!text) return complain(text.error());
    ++made_.files;
    if (const auto framework = framework_of_manifest(name, *text); !framework.empty())
      made_.frameworks.emplace(framework);
    if (!document || (text->find("openapi") == text->npos && text->find("swagger") == text->npos))
      return;
    const auto where = path.lexically_relative(folder_).generic_string();
    auto found = recognise_document(*text, where, limits_.document_bytes);
    if (!found) return;
    found->why = "a file";
    const bool trial = std::ranges::any_of(
        trials, [&](const char* word) { return where.find(word) != std::string::npos; });
    if (trial && found->sure == confidence::high) found->sure = confidence::medium;
    add_discovered(made_.documents, std::move(*found));
  }

  void complain(error problem) {
    if (made_.unread.size() < unread_max) made_.unread.push_back(std::move(problem));
  }

  const fs::path folder_;
  const roots allowed_;
  const folder_limits limits_;
  folder_result made_;
  std::uint64_t bytes_ = 0;
};

} // namespace

std::string_view framework_of_manifest(std::string_view name, std::string_view text) {
  const auto found = std::ranges::find_if(manifest_marks(), [&](const manifest_mark& mark) {
    return is_named(mark, name) && text.find(mark.words) != text.npos;
  });
  return found == manifest_marks().end() ? std::string_view{} : found->framework;
}

result<folder_result> search_folder(const std::string& folder, const folder_limits& limits) {
  auto allowed = roots::open({folder});
  if (!allowed) return tl::unexpected(allowed.error());
  std::error_code failed;
  auto real = std::filesystem::canonical(folder, failed);
  if (failed) return fail(errc::not_found, failed.message(), folder);
  return folder_search{std::move(real), std::move(*allowed), limits}.run();
}

} // namespace apisync::sources
