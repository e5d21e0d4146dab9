#include "specs/reach.hpp"

#include "specs/pointer.hpp"

#include <algorithm>

namespace apisync::specs {

namespace {

constexpr int hops_max = 32;

std::string without_percent(std::string_view text) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9'                 ? c - '0'
           : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                : -1;
  };
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 &&
        digit(text[i + 2]) >= 0) {
      plain += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

} // namespace

spot spot::member(std::string_view name) const {
  const auto found = value.find(name);
  if (!found) return {};
  spot made{found, pointer};
  append_token(made.pointer, name);
  return made;
}

spot spot::element(std::size_t index) const {
  spot made{value[index], pointer};
  append_token(made.pointer, std::to_string(index));
  return made;
}

spot spot::child(std::size_t index) const {
  if (!value.is_object()) return element(index);
  spot made{value[index], pointer};
  append_token(made.pointer, made.value.key());
  return made;
}

spot resolve(const document& in, spot from) {
  for (int hop = 0; hop < hops_max; ++hop) {
    const auto reference = from.value.find("$ref");
    if (!reference.is_string()) return from;
    if (!reference.text().starts_with('#')) return {};
    auto pointer = std::string{reference.text().substr(1)};
    if (pointer.find('%') != pointer.npos) pointer = without_percent(pointer);
    from = {in.at(pointer), pointer};
    if (!from) return {};
  }
  return {};
}

spot_pair resolve(unit_graph& graph, const spot_pair& from) {
  const auto follow = [&](const document& in, const spot& part) {
    if (!part) return part;
    auto found = resolve(in, part);
    if (!found)
      graph.skip(part, "the reference " + std::string{part.value.find("$ref").text()} +
                           " leads outside the document, nowhere, or in a circle");
    return found;
  };
  return {follow(graph.before(), from.before), follow(graph.after(), from.after)};
}

direction direction_of(subject of) {
  switch (of) {
  case subject::request_body:
  case subject::request_property:
  case subject::parameter:
  case subject::parameter_property:
  case subject::header_parameter:
  case subject::header_parameter_property:
    return direction::request;
  case subject::response_body:
  case subject::response_property:
  case subject::response_header:
    return direction::response;
  }
  return direction::none;
}

schema_role inner_role(const schema_role& of) {
  auto inner = of;
  inner.required = false;
  inner.repeatable = false;
  switch (of.of) {
  case subject::request_body:
  case subject::request_property:
    inner.of = subject::request_property;
    break;
  case subject::response_body:
  case subject::response_property:
  case subject::response_header:
    inner.of = subject::response_property;
    break;
  case subject::parameter:
  case subject::parameter_property:
    inner.of = subject::parameter_property;
    break;
  case subject::header_parameter:
  case subject::header_parameter_property:
    inner.of = subject::header_parameter_property;
    break;
  }
  return inner;
}

bool is_parameter(subject of) {
  return of == subject::parameter || of == subject::parameter_property ||
         of == subject::header_parameter || of == subject::header_parameter_property;
}

unit_graph::unit_graph(const document& before, const document& after, const compat_options& options)
    : before_{before}, after_{after}, options_{options}, today_{day_of(options.as_of)} {
  find_touched();
}

/// A shared part is touched where it differs, or refers to one that is: a fixed point over the new
/// version's references, since parts with the same content refer to the same.
void unit_graph::find_touched() {
  std::unordered_map<std::uint64_t, std::vector<std::uint64_t>> used_by;
  std::vector<std::uint64_t> pending;
  std::unordered_set<std::uint64_t> seen;
  const auto look_at = [&](node reference) {
    if (!seen.insert(reference.hash()).second) return false;
    const auto target = reference.text();
    if (!target.starts_with('#')) { // who knows
      pending.push_back(reference.hash());
      return false;
    }
    const auto old_part = before_.at(target.substr(1));
    const auto new_part = after_.at(target.substr(1));
    if (!old_part || !new_part || !same_content(old_part, new_part))
      pending.push_back(reference.hash());
    else
      new_part.any_reference([&](node use) {
        used_by[use.hash()].push_back(reference.hash());
        return false;
      });
    return false;
  };
  before_.root().any_reference(look_at);
  after_.root().any_reference(look_at);
  while (!pending.empty()) {
    const auto target = pending.back();
    pending.pop_back();
    if (!touched_.insert(target).second) continue;
    for (const auto user : used_by[target])
      pending.push_back(user);
  }
}

bool unit_graph::untouched(node before, node after) const {
  return same_content(before, after) && !touched_.contains(before.hash());
}

bool unit_graph::untouched_within(node before, node after) const {
  return same_content(before, after) &&
         !after.any_reference([&](node reference) { return touched_.contains(reference.hash()); });
}

std::size_t unit_graph::add_operation(spot_pair places) {
  auto& made = units_.emplace_back();
  made.places = std::move(places);
  made.is_operation = true;
  return units_.size() - 1;
}

std::size_t unit_graph::shared(const spot_pair& places, const schema_role& role) {
  auto question = std::to_string(static_cast<int>(role.of) * 8 + (role.repeatable ? 4 : 0) +
                                 (role.textual ? 2 : 0) + (role.required ? 1 : 0)) +
                  ' ' + std::to_string(role.notice_days) + places.before.pointer + '\n' +
                  places.after.pointer;
  const auto [known, fresh] = by_question_.try_emplace(std::move(question), units_.size());
  if (fresh) {
    auto& made = units_.emplace_back();
    made.places = places;
    made.role = role;
    made.way = direction_of(role.of);
  }
  return known->second;
}

std::vector<std::size_t> unit_graph::reached_from(std::size_t index) const {
  std::vector<std::size_t> order{index};
  std::vector<bool> seen(units_.size());
  seen[index] = true;
  for (std::size_t next = 0; next < order.size(); ++next)
    for (const auto further : units_[order[next]].refers_to)
      if (!seen[further]) {
        seen[further] = true;
        order.push_back(further);
      }
  return order;
}

} // namespace apisync::specs
