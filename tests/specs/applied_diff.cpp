#include "tests/specs/applied_diff.hpp"

#include <algorithm>
#include <string>

namespace apisync::specs::testing {

namespace {

class patch {
public:
  explicit patch(const std::vector<change>& changes) : changes_{changes} {}

  void write(node of) {
    if (const auto* made = about(of, change_kind::changed)) return out.copy(made->after);
    if (const auto* made = about(of, change_kind::reordered)) return out.copy(made->after);
    if (of.is_object())
      object(of);
    else if (of.is_array())
      array(of);
    else
      scalar(of);
  }

  document_builder out;

private:
  [[nodiscard]] const change* about(node before, change_kind kind) const {
    const auto found = std::find_if(changes_.begin(), changes_.end(), [&](const change& each) {
      return each.kind == kind && each.before == before;
    });
    return found == changes_.end() ? nullptr : &*found;
  }

  /// What comes into a container that the old version has.
  [[nodiscard]] std::vector<const change*> coming(node into, change_kind kind) const {
    std::vector<const change*> found;
    for (const auto& each : changes_)
      if (each.kind == kind && each.way.size() > 1 && each.way[each.way.size() - 2].before == into)
        found.push_back(&each);
    return found;
  }

  void object(node of) {
    out.begin_object();
    for (const auto member : of) {
      if (about(member, change_kind::removed) || about(member, change_kind::renamed)) continue;
      out.key(member.key());
      write(member);
    }
    for (const auto* each : coming(of, change_kind::renamed)) {
      out.key(each->after.key());
      write(each->before);
    }
    for (const auto* each : coming(of, change_kind::added)) {
      out.key(each->after.key());
      out.copy(each->after);
    }
    out.end_object();
  }

  void array(node of) {
    auto added = coming(of, change_kind::added);
    const auto index = [](const change* each) {
      return std::stoul(each->pointer.substr(each->pointer.rfind('/') + 1));
    };
    std::sort(added.begin(), added.end(),
              [&](const auto* a, const auto* b) { return index(a) < index(b); });
    auto next = added.begin();
    std::size_t written = 0;
    const auto add_due = [&](bool all) {
      for (; next != added.end() && (all || index(*next) <= written); ++next, ++written)
        out.copy((*next)->after);
    };
    out.begin_array();
    for (const auto element : of) {
      if (about(element, change_kind::removed)) continue;
      add_due(false);
      write(element);
      ++written;
    }
    add_due(true);
    out.end_array();
  }

  void scalar(node of) {
    if (of.is_string() && of.key() == "$ref")
      for (const auto& each : changes_)
        if (each.kind == change_kind::renamed && of.text() == '#' + each.old_pointer)
          return out.string('#' + each.pointer);
    out.copy(of);
  }

  const std::vector<change>& changes_;
};

} // namespace

document_ptr applied(const std::vector<change>& changes, const document& before) {
  patch writer{changes};
  writer.write(before.root());
  return writer.out.finish();
}

} // namespace apisync::specs::testing
