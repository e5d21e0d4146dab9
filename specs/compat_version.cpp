#include "specs/compat_version.hpp"

#include <algorithm>
#include <charconv>

namespace apisync::specs {

std::optional<std::array<int, 3>> version_numbers(std::string_view text) {
  std::array<int, 3> numbers{};
  if (text.starts_with('v')) text.remove_prefix(1);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), numbers[i]);
    if (status != std::errc{} || numbers[i] < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const bool last = i + 1 == numbers.size();
    if (!last && !text.starts_with('.')) return std::nullopt;
    if (!last) text.remove_prefix(1);
  }
  const bool complete = text.empty() || text.front() == '-' || text.front() == '+';
  return complete ? std::optional{numbers} : std::nullopt;
}

std::string_view to_string(version_step step) {
  switch (step) {
  case version_step::none:
    return "none";
  case version_step::patch:
    return "patch";
  case version_step::minor:
    return "minor";
  case version_step::major:
    return "major";
  }
  return "none";
}

version_step step_of(const compat_report& report) {
  if (report.findings.empty()) return version_step::none;
  if (report.count(severity::error) > 0) return version_step::major;
  const auto only_told = [](const finding& each) {
    return each.rule == "documentation-changed" || each.rule == "extension-changed";
  };
  return std::all_of(report.findings.begin(), report.findings.end(), only_told)
             ? version_step::patch
             : version_step::minor;
}

std::string stepped(std::string_view old_version, version_step step) {
  auto numbers = version_numbers(old_version);
  if (!numbers) return {};
  auto& [major, minor, patch] = *numbers;
  if (major == 0 && step != version_step::none)
    step = step == version_step::major ? version_step::minor : version_step::patch;
  switch (step) {
  case version_step::none:
    break;
  case version_step::patch:
    ++patch;
    break;
  case version_step::minor:
    ++minor;
    patch = 0;
    break;
  case version_step::major:
    ++major;
    minor = patch = 0;
    break;
  }
  return (old_version.starts_with('v') ? "v" : "") + std::to_string(major) + "." +
         std::to_string(minor) + "." + std::to_string(patch);
}

} // namespace apisync::specs
