#pragma once

#include "events/event.hpp"

#include <random>
#include <string>

namespace apisync::events::testing {

/// Fills any described struct with random values, the odd ones included.
class random_fields {
public:
  explicit random_fields(unsigned seed) : random_{seed} {}

  template <class T>
  void operator()(std::string_view, T& value) {
    fill(value);
  }
  template <class T>
  void required(std::string_view, T& value) {
    fill(value);
  }

  template <class T>
  void fill(T& value) {
    if constexpr (std::same_as<T, bool>) {
      value = below(2) != 0;
    } else if constexpr (std::integral<T>) {
      value = static_cast<T>(random_() >> below(64));
      if constexpr (std::is_signed_v<T>) value = below(2) ? -(value / 2) : value / 2;
    } else if constexpr (std::same_as<T, std::string>) {
      value = text();
    } else if constexpr (std::same_as<T, raw_json>) {
      value.text = json();
    } else if constexpr (std::same_as<T, timestamp>) {
      value = timestamp{std::chrono::microseconds{random_() % 4'000'000'000'000'000}};
    } else if constexpr (std::same_as<T, std::chrono::milliseconds>) {
      value = std::chrono::milliseconds{below(1'000'000)};
    } else if constexpr (std::same_as<T, digest>) {
      value = sha256::of(std::to_string(random_()));
    } else if constexpr (named_enum<T>) {
      value = all_values(T{})[below(all_values(T{}).size())];
    } else if constexpr (requires { value.has_value(); }) {
      if (below(2)) fill(value.emplace());
    } else if constexpr (requires { typename T::mapped_type; }) {
      for (auto left = below(4); left > 0; --left)
        fill(value[text()]);
    } else if constexpr (described<T>) {
      T::fields(value, *this);
    } else {
      for (auto left = below(4); left > 0; --left)
        fill(value.emplace_back());
    }
  }

  void fill(syncs_started& event) {
    for (auto left = below(5); left > 0; --left) {
      auto& row = event.rows.emplace_back();
      fill(row.job);
      fill(row.started);
    }
  }

  void fill(syncs_unchanged& event) {
    for (auto left = below(5); left > 0; --left) {
      auto& row = event.rows.emplace_back();
      fill(row.job);
      fill(row.ended);
      row.duration = std::chrono::microseconds{below(1'000'000'000)};
      row.reason = text();
      fill(row.next_attempt);
    }
  }

  std::size_t below(std::size_t limit) { return random_() % limit; }

private:
  std::string text() {
    static const std::string pieces[] = {
        "a",    "id-1", "\"", "\\", "/", "\n", "\t",  std::string(1, '\0'),
        "\x1f", "é",    "😀",  " ",  "",  "{}", "日本"};
    std::string out;
    for (auto left = below(6); left > 0; --left)
      out += pieces[below(std::size(pieces))];
    return out;
  }

  std::string json() {
    static const std::string values[] = {
        "null", "true", "0", "-7", "\"x\\n\"", R"({"a":[1,{"b":null}]})", "[]", "{}", "[1,2,3]"};
    return values[below(std::size(values))];
  }

  std::mt19937_64 random_;
};

/// Calls `visit` with a default-made event of every type, and an example stream of its group.
template <class Visit>
void for_each_event_type(Visit visit) {
  const auto group = [&]<class... Events>(std::variant<Events...>*, const char* stream) {
    (visit(Events{}, stream), ...);
  };
  group(static_cast<engine_event*>(nullptr), "engine");
  group(static_cast<scheduler_event*>(nullptr), "scheduler");
  group(static_cast<source_event*>(nullptr), "source/billing-file");
  group(static_cast<job_event*>(nullptr), "job/billing-file");
  group(static_cast<api_event*>(nullptr), "api/billing");
  group(static_cast<webhook_event*>(nullptr), "webhook/team-chat");
  group(static_cast<target_event*>(nullptr), "target/portal");
}

} // namespace apisync::events::testing
