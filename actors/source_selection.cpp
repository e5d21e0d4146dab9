#include "actors/source_selection.hpp"

#include <algorithm>

namespace apisync::actors {

specs::selection to_selection(const std::optional<events::selection_definition>& declared) {
  if (!declared) return {};
  const auto& from = *declared;
  specs::selection out;
  out.include_paths = from.include_paths;
  out.exclude_paths = from.exclude_paths;
  out.methods = from.include_methods;
  if (!from.exclude_methods.empty()) {
    if (out.methods.empty())
      out.methods = {"get", "put", "post", "delete", "options", "head", "patch", "trace", "query"};
    std::erase_if(out.methods, [&](const std::string& method) {
      return std::count(from.exclude_methods.begin(), from.exclude_methods.end(), method) != 0;
    });
    // Nothing is left: a name that no method has, for an empty list would choose everything.
    if (out.methods.empty()) out.methods.emplace_back("none");
  }
  out.include_tags = from.include_tags;
  out.exclude_tags = from.exclude_tags;
  return out;
}

} // namespace apisync::actors
