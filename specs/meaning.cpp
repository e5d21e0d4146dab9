#include "specs/meaning.hpp"

#include "specs/canonical.hpp"
#include "specs/openapi_roles.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

namespace apisync::specs {

namespace {

/// Tells changes of spelling alone. Spellings are equal or not within one object: the innermost
/// around a change that both versions have.
class spelling {
public:
  bool operator()(const change& made) {
    if (made.kind == change_kind::renamed) return false;
    auto place = role::root;
    auto innermost = role::root;
    std::size_t at = made.way.size();
    for (std::size_t i = 0; i + 1 < made.way.size(); ++i) {
      const auto& [ignored, before, after] = made.way[i];
      if (before.is_object() && after.is_object()) {
        at = i;
        innermost = place;
      }
      const auto& next = made.way[i + 1];
      place = role_of_child(place, after ? after : before, next.after ? next.after : next.before);
    }
    if (at == made.way.size()) return false;
    const auto& next = made.way[at + 1];
    return same(innermost, made.way[at].before, made.way[at].after,
                (next.after ? next.after : next.before).key());
  }

private:
  /// A list that changed in many places is asked about as often, one after the other.
  bool same(role place, node before, node after, std::string_view name) {
    if (before != before_ || name != name_) {
      before_ = before;
      name_ = name;
      answer_ = says_the_same(place, before, after, name);
    }
    return answer_;
  }

  node before_;
  std::string_view name_;
  bool answer_ = false;
};

} // namespace

std::vector<change> changes_of_meaning(const document& before, const document& after) {
  auto all = diff(before, after);
  spelling is_spelling;
  all.erase(std::remove_if(all.begin(), all.end(), std::ref(is_spelling)), all.end());
  return all;
}

} // namespace apisync::specs
