#include "specs/print.hpp"
#include "specs/text_align.hpp"
#include "specs/text_scalar.hpp"
#include "specs/text_writer.hpp"

namespace apisync::specs {

void text_writer::flow(const plan& p) {
  const auto& children = p.parts.layout.children;
  const auto lead = text(children.front().gap, children.front().begin);
  for (std::size_t j = 0; j < p.now.size(); ++j) {
    const auto i = p.partner[j];
    const auto at = i == no_partner ? written_children::elsewhere : p.parts.written[i];
    if (j == 0)
      out_ += lead;
    else if (at == written_children::elsewhere || at == 0)
      out_ += p.usual_gap;
    else
      copy(children[at].gap, children[at].begin);
    if (i == no_partner)
      add_to_flow(p, j);
    else
      old_child(p, children[at], i, j);
  }
}

/// What separates two children: as between the first two, else as before the only one.
std::string text_writer::gap_in_flow(const written_children& parts) const {
  const auto& children = parts.layout.children;
  for (std::size_t w = 1; w < children.size(); ++w) {
    const auto gap = text(children[w].gap, children[w].begin);
    if (gap.find('#') == gap.npos) return std::string{gap};
  }
  const auto lead = text(children.front().gap, children.front().begin);
  if (lead.find('\n') != lead.npos && lead.find('#') == lead.npos) return ',' + std::string{lead};
  return source_.style.comma;
}

void text_writer::add_to_flow(const plan& p, std::size_t child) {
  const auto value = p.now[child];
  if (const auto donor = donor_of(p, child); donor && donor.donor->parts.layout.flow) {
    const auto& c = *donor.child;
    const auto from = donor.donor->from->text;
    if (auto words = shifted(from.substr(c.begin, c.end - c.begin), margin_at(from, c.begin),
                             margin_of(p), source_.style.line_end)) {
      out_ += *words;
      return take_names(donor);
    }
  }
  const bool json = source_.style.format == syntax::json;
  if (p.now.is_object()) {
    if (json)
      append_json_string(out_, value.key());
    else
      append_yaml_scalar(out_, value.key(), quotes_of(p, true), source_.style.quote, true);
    out_ += json ? source_.style.colon : ": ";
  }
  write_in_flow(p, value);
}

void text_writer::replace_in_flow(const plan& p, const written_child& c, std::size_t child) {
  const auto& span = source_.map.spans[c.value];
  if (span.begin > c.after)
    copy(c.after, span.begin);
  else if (c.name != written_child::no_name && source_.style.format == syntax::yaml)
    out_ += ' ';
  const auto value = p.now[child];
  const auto donor = donor_of(p, child);
  if (donor && donor.donor->parts.layout.flow) {
    const auto from = donor.donor->from->text;
    const auto& theirs = donor.donor->from->map.spans[donor.child->value];
    if (auto words =
            shifted(from.substr(theirs.begin, theirs.end - theirs.begin),
                    margin_at(from, donor.child->begin), margin_of(p), source_.style.line_end);
        words && !words->empty()) {
      out_ += *words;
      take_names(donor);
      return copy(span.end, c.end);
    }
  }
  if (source_.style.format == syntax::yaml && value.size() == 0)
    append_word(out_, value, span.style, source_.style, true);
  else
    write_in_flow(p, value);
  copy(span.end, c.end);
}

void text_writer::write_in_flow(const plan& p, node value) {
  if (source_.style.format == syntax::yaml) return append_flow(out_, value, source_.style);
  if (p.usual_gap.find('\n') != std::string::npos)
    return append_json(out_, value, p.margin, source_.style);
  auto inline_style = source_.style;
  inline_style.lines = false;
  inline_style.comma = p.usual_gap;
  append_json(out_, value, {}, inline_style);
}

/// The white space that the line of a place begins with.
std::string_view text_writer::margin_at(std::string_view text, std::size_t at) {
  const auto line = text.rfind('\n', at);
  const auto start = line == text.npos ? 0 : line + 1;
  const auto end = text.find_first_not_of(" \t", start);
  return text.substr(start, end - start);
}

/// The white space that the lines of a container's children begin with.
std::string_view text_writer::margin_of(const plan& p) const {
  return margin_at(source_.text, p.parts.layout.children.front().begin);
}

} // namespace apisync::specs
