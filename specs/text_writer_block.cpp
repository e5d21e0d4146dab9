#include "specs/text_align.hpp"
#include "specs/text_scalar.hpp"
#include "specs/text_writer.hpp"

#include <algorithm>

namespace apisync::specs {

void text_writer::block(const plan& p) {
  const auto& children = p.parts.layout.children;
  std::vector<bool> kept(p.old.size(), false);
  for (const auto i : p.partner)
    if (i != no_partner) kept[i] = true;
  std::size_t passed = 0; // written children that have had their turn
  bool first = true;
  const auto pass_to = [&](std::size_t end) {
    for (; passed < end; ++passed) {
      const auto child = p.parts.child[passed];
      if (child == written_children::elsewhere) { // a merge key, or a name given again below
        block_gap(p, passed, first);
        pass_anchors(first_span(children[passed]), source_.map.spans[children[passed].value].next);
        copy(children[passed].begin, children[passed].end);
        first = false;
      } else if (!kept[child] && !(first && p.parts.layout.on_the_line)) {
        leave_comments(children[passed]);
      }
    }
  };
  for (std::size_t j = 0; j < p.now.size(); ++j) {
    const auto i = p.partner[j];
    if (i == no_partner) {
      add_to_block(p, j, first);
    } else {
      const auto at = p.parts.written[i];
      if (at == written_children::elsewhere) continue;
      pass_to(at);
      block_gap(p, at, first);
      old_child(p, children[at], i, j);
      passed = std::max(passed, at + 1);
    }
    first = false;
  }
  pass_to(children.size());
}

void text_writer::block_gap(const plan& p, std::size_t written, bool first) {
  const auto& c = p.parts.layout.children[written];
  const auto gap = text(c.gap, c.begin);
  if (first && p.parts.layout.on_the_line) {
    const auto above = gap.substr(attached_comments(gap));
    if (above.find('#') != above.npos) out_ += above.substr(above.find('#'));
    return;
  }
  if (gap.find('\n') == gap.npos)
    out_.append(source_.style.line_end).append(p.margin);
  else
    out_ += first && written != 0 ? gap.substr(attached_comments(gap)) : gap;
}

/// Comments above a removed child go with it, but not those that a blank line sets apart.
void text_writer::leave_comments(const written_child& removed) {
  const auto gap = text(removed.gap, removed.begin);
  auto apart = gap.substr(0, attached_comments(gap));
  if (apart.find('#') == apart.npos) return;
  apart = apart.substr(0, apart.find_last_not_of(" \t\r\n") + 1);
  out_ += apart;
}

void text_writer::add_to_block(const plan& p, std::size_t child, bool first) {
  const auto& style = source_.style;
  const auto column = p.parts.layout.column;
  if (const auto donor = donor_of(p, child); donor && !donor.donor->parts.layout.flow) {
    const auto& c = *donor.child;
    const std::string margin(donor.donor->parts.layout.column, ' ');
    auto gap = donor.donor->from->text.substr(c.gap, c.begin - c.gap);
    if (gap.find('\n') == gap.npos) gap = {};
    if (first) gap.remove_prefix(std::min(gap.size(), attached_comments(gap)));
    auto above = shifted(gap, margin, p.margin, style.line_end);
    auto words = shifted(donor.donor->from->text.substr(c.begin, c.end - c.begin), margin, p.margin,
                         style.line_end);
    if (above && words) {
      if (above->empty()) *above = style.line_end + p.margin;
      if (!first || !p.parts.layout.on_the_line) out_ += *above;
      out_ += *words;
      return take_names(donor);
    }
  }
  if (!first || !p.parts.layout.on_the_line) {
    out_ += style.line_end;
    if (!first && mostly_apart(p)) out_ += style.line_end;
    out_ += p.margin;
  }
  const auto value = p.now[child];
  if (p.now.is_object())
    write_name(p, value.key());
  else
    out_ += '-';
  const bool on_one_line = value.is_string() && value.text().find('\n') == std::string_view::npos;
  if (!on_one_line) return append_block_value(out_, value, column, p.now.is_object(), style);
  out_ += ' ';
  append_yaml_scalar(out_, value.text(), quotes_of(p, false), style.quote, false);
}

void text_writer::write_name(const plan& p, std::string_view name) {
  const auto quotes = quotes_of(p, true);
  if (quotes == scalar_quotes::only_needed)
    return append_block_name(out_, name, p.parts.layout.column, source_.style);
  append_yaml_scalar(out_, name, quotes, source_.style.quote, false);
  out_ += ':';
}

/// Most children have a blank line between them.
bool text_writer::mostly_apart(const plan& p) const {
  std::size_t apart = 0;
  const auto& children = p.parts.layout.children;
  for (std::size_t w = 1; w < children.size(); ++w) {
    const auto gap = text(children[w].gap, children[w].begin);
    apart += attached_comments(gap) > 0 ? 1 : 0;
  }
  return 2 * apart > children.size() - 1;
}

/// How names, or strings, are quoted that need no quotes: as the first such one among the siblings.
scalar_quotes text_writer::quotes_of(const plan& p, bool names) const {
  for (const auto& c : p.parts.layout.children) {
    if (names && c.name == written_child::no_name) break;
    const auto& span = source_.map.spans[names ? c.name : c.value];
    const bool single = span.style == spelling::single_quoted;
    if ((!single && span.style != spelling::double_quoted) || span.end - span.begin < 3) continue;
    const char start = source_.text[span.begin + 1];
    if ((start >= 'a' && start <= 'z') || (start >= 'A' && start <= 'Z') || start == '/')
      return single ? scalar_quotes::always_single : scalar_quotes::always_double;
  }
  return scalar_quotes::only_needed;
}

/// The comment that stands at the end of the line of a name or dash.
std::string_view text_writer::comment_behind(const written_child& c) const {
  const auto& value = source_.map.spans[c.value];
  auto from = std::size_t{c.after};
  const auto written = text(value.begin, value.end);
  const bool block = value.style == spelling::literal || value.style == spelling::folded;
  if (written.find('\n') == written.npos && text(c.after, value.begin).find('\n') == written.npos)
    from = value.end;
  else if (!block && text(c.after, value.begin).find('\n') == written.npos)
    return {}; // the value goes on in other lines
  auto line = text(from, std::min<std::size_t>(c.end, source_.text.find('\n', from)));
  if (line.ends_with('\r')) line.remove_suffix(1);
  const auto mark = line.find(" #");
  return mark == line.npos ? std::string_view{} : line.substr(mark);
}

/// Writes another value behind the colon or dash.
void text_writer::replace_in_block(const plan& p, const written_child& c, std::size_t child) {
  const auto& style = source_.style;
  const auto& span = source_.map.spans[c.value];
  const auto value = p.now[child];
  const bool named = p.now.is_object();
  const bool one_line = text(c.after, span.end).find('\n') == std::string_view::npos;
  const auto comment = comment_behind(c);
  std::string words; // behind a space
  if (const auto donor = donor_of(p, child)) {
    if (take_from_donor(p, c, donor)) return;
  }
  if (value.is_string() && (span.style == spelling::literal || span.style == spelling::folded))
    if (auto kept = respelled_block(text(span.begin, span.end), value.text(), style.line_end)) {
      copy(c.after, span.begin);
      out_ += *kept;
      return;
    }
  const bool many_lines =
      value.size() > 0 || (value.is_string() && fits_literal_block(value.text()));
  if (!many_lines) {
    if (one_line && span.end > span.begin)
      copy(c.after, span.begin);
    else
      out_ += ' ';
    append_word(out_, value, span.style, style, false);
    if (one_line)
      copy(span.end, c.end);
    else
      out_ += comment;
    return;
  }
  std::string printed;
  append_block_value(printed, value, p.parts.layout.column, named, style);
  // A comment can stand behind the header of a block, but not behind a dash with its first member.
  const auto line = named || value.size() == 0 ? printed.find(style.line_end) : printed.npos;
  if (line != printed.npos) printed.insert(line, comment);
  out_ += printed;
}

/// Takes another text's words for a value; false where they do not fit in here.
bool text_writer::take_from_donor(const plan& p, const written_child& c, const found_donor& found) {
  const auto& [donor, theirs] = found;
  const auto& their_span = donor->from->map.spans[theirs->value];
  const auto& our_span = source_.map.spans[c.value];
  const auto their_text = donor->from->text;
  const auto words = their_text.substr(their_span.begin, their_span.end - their_span.begin);
  const bool one_line = words.find('\n') == words.npos && !their_span.is_container();
  const bool ours_one_line = text(c.after, our_span.end).find('\n') == std::string_view::npos;
  if (one_line && ours_one_line && our_span.end > our_span.begin && !words.empty() &&
      (!donor->parts.layout.flow || their_span.style != spelling::plain)) {
    copy(c.after, our_span.begin);
    out_ += words;
    copy(our_span.end, c.end);
    take_names(found);
    return true;
  }
  if (donor->parts.layout.flow) return false;
  const std::string margin(donor->parts.layout.column, ' ');
  const auto moved = shifted(their_text.substr(theirs->after, theirs->end - theirs->after), margin,
                             p.margin, source_.style.line_end);
  if (!moved) return false;
  out_ += *moved;
  take_names(found);
  return true;
}

} // namespace apisync::specs
