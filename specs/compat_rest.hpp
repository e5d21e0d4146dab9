#pragma once

#include "specs/compat.hpp"
#include "specs/document.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace apisync::specs {

/// The operations that include a shared part, by its pointer.
class component_reach {
public:
  void add(const std::string& pointer, const reached_operation& operation);

  /// The operations of the shared part that this place lies in.
  [[nodiscard]] std::vector<reached_operation> of(std::string_view pointer) const;

private:
  std::unordered_map<std::string, std::vector<reached_operation>> by_part_;
};

/// The changes that no rule has spoken of, as findings of level info, so that none goes untold.
[[nodiscard]] std::vector<finding> not_judged(const document& before, const document& after,
                                              const std::vector<finding>& judged,
                                              const component_reach& components);

} // namespace apisync::specs
