#include "actors/other_declarations.hpp"

#include "actors/compare_sources.hpp"
#include "actors/source_selection.hpp"
#include "specs/resolve.hpp"
#include "specs/select.hpp"

#include <algorithm>

namespace apisync::actors {

bool other_declarations::have(std::string_view identity) {
  if (!read_) {
    read_.emplace();
    for (const auto& [id, base] : api_.bases) {
      if (id == except_ || !contributes(api_, id)) continue;
      const auto theirs = load_text(documents_, base.text, id, max_bytes_);
      if (theirs) read_->push_back(specs::select(theirs->document, to_selection(base.select)));
    }
  }
  return std::any_of(read_->begin(), read_->end(),
                     [&](const auto& theirs) { return specs::find_identity(*theirs, identity); });
}

} // namespace apisync::actors
