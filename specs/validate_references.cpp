#include "specs/openapi_roles.hpp"
#include "specs/pointer.hpp"
#include "specs/references.hpp"
#include "specs/validate_findings.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace apisync::specs {

namespace {

struct section {
  std::string_view start; ///< Of references to what it holds.
  role holds;
};

constexpr std::array sections{
    section{"#/components/schemas/", role::schema},
    section{"#/components/responses/", role::response},
    section{"#/components/parameters/", role::parameter},
    section{"#/components/headers/", role::parameter},
    section{"#/components/examples/", role::example},
    section{"#/components/requestBodies/", role::request_body},
    section{"#/components/links/", role::link},
    section{"#/components/callbacks/", role::callback},
    section{"#/components/pathItems/", role::path_item},
    section{"#/components/mediaTypes/", role::media_type},
    section{"#/definitions/", role::schema},
    section{"#/parameters/", role::parameter},
    section{"#/responses/", role::response},
};

/// The section that a reference names an entry of; null for one that leads elsewhere or deeper.
const section* section_of(std::string_view target) {
  for (const auto& candidate : sections)
    if (target.starts_with(candidate.start) &&
        target.find('/', candidate.start.size()) == std::string_view::npos)
      return &candidate;
  return nullptr;
}

bool goes_in_a_circle(const document& doc, node start) {
  constexpr std::size_t longest = 1000;
  std::unordered_set<std::string_view> passed;
  for (std::size_t hops = 0; hops < longest; ++hops) {
    const auto target = start.find("$ref");
    if (!target.is_string()) return false;
    if (!passed.insert(target.text()).second) return true;
    start = resolve_reference(doc, target.text());
  }
  return true;
}

/// Names that references may have as a fragment in 3.1 and later: `#name`.
std::unordered_set<std::string_view> anchors_of(const document& doc) {
  std::unordered_set<std::string_view> names;
  for_each_place(doc, [&](const std::string&, node value, role place) {
    if (place != role::schema) return;
    for (const auto* const keyword : {"$anchor", "$dynamicAnchor"})
      if (const auto name = value.find(keyword); name.is_string()) names.insert(name.text());
  });
  return names;
}

bool is_anchor(std::string_view target) {
  return target.size() > 1 && target[0] == '#' && target[1] != '/';
}

void check_anchors(const document& doc, const std::vector<reference>& all, finding_list& found) {
  const bool any = std::any_of(all.begin(), all.end(),
                               [](const reference& one) { return is_anchor(one.target); });
  if (!any) return;
  const auto anchors = anchors_of(doc);
  for (const auto& one : all)
    if (is_anchor(one.target) && !anchors.contains(one.target.substr(1)))
      found.error("dangling-reference", one.pointer + "/$ref", one.holder.find("$ref"),
                  {"the reference " + quoted(one.target) + " names no '$anchor' of this document",
                   "correct it; a reference to a place begins with #/"});
}

void check_target(const document& doc, const reference& one, role place, finding_list& found) {
  const auto at = one.holder.find("$ref");
  const auto* const into = section_of(one.target);
  if (into != nullptr && into->holds != place)
    found.error("reference-to-other-part", one.pointer + "/$ref", at,
                {"the reference " + quoted(one.target) + " leads to a part of another kind",
                 "refer to a part of the kind that belongs here"});
  else if (goes_in_a_circle(doc, one.holder))
    found.error("circular-reference", one.pointer + "/$ref", at,
                {"the reference " + quoted(one.target) +
                     " goes round in a circle of nothing but references",
                 "give one of them a content"});
}

} // namespace

void check_references(const document& doc, finding_list& found) {
  std::vector<reference> all;
  for_each_place(doc, [&](const std::string& pointer, node value, role place) {
    if (!can_refer(place)) return;
    const auto target = value.find("$ref");
    if (!target.is_string()) return;
    all.push_back({pointer, target.text(), value});
    const auto& one = all.back();
    const bool inside = one.target == "#" || one.target.starts_with("#/");
    if (inside && !resolve_reference(doc, one.target))
      found.error("dangling-reference", pointer + "/$ref", target,
                  {"the reference " + quoted(one.target) + " leads nowhere",
                   "correct it, or add what it names"});
    else if (inside)
      check_target(doc, one, place, found);
  });
  check_anchors(doc, all, found);
}

} // namespace apisync::specs
