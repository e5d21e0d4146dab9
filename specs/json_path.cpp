#include "specs/json_path.hpp"

#include "specs/json_path_query.hpp"
#include "specs/json_path_value.hpp"
#include "specs/pointer.hpp"

#include <algorithm>

namespace apisync::specs {

namespace {

using op = filter_operation;
using matches = std::vector<path_match>;

/// Runs one query on one document; stops when a limit is reached.
class evaluation {
public:
  evaluation(node root, const json_path_limits& limits) : root_{root}, limits_{limits} {}

  [[nodiscard]] bool exceeded() const { return exceeded_; }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as filters are nested
  matches run(const json_path_query& query, node start) {
    matches now{{start, {}}};
    for (const auto& segment : query.segments) {
      matches next;
      for (auto& match : now) {
        if (exceeded_) return {};
        if (segment.descendant)
          descend(segment, std::move(match), next);
        else
          select(segment, match, next);
      }
      now = std::move(next);
    }
    return now;
  }

private:
  /// Counts a step; false when there were too many.
  bool step(const matches& so_far) {
    exceeded_ = exceeded_ || ++steps_ > limits_.steps || so_far.size() > limits_.matches;
    return !exceeded_;
  }

  /// Applies a segment to a node and all below, parents first.
  // NOLINTNEXTLINE(misc-no-recursion)
  void descend(const path_segment& segment, path_match start, matches& into) {
    matches open{std::move(start)};
    while (!open.empty()) {
      const auto match = std::move(open.back());
      open.pop_back();
      if (!step(into)) return;
      select(segment, match, into);
      for (auto i = match.value.size(); i-- > 0;)
        open.push_back(child(match, i));
    }
  }

  static path_match child(const path_match& of, std::size_t index) {
    auto path = of.path;
    path.push_back(static_cast<std::uint32_t>(index));
    return {of.value[index], std::move(path)};
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  void select(const path_segment& segment, const path_match& from, matches& into) {
    for (const auto& selector : segment.selectors) {
      if (!step(into)) return;
      switch (selector.kind) {
      case selector_kind::name:
        named(selector.name, from, into);
        break;
      case selector_kind::wildcard:
        for (std::size_t i = 0; i < from.value.size() && step(into); ++i)
          into.push_back(child(from, i));
        break;
      case selector_kind::index:
        indexed(selector.index, from, into);
        break;
      case selector_kind::slice:
        sliced(selector, from, into);
        break;
      case selector_kind::filter:
        for (std::size_t i = 0; i < from.value.size() && step(into); ++i)
          if (holds(*selector.filter, from.value[i])) into.push_back(child(from, i));
        break;
      }
    }
  }

  static void named(std::string_view name, const path_match& from, matches& into) {
    const auto member = from.value.find(name);
    if (!member) return;
    std::size_t index = 0;
    while (from.value[index] != member)
      ++index;
    into.push_back(child(from, index));
  }

  static void indexed(std::int64_t index, const path_match& from, matches& into) {
    const auto size = static_cast<std::int64_t>(from.value.size());
    const auto at = index < 0 ? size + index : index;
    if (from.value.is_array() && at >= 0 && at < size)
      into.push_back(child(from, static_cast<std::size_t>(at)));
  }

  /// RFC 9535 section 2.3.4.2.2.
  void sliced(const path_selector& slice, const path_match& from, matches& into) {
    if (!from.value.is_array() || slice.step == 0) return;
    const auto size = static_cast<std::int64_t>(from.value.size());
    const auto normal = [&](std::int64_t i) { return i >= 0 ? i : size + i; };
    const bool forward = slice.step > 0;
    const auto start = normal(slice.start.value_or(forward ? 0 : size - 1));
    const auto end = slice.end ? normal(*slice.end) : forward ? size : -1;
    const auto lower = forward ? std::clamp<std::int64_t>(start, 0, size)
                               : std::clamp<std::int64_t>(end, -1, size - 1);
    const auto upper = forward ? std::clamp<std::int64_t>(end, 0, size)
                               : std::clamp<std::int64_t>(start, -1, size - 1);
    for (auto i = forward ? lower : upper; forward ? i < upper : lower < i; i += slice.step) {
      if (!step(into)) return;
      into.push_back(child(from, static_cast<std::size_t>(i)));
    }
  }

  // -- filters ----------------------------------------------------------------

  // NOLINTNEXTLINE(misc-no-recursion)
  bool holds(const filter_expression& test, node current) {
    const auto holds_here = [&](const filter_expression& part) { return holds(part, current); };
    const auto& operands = test.operands;
    switch (test.what) {
    case op::any_of:
      return std::any_of(operands.begin(), operands.end(), holds_here);
    case op::all_of:
      return std::all_of(operands.begin(), operands.end(), holds_here);
    case op::negation:
      return !holds(operands[0], current);
    case op::exists:
      return !nodes(operands[0], current).empty();
    case op::match:
    case op::search:
      return matches_pattern(test, current);
    default:
      return compare(test.what, value(operands[0], current), value(operands[1], current));
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  matches nodes(const filter_expression& query, node current) {
    return run(*query.query, query.query->relative ? current : root_);
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  path_value value(const filter_expression& of, node current) {
    switch (of.what) {
    case op::null:
      return path_value::null();
    case op::boolean:
      return path_value::of(of.boolean);
    case op::number:
      return path_value::of(of.number);
    case op::text:
      return path_value::of(std::string_view{of.text});
    case op::length:
      return length_of(value(of.operands[0], current));
    case op::count:
      return path_value::of(static_cast<double>(nodes(of.operands[0], current).size()));
    case op::value: {
      const auto found = nodes(of.operands[0], current);
      return found.size() == 1 ? path_value::of(found[0].value) : path_value{};
    }
    default: {
      const auto found = nodes(of, current);
      return found.empty() ? path_value{} : path_value::of(found[0].value);
    }
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  bool matches_pattern(const filter_expression& test, node current) {
    const auto text = value(test.operands[0], current).text();
    if (!text) return false;
    const auto apply = [&](const i_regexp& pattern) {
      steps_ += text->size() * pattern.size() / 8; // each is a fraction of looking at a node
      exceeded_ = exceeded_ || steps_ > limits_.steps;
      if (exceeded_) return false;
      return test.what == op::match ? pattern.matches(*text) : pattern.finds(*text);
    };
    if (test.pattern) return apply(*test.pattern);
    const auto written = value(test.operands[1], current).text();
    const auto pattern = written ? i_regexp::parse(*written) : std::nullopt;
    return pattern && apply(*pattern);
  }

  node root_;
  const json_path_limits& limits_;
  std::size_t steps_ = 0;
  bool exceeded_ = false;
};

} // namespace

result<json_path> json_path::parse(std::string_view text) {
  auto query = parse_json_path(text);
  if (!query) return tl::unexpected{std::move(query.error())};
  return json_path{std::make_shared<const json_path_query>(std::move(*query))};
}

result<std::vector<path_match>> json_path::select(node root, const json_path_limits& limits) const {
  evaluation run{root, limits};
  auto found = run.run(*query_, root);
  if (run.exceeded() || found.size() > limits.matches)
    return fail(errc::limit_exceeded, "the path takes more than " + std::to_string(limits.steps) +
                                          " steps or selects more than " +
                                          std::to_string(limits.matches) + " nodes");
  return found;
}

std::string pointer_to(node root, const path_match& match) {
  std::string pointer;
  for (auto at = root; const auto index : match.path) {
    append_token(pointer, at.is_object() ? std::string{at[index].key()} : std::to_string(index));
    at = at[index];
  }
  return pointer;
}

} // namespace apisync::specs
