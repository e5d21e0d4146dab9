#include "specs/merge_proof_order.hpp"

#include <algorithm>
#include <unordered_map>

namespace apisync::specs {

namespace {

using order = std::vector<std::uint32_t>;

/// Beyond this many siblings that both sides moved, pairs are not compared: their number is square.
constexpr std::size_t pairs_max = 512;

/// Where each name stands, by version; absent where it does not.
class positions {
public:
  explicit positions(const sibling_order& orders) {
    for (std::size_t v = 0; v < proof_versions; ++v)
      for (std::size_t i = 0; i < orders[v].size(); ++i)
        ++counts_[orders[v][i]][v];
  }

  [[nodiscard]] bool in(std::uint32_t name, std::size_t version) const {
    return counts_.at(name)[version] > 0;
  }
  [[nodiscard]] bool repeated(std::uint32_t name) const {
    const auto& count = counts_.at(name);
    return std::any_of(count.begin(), count.end(), [](auto n) { return n > 1; });
  }

private:
  std::unordered_map<std::uint32_t, per_proof_version<std::uint32_t>> counts_;
};

class order_check {
public:
  explicit order_check(const sibling_order& orders) : orders_{orders}, there_{orders} {}

  [[nodiscard]] bool holds() const {
    const auto shared = [&](std::uint32_t n) {
      return there_.in(n, of_current) && there_.in(n, of_incoming) && there_.in(n, of_merged);
    };
    const auto current = only(of_current, shared);
    const auto incoming = only(of_incoming, shared);
    const auto merged = only(of_merged, shared);
    const bool current_moved = moved(of_current);
    const bool incoming_moved = moved(of_incoming);
    if (current == incoming) {
      if (merged != current) return false;
      return current_moved || incoming_moved || (follows(of_current) && follows(of_incoming));
    }
    if (current_moved == incoming_moved) return pairs_agree(current, incoming, merged);
    return follows(current_moved ? of_current : of_incoming);
  }

private:
  template <class Accept>
  [[nodiscard]] order only(std::size_t version, Accept accept) const {
    order made;
    for (const auto name : orders_[version])
      if (!there_.repeated(name) && accept(name)) made.push_back(name);
    return made;
  }

  /// The side put what the base has into another order.
  [[nodiscard]] bool moved(std::size_t side) const {
    const auto both = [&](std::uint32_t n) { return there_.in(n, of_base) && there_.in(n, side); };
    return only(of_base, both) != only(side, both);
  }

  /// What the merged document has of a side stands as it does there.
  [[nodiscard]] bool follows(std::size_t side) const {
    const auto both = [&](std::uint32_t n) {
      return there_.in(n, of_merged) && there_.in(n, side);
    };
    return only(of_merged, both) == only(side, both);
  }

  static bool pairs_agree(const order& current, const order& incoming, const order& merged) {
    if (merged.size() > pairs_max) return true;
    std::unordered_map<std::uint32_t, std::size_t> in_current;
    std::unordered_map<std::uint32_t, std::size_t> in_incoming;
    for (std::size_t i = 0; i < current.size(); ++i) {
      in_current[current[i]] = i;
      in_incoming[incoming[i]] = i;
    }
    for (std::size_t a = 0; a < merged.size(); ++a)
      for (std::size_t b = a + 1; b < merged.size(); ++b)
        if (in_current[merged[a]] > in_current[merged[b]] &&
            in_incoming[merged[a]] > in_incoming[merged[b]])
          return false;
    return true;
  }

  const sibling_order& orders_;
  positions there_;
};

} // namespace

bool order_is_merged(const sibling_order& orders) {
  return order_check{orders}.holds();
}

} // namespace apisync::specs
