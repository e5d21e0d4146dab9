// The part of schema_judge that compares allOf, anyOf and oneOf.
#include "specs/compat_schema.hpp"
#include "specs/compat_types.hpp"
#include "specs/identity_match.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace apisync::specs {

namespace {

/// Words that say nothing about which values are valid.
constexpr std::array annotation_words{
    std::string_view{"title"},    std::string_view{"description"}, std::string_view{"example"},
    std::string_view{"examples"}, std::string_view{"deprecated"},  std::string_view{"default"},
    std::string_view{"readOnly"}, std::string_view{"writeOnly"},   std::string_view{"externalDocs"},
    std::string_view{"$comment"}, std::string_view{"xml"},
};

bool is_annotation(node member) {
  return member.key().starts_with("x-") ||
         std::find(annotation_words.begin(), annotation_words.end(), member.key()) !=
             annotation_words.end();
}

bool only_annotations(node schema) {
  return std::all_of(schema.begin(), schema.end(), is_annotation);
}

} // namespace

void schema_judge::branches(const pair_context& at) {
  const bool as_types =
      types_of(at.places.before.value).by_branches || types_of(at.places.after.value).by_branches;
  for (const auto& [word, slug] :
       {std::pair{"allOf", "all-of"}, std::pair{"anyOf", "any-of"}, std::pair{"oneOf", "one-of"}}) {
    const auto both = at.places.member(word);
    if (!both.before && !both.after) continue;
    if (as_types && std::string_view{word} != "allOf") continue; // told as types
    std::vector<spot> gone;
    std::vector<spot> fresh;
    for (const auto& row :
         match_elements(place::schema_list, {both.before.value, both.after.value, {}}, {})) {
      const auto was = row.in(0) ? both.before.element(row.index[0]) : spot{};
      const auto is = row.in(1) ? both.after.element(row.index[1]) : spot{};
      if (was && is)
        compare({was, is}, inner_role(at.role), at.depth + 1);
      else
        (was ? gone : fresh).push_back(was ? was : is);
    }
    for (const auto& was : gone) {
      const auto moved = std::find_if(fresh.begin(), fresh.end(), [&](const spot& is) {
        return same_but_annotations(was, is);
      });
      if (moved == fresh.end())
        branch_alone(at, slug, was, {});
      else
        fresh.erase(moved);
    }
    for (const auto& is : fresh)
      branch_alone(at, slug, {}, is);
  }
}

/// A branch that was put into a shared schema, or taken from one, is the same branch.
bool schema_judge::same_but_annotations(const spot& before, const spot& after) const {
  const auto was = resolve(graph_.before(), before);
  const auto is = resolve(graph_.after(), after);
  if (!was || !is) return false;
  const auto old_title = was.value.find("title");
  const auto new_title = is.value.find("title");
  if (old_title && new_title && !same_content(old_title, new_title)) return false;
  const auto covers = [](node a, node b) {
    return std::all_of(a.begin(), a.end(), [&](node member) {
      const auto other = b.find(member.key());
      return is_annotation(member) || (other && same_content(member, other));
    });
  };
  return covers(was.value, is.value) && covers(is.value, was.value);
}

void schema_judge::branch_alone(const pair_context& at, const std::string& slug, const spot& before,
                                const spot& after) {
  const auto branch = after ? resolve(graph_.after(), after) : resolve(graph_.before(), before);
  const bool silent = slug == "all-of" && branch && only_annotations(branch.value);
  tell_keyword(at, slug + (after ? "-added" : "-removed") + (silent ? "-annotation-only" : ""),
               before, after);
}

} // namespace apisync::specs
