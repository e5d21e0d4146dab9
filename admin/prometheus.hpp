#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace apisync::admin {

/// Writes metrics in the Prometheus text format 0.0.4.
class prometheus_writer {
public:
  /// The media type of `text()`.
  static constexpr std::string_view media_type = "text/plain; version=0.0.4; charset=utf-8";

  using label = std::pair<std::string_view, std::string_view>;

  /// Begins a metric: its samples follow at once. `type` is `counter`, `gauge` or `histogram`.
  /// @pre name matches [a-zA-Z_:][a-zA-Z0-9_:]*
  void metric(std::string_view name, std::string_view type, std::string_view help);

  /// One sample of the current metric; `suffix` is `_bucket`, `_sum`, `_count` or empty.
  void sample(double value, std::span<const label> labels = {}, std::string_view suffix = {});

  [[nodiscard]] const std::string& text() const { return text_; }

private:
  std::string name_;
  std::string text_;
};

} // namespace apisync::admin
