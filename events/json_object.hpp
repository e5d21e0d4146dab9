#pragma once

#include "events/fields.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace apisync::events {

/// Writes one JSON object, member by member.
class json_object {
public:
  json_object() = default;
  json_object(const json_object&) = delete;
  json_object& operator=(const json_object&) = delete;

  /// A member that is always there; an absent optional is `null`.
  template <class T>
  json_object& member(std::string_view name, const T& value) {
    write_.required(name, value);
    return *this;
  }

  /// A member that is left out where it is an absent optional or an empty text, list or map.
  template <class T>
  json_object& optional(std::string_view name, const T& value) {
    if constexpr (requires { value.empty(); })
      if (value.empty()) return *this;
    write_(name, value);
    return *this;
  }

  /// The object; nothing may be added after.
  [[nodiscard]] written_json finish() {
    text_ += '}';
    return {std::move(text_)};
  }

private:
  std::string text_ = "{";
  field_writer write_{text_};
};

/// A count of thousandths as a JSON number without trailing zeros: 1500 is `1.5`.
inline written_json thousandths(std::int64_t count) {
  auto text = std::to_string(count / 1000);
  if (const auto rest = count % 1000; rest != 0) {
    text += '.' + std::to_string(1000 + rest).substr(1);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return {std::move(text)};
}

} // namespace apisync::events
