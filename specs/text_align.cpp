#include "specs/text_align.hpp"

#include "specs/diff_sequence.hpp"

#include <algorithm>
#include <unordered_map>

namespace apisync::specs {

namespace {

constexpr std::size_t compared_max = 4'096; ///< Pairs of elements looked at in one stretch.
constexpr double alike_from = 0.3;

/// How much of two values is the same, 0 to 1.
double likeness(node a, node b) {
  if (a.is_array() && b.is_array()) return alike_from;
  if (!a.is_object() || !b.is_object() || a.size() == 0 || b.size() == 0) return 0;
  double shared = 0;
  for (const auto member : a)
    if (const auto other = b.find(member.key())) shared += same_content(member, other) ? 3 : 1;
  return shared / (3.0 * static_cast<double>(std::max(a.size(), b.size())));
}

class pairing {
public:
  pairing(node old, node now)
      : old_{old}, now_{now}, partner_(now.size(), no_partner), taken_(old.size(), false) {}

  std::vector<std::size_t> members() {
    std::unordered_map<std::string_view, std::size_t> names;
    for (std::size_t i = 0; i < old_.size(); ++i)
      names.emplace(old_[i].key(), i);
    for (std::size_t j = 0; j < now_.size(); ++j)
      if (const auto found = names.find(now_[j].key()); found != names.end())
        take(found->second, j);
    same_contents(true);
    return std::move(partner_);
  }

  std::vector<std::size_t> elements() {
    std::vector<std::uint64_t> left;
    std::vector<std::uint64_t> right;
    for (const auto element : old_)
      left.push_back(element.hash());
    for (const auto element : now_)
      right.push_back(element.hash());
    std::size_t i = 0;
    std::size_t j = 0;
    for (const auto& pair : align(left, right)) {
      alike_between(i, pair.left, j, pair.right);
      take(pair.left, pair.right);
      i = pair.left + 1;
      j = pair.right + 1;
    }
    alike_between(i, old_.size(), j, now_.size());
    same_contents(false);
    return std::move(partner_);
  }

private:
  void take(std::size_t i, std::size_t j) {
    partner_[j] = i;
    taken_[i] = true;
  }

  /// Pairs what is left and has the same content: a new name, another place.
  void same_contents(bool renamed) {
    std::unordered_multimap<std::uint64_t, std::size_t> left;
    for (std::size_t i = 0; i < old_.size(); ++i)
      if (!taken_[i]) left.emplace(old_[i].hash(), i);
    if (left.empty()) return;
    for (std::size_t j = 0; j < now_.size(); ++j) {
      if (partner_[j] != no_partner || (renamed && now_[j].size() == 0)) continue;
      if (const auto found = left.find(now_[j].hash()); found != left.end()) {
        take(found->second, j);
        left.erase(found);
      }
    }
  }

  /// Pairs elements of one stretch, in order, so that they have most in common altogether.
  void alike_between(std::size_t i_from, std::size_t i_to, std::size_t j_from, std::size_t j_to) {
    const auto rows = i_to - i_from;
    const auto columns = j_to - j_from;
    if (rows == 0 || columns == 0 || rows * columns > compared_max) return;
    std::vector<double> alike(rows * columns);
    std::vector<double> best((rows + 1) * (columns + 1));
    const auto at = [&](std::size_t r, std::size_t c) -> double& {
      return best[r * (columns + 1) + c];
    };
    for (auto r = rows; r-- > 0;)
      for (auto c = columns; c-- > 0;) {
        auto& here = alike[r * columns + c];
        here = likeness(old_[i_from + r], now_[j_from + c]);
        at(r, c) = std::max(at(r + 1, c), at(r, c + 1));
        if (here >= alike_from) at(r, c) = std::max(at(r, c), here + at(r + 1, c + 1));
      }
    for (std::size_t r = 0, c = 0; r < rows && c < columns;) {
      const auto here = alike[r * columns + c];
      if (here >= alike_from && at(r, c) <= here + at(r + 1, c + 1))
        take(i_from + r++, j_from + c++);
      else
        (at(r + 1, c) >= at(r, c + 1) ? r : c) += 1;
    }
  }

  node old_;
  node now_;
  std::vector<std::size_t> partner_;
  std::vector<bool> taken_;
};

} // namespace

bool same_print(node a, node b) {
  if (!same_content(a, b)) return false;
  if (a.size() == 0) return true;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i].key() != b[i].key() || !same_print(a[i], b[i])) return false;
  return true;
}

std::vector<std::size_t> partners_for_text(node old, node now) {
  pairing pairs{old, now};
  return old.is_object() ? pairs.members() : pairs.elements();
}

} // namespace apisync::specs
