// The part of schema_judge that compares what limits values: lists, bounds and patterns.
#include "specs/canonical.hpp"
#include "specs/compat_schema.hpp"

#include <array>
#include <charconv>
#include <set>
#include <string>
#include <string_view>

namespace apisync::specs {

namespace {

struct bound {
  std::string_view keyword;
  std::string_view slug;
  std::string_view unset_value; ///< What no keyword means, where that is a value.
};

constexpr std::array bound_words{
    bound{"maximum", "max", ""},
    bound{"minimum", "min", ""},
    bound{"exclusiveMaximum", "exclusive-max", ""},
    bound{"exclusiveMinimum", "exclusive-min", ""},
    bound{"maxLength", "max-length", ""},
    bound{"minLength", "min-length", "0"},
    bound{"maxItems", "max-items", ""},
    bound{"minItems", "min-items", "0"},
    bound{"maxContains", "max-contains", ""},
    bound{"minContains", "min-contains", ""},
};

double number(node of) {
  double value = 0;
  const auto text = of.text();
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::set<std::string> values_of(node list) {
  std::set<std::string> values;
  for (const auto value : list)
    values.insert(canonical_data(value));
  return values;
}

} // namespace

void schema_judge::values(const pair_context& at) {
  const auto both = at.places.member("enum");
  if (!both.before && both.after.value.is_array()) {
    tell_keyword(at, "became-enum", {}, both.after);
    if (at.role.of == subject::header_parameter_property)
      tell("request-header-property-became-enum", {}, both.after);
  }
  value_list(at, "enum", "enum-value-");
  value_list(at, "x-extensible-enum", "x-extensible-enum-value-");
}

void schema_judge::value_list(const pair_context& at, std::string_view word,
                              std::string_view slug) {
  const auto [before, after] = at.places.member(word);
  const auto told = [&](const spot& from, const spot& other, bool removed) {
    const auto kept = values_of(other.value);
    for (std::size_t i = 0; i < from.value.size(); ++i) {
      if (kept.contains(canonical_data(from.value[i]))) continue;
      const auto value = from.element(i);
      const auto what = std::string{slug} + (removed ? "removed" : "added");
      if (removed && at.role.of == subject::response_body && word == "enum")
        tell("response-mediatype-enum-value-removed", value, {});
      else
        tell_keyword(at, what, removed ? value : spot{}, removed ? spot{} : value);
    }
  };
  told(before, after, true);
  told(after, before, false);
}

void schema_judge::bounds(const pair_context& at) {
  for (const auto& word : bound_words) {
    const auto [before, after] = at.places.member(word.keyword);
    const bool was = before.value.is(kind::number);
    const bool is = after.value.is(kind::number);
    if (!was && !is) continue;
    const auto slug = std::string{word.slug};
    if (was != is && word.unset_value.empty()) {
      tell_keyword(at, slug + (is ? "-set" : "-unset"), before, after);
      continue;
    }
    const auto old_bound = number(before.value);
    const auto new_bound = number(after.value);
    if (old_bound != new_bound)
      tell_keyword(at, slug + (new_bound > old_bound ? "-increased" : "-decreased"), before, after);
  }
}

void schema_judge::pattern(const pair_context& at) {
  const auto [before, after] = at.places.member("pattern");
  if (!before && !after) return;
  if (!before) return void(tell_keyword(at, "pattern-added", before, after));
  if (!after) return void(tell_keyword(at, "pattern-removed", before, after));
  if (same_content(before.value, after.value)) return;
  const auto text = after.value.text();
  const bool anything = text == ".*" || text == "^.*$" || text == "^.*" || text == ".*$";
  if (anything && tell_keyword(at, "pattern-generalized", before, after)) return;
  tell_keyword(at, "pattern-changed", before, after);
}

} // namespace apisync::specs
