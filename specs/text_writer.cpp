#include "specs/text_writer.hpp"

#include "specs/print.hpp"
#include "specs/text_align.hpp"

#include <algorithm>

namespace apisync::specs {

std::optional<std::string> text_writer::write(node old, node now) {
  const auto root = make_plan({old, 0, 0}, now, donors_);
  if (!root) return std::nullopt;
  out_.reserve(source_.text.size() + source_.text.size() / 16);
  copy(0, root->parts.layout.begin);
  container(*root);
  copy(root->parts.layout.end, source_.text.size());
  return std::move(out_);
}

/// Nothing where the value has to be replaced as a whole.
std::optional<text_writer::plan> text_writer::make_plan(const written_value& old, node now,
                                                        const std::vector<donor_value>& donors) {
  if (care_.print_whole.contains(old.span) || old.value.kind() != now.kind() || now.size() == 0)
    return std::nullopt;
  auto parts = find_children(source_, old);
  if (!parts) return std::nullopt;
  plan made;
  made.span = old.span;
  made.old = old.value;
  made.now = now;
  made.parts = std::move(*parts);
  made.partner = partners_for_text(old.value, now);
  if (!fits(made)) return std::nullopt;
  made.donors = open(donors, now);
  if (made.parts.layout.flow) {
    made.usual_gap = gap_in_flow(made.parts);
    const auto line = made.usual_gap.rfind('\n');
    if (line != std::string::npos) made.margin = made.usual_gap.substr(line + 1);
  } else {
    made.margin.assign(made.parts.layout.column, ' ');
  }
  return made;
}

/// What a merge key brings must stay as it is, and a name given twice must not come to light.
bool text_writer::fits(const plan& p) const {
  const auto& parts = p.parts;
  const bool untidy = !parts.all_written || std::count(parts.child.begin(), parts.child.end(),
                                                       written_children::elsewhere) != 0;
  if (!untidy) return true;
  if (parts.layout.flow) return false;
  std::vector<bool> kept(p.old.size(), false);
  for (std::size_t j = 0; j < p.now.size(); ++j) {
    const auto i = p.partner[j];
    if (i == no_partner) continue;
    kept[i] = p.old[i].key() == p.now[j].key();
    if (parts.written[i] == written_children::elsewhere &&
        !(kept[i] && same_print(p.old[i], p.now[j])))
      return false;
  }
  for (std::size_t w = 0; w < parts.child.size(); ++w) {
    if (parts.child[w] != written_children::elsewhere) continue;
    const auto& c = parts.layout.children[w];
    const auto& name = source_.map.spans[first_span(c)];
    const bool merges = text(name.begin, name.end) == "<<";
    if (!aliases_hold(first_span(c), source_.map.spans[c.value].next)) return false;
    if (!merges && std::count(kept.begin(), kept.end(), false) != 0) return false;
  }
  for (std::size_t i = 0; i < p.old.size(); ++i)
    if (!kept[i] && parts.written[i] == written_children::elsewhere) return false;
  return true;
}

std::vector<text_writer::open_donor> text_writer::open(const std::vector<donor_value>& donors,
                                                       node now) const {
  std::vector<open_donor> opened;
  for (const auto& donor : donors) {
    if (donor.at.value.kind() != now.kind()) continue;
    auto parts = find_children(*donor.from, donor.at);
    if (!parts) continue;
    opened.push_back(
        {donor.from, donor.at.value, std::move(*parts), partners_for_text(donor.at.value, now)});
  }
  return opened;
}

std::vector<donor_value> text_writer::donors_of(const plan& p, std::size_t child) {
  std::vector<donor_value> inner;
  for (const auto& donor : p.donors) {
    const auto theirs = donor.partner[child];
    if (theirs == no_partner) continue;
    if (const auto at = donor.parts.value_of(donor.value, theirs))
      inner.push_back({donor.from, at});
  }
  return inner;
}

/// The first donor that has exactly what is wanted.
text_writer::found_donor text_writer::donor_of(const plan& p, std::size_t child) const {
  for (const auto& donor : p.donors) {
    const auto theirs = donor.partner[child];
    if (theirs == no_partner || donor.parts.written[theirs] == written_children::elsewhere)
      continue;
    const auto& written = donor.parts.layout.children[donor.parts.written[theirs]];
    const auto& map = donor.from->map;
    if (donor.value[theirs].key() == p.now[child].key() &&
        same_print(donor.value[theirs], p.now[child]) &&
        names_fit(map, first_span(written), map.spans[written.value].next))
      return {&donor, &written};
  }
  return {};
}

/// The anchors of another text are new here, and its aliases name something that was written: what
/// it is comes out when the result is read.
bool text_writer::names_fit(const source_map& theirs, std::uint32_t from, std::uint32_t to) const {
  if (!theirs.has_anchor(from, to) && !theirs.has_alias(from, to)) return true;
  if (care_.no_names) return false;
  const auto& ours = source_.map.anchors;
  const auto taken = [&](std::string_view name) {
    return names_taken_.contains(name) ||
           std::any_of(ours.begin(), ours.end(), [&](const auto& one) { return one.name == name; });
  };
  for (const auto& anchor : theirs.anchors)
    if (anchor.span >= from && anchor.span < to && taken(anchor.name)) return false;
  for (const auto& alias : theirs.aliases) {
    if (alias.span < from || alias.span >= to || alias.target >= from) continue;
    const auto name = theirs.name_of(alias.target);
    if (!named_last_.contains(name) && !names_taken_.contains(name)) return false;
  }
  return true;
}

/// Keeps in mind the anchors that were copied.
void text_writer::take_names(const found_donor& found) {
  const auto& map = found.donor->from->map;
  const auto from = first_span(*found.child);
  const auto to = map.spans[found.child->value].next;
  took_names_ |= map.has_anchor(from, to) || map.has_alias(from, to);
  for (const auto& anchor : map.anchors)
    if (anchor.span >= from && anchor.span < to) names_taken_.insert(anchor.name);
}

void text_writer::container(const plan& p) {
  const auto begin = out_.size();
  change_anchor(p.span, p.now);
  if (p.parts.layout.flow)
    flow(p);
  else
    block(p);
  patches_.push_back({begin, out_.size(), p.span});
}

/// A child that the old text has: copied, or its name and what is in it written over.
void text_writer::old_child(const plan& p, const written_child& c, std::size_t old,
                            std::size_t now) {
  const auto& spans = source_.map.spans;
  const auto& value = spans[c.value];
  const auto before = p.old[old];
  const auto after = p.now[now];
  const bool renamed = before.key() != after.key();
  const bool named = c.name != written_child::no_name;
  const bool same = same_print(before, after) && aliases_hold(c.value, value.next);
  if (same && !renamed) {
    pass_anchors(first_span(c), value.next);
    return copy(c.begin, c.end);
  }
  if (named) copy(c.begin, spans[c.name].begin);
  if (renamed && source_.style.format == syntax::json)
    append_json_string(out_, after.key());
  else if (renamed)
    append_yaml_scalar(out_, after.key(), quotes_of(p, true), source_.style.quote,
                       p.parts.layout.flow);
  else if (named)
    copy(spans[c.name].begin, spans[c.name].end);
  const auto from = named ? spans[c.name].end : c.begin;
  if (same || (value.style == spelling::alias && alias_holds(c.value, after))) {
    pass_anchors(c.value, value.next);
    return copy(from, c.end);
  }
  if (const auto inner = make_plan({before, c.value, c.after}, after, donors_of(p, now))) {
    copy(from, inner->parts.layout.begin);
    container(*inner);
    return copy(inner->parts.layout.end, c.end);
  }
  copy(from, c.after);
  if (p.parts.layout.flow)
    replace_in_flow(p, c, now);
  else
    replace_in_block(p, c, now);
}

// -- anchors and aliases ------------------------------------------------------

/// Every alias in these spans still means what it meant.
bool text_writer::aliases_hold(std::uint32_t from, std::uint32_t to) const {
  const auto& aliases = source_.map.aliases;
  auto alias = std::partition_point(aliases.begin(), aliases.end(),
                                    [&](const auto& one) { return one.span < from; });
  for (; alias != aliases.end() && alias->span < to; ++alias) {
    if (alias->target >= from) continue; // the anchor comes with it
    const auto* anchor = in_force(alias->target);
    if (anchor == nullptr || anchor->changed) return false;
  }
  return true;
}

/// An alias can stay for another value than before: that which its anchor now has.
bool text_writer::alias_holds(std::uint32_t span, node now) const {
  const auto* anchor = in_force(source_.map.target_of(span));
  return anchor != nullptr && anchor->changed && same_print(anchor->now, now);
}

/// What an anchor stands for, if it has been written and no other of its name since.
const text_writer::anchored* text_writer::in_force(std::uint32_t anchor) const {
  const auto known = anchors_.find(anchor);
  if (known == anchors_.end()) return nullptr;
  const auto last = named_last_.find(known->second.name);
  return last != named_last_.end() && last->second == anchor ? &known->second : nullptr;
}

void text_writer::pass_anchors(std::uint32_t from, std::uint32_t to) {
  const auto& anchors = source_.map.anchors;
  auto anchor = std::partition_point(anchors.begin(), anchors.end(),
                                     [&](const auto& one) { return one.span < from; });
  for (; anchor != anchors.end() && anchor->span < to; ++anchor) {
    anchors_[anchor->span] = {anchor->name, false, {}};
    named_last_[anchor->name] = anchor->span;
  }
}

void text_writer::change_anchor(std::uint32_t span, node now) {
  if (!source_.map.has_anchor(span, span + 1)) return;
  pass_anchors(span, span + 1);
  anchors_[span].changed = true;
  anchors_[span].now = now;
}

} // namespace apisync::specs
