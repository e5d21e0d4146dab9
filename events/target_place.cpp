#include "events/target_place.hpp"

#include <filesystem>

namespace apisync::events {

namespace {

bool same_path(const std::string& one, const std::string& other) {
  return normal_path(one) == normal_path(other);
}

bool same_repository(std::string_view one, std::string_view other) {
  constexpr std::string_view scheme = "file://";
  if (one.starts_with(scheme)) one.remove_prefix(scheme.size());
  if (other.starts_with(scheme)) other.remove_prefix(scheme.size());
  return same_path(std::string{one}, std::string{other});
}

std::string_view branch_of(std::string_view ref) {
  constexpr std::string_view heads = "refs/heads/";
  return ref.starts_with(heads) ? ref.substr(heads.size()) : ref;
}

} // namespace

std::string normal_path(const std::string& path) {
  return std::filesystem::path{path}.lexically_normal().string();
}

bool same_place(const target_definition& target, const source_definition& source) {
  switch (target.kind) {
  case target_kind::file:
    return source.kind == source_kind::file && same_path(target.path, source.path);
  case target_kind::http:
    return source.kind == source_kind::http && target.url == source.url;
  case target_kind::git:
    return source.kind == source_kind::git && same_repository(target.url, source.url) &&
           same_path(target.path, source.path) &&
           (source.ref.empty() || branch_of(source.ref) == branch_of(target.branch));
  }
  return false;
}

result<void> check_shared(const target_definition& target, const source_definition& source,
                          bool several_files) {
  const auto refuse = [&](const std::string& why) {
    return fail(errc::invalid_argument,
                "target '" + target.id + "' writes where source '" + source.id + "' reads, " + why,
                "target/" + target.id);
  };
  if (source.api != target.api) return refuse("which is one of API '" + source.api + "'");
  if (source.role == source_role::contributor)
    return refuse("which is a contributor: it would seem to declare the whole API");
  if (source.select) return refuse("which selects a part of what is there, not the whole");
  if (several_files) return refuse("which is made of several files there");
  if (target.document == target_document::released)
    return refuse("and the released document would undo what came after it");
  return {};
}

bool same_place(const target_definition& one, const target_definition& other) {
  if (one.kind != other.kind) return false;
  switch (one.kind) {
  case target_kind::file:
    return same_path(one.path, other.path);
  case target_kind::http:
    return one.url == other.url && one.method == other.method;
  case target_kind::git:
    return same_repository(one.url, other.url) && same_path(one.path, other.path) &&
           branch_of(one.branch) == branch_of(other.branch);
  }
  return false;
}

} // namespace apisync::events
