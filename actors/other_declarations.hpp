#pragma once

#include "actors/document_cache.hpp"
#include "actors/interfaces.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::actors {

/// What the other sources of an API declare: those that there are, but for observers, each by the
/// part of its last document that it selects. One that cannot be read declares nothing. Documents
/// are read when they are first asked about. The arguments must outlive it.
class other_declarations {
public:
  other_declarations(const api_context& api, const document_reader& documents,
                     const std::string& except, std::uint64_t max_bytes)
      : api_{api}, documents_{documents}, except_{except}, max_bytes_{max_bytes} {}

  /// Whether one of them has the place (an identity path, docs/merge.md).
  [[nodiscard]] bool have(std::string_view identity);

private:
  const api_context& api_;
  const document_reader& documents_;
  const std::string& except_;
  const std::uint64_t max_bytes_;
  std::optional<std::vector<specs::document_ptr>> read_;
};

} // namespace apisync::actors
