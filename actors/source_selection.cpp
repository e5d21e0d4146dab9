#include "actors/source_selection.hpp"

#include <algorithm>

namespace apisync::actors {

specs::selection to_selection(const std::optional<events::selection_definition>& declared) {
  if (!declared) return {};
  const auto& from = *declared;
  specs::selection out;
  out.include_paths = from.include.paths;
  out.exclude_paths = from.exclude.paths;
  out.methods = from.include.methods;
  if (!from.exclude.methods.empty()) {
    if (out.methods.empty())
      out.methods = {"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"};
    std::erase_if(out.methods, [&](const std::string& method) {
      return std::count(from.exclude.methods.begin(), from.exclude.methods.end(), method) != 0;
    });
    // Nothing is left: a name that no method has, for an empty list would choose everything.
    if (out.methods.empty()) out.methods.emplace_back("none");
  }
  out.include_tags = from.include.tags;
  out.exclude_tags = from.exclude.tags;
  out.include_operation_ids = from.include.operation_ids;
  out.exclude_operation_ids = from.exclude.operation_ids;
  out.include_extensions = from.include.extensions;
  out.exclude_extensions = from.exclude.extensions;
  return out;
}

} // namespace apisync::actors
