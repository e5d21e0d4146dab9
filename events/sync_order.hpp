#pragma once

#include "events/definition.hpp"
#include "events/folder.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// Which sources go before which: their `after`.
namespace apisync::events {

/// A source as far as the order goes.
struct ordered_source {
  std::string_view id, api;
  const std::vector<std::string>* after = nullptr;
};

/// Checks the order of all sources together. An entry of `after` names every source of that id or
/// of an API of that id. Fails with `invalid_argument` for a name in `subject`'s that there is none
/// of (of an empty subject: in anybody's), and for sources that wait for themselves in a circle,
/// which it names: `a → b → a`. Linear in sources and entries, but for the look-up of names.
result<void> check_order(const std::vector<ordered_source>& sources, std::string_view subject = {});

/// Whether a folder may bring a source of that id: then it can be named before it is there.
[[nodiscard]] bool may_be_found(const std::vector<folder_definition>& folders, std::string_view id);

/// Adds the names of `after` of the sources so far that folders may bring.
void add_expected(std::vector<ordered_source>& sources,
                  const std::vector<folder_definition>& folders);

} // namespace apisync::events
