#pragma once

#include "admin/message.hpp"
#include "specs/digest.hpp"
#include "specs/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::admin {

/// Who a token stands for.
struct identity {
  std::string name; ///< For the log: `user:NAME` becomes the author of a change.
  admin::role role = role::none;
};

/// The tokens of a service, kept as hashes.
class token_set {
public:
  /// The shortest secret accepted.
  static constexpr std::size_t secret_bytes_min = 16;

  /// Adds a token. Fails with `invalid_argument` for a short secret, one with spaces or control
  /// characters, or an empty name.
  result<void> add(identity who, std::string_view secret);

  /// Whose token that is. Compares with every token, in constant time each.
  [[nodiscard]] std::optional<identity> find(std::string_view secret) const;

  [[nodiscard]] bool empty() const { return entries_.empty(); }

private:
  struct entry {
    identity who;
    digest hash;
  };
  std::vector<entry> entries_;
};

} // namespace apisync::admin
