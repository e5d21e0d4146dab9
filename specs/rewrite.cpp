#include "specs/rewrite.hpp"

#include "specs/merge_lines.hpp"
#include "specs/print.hpp"
#include "specs/text_align.hpp"
#include "specs/text_writer.hpp"

#include <algorithm>
#include <charconv>

namespace apisync::specs {

namespace {

constexpr std::string_view utf8_mark = "\xEF\xBB\xBF";
constexpr int attempts_max = 8;

std::string_view without_mark(std::string_view text) {
  if (text.starts_with(utf8_mark)) text.remove_prefix(utf8_mark.size());
  return text;
}

std::optional<text_source> open_text(const written_document& from) {
  const auto text = without_mark(from.text);
  auto map = map_source(text, from.format);
  if (!map) return std::nullopt;
  auto style = style_of(text, *map, from.format);
  return text_source{text, std::move(*map), std::move(style)};
}

/// The place in the first two numbers behind the name of a message's `NAME:LINE:COLUMN`.
position place_in(std::string_view where, std::string_view name) {
  position place;
  if (!where.starts_with(name) || where.size() <= name.size()) return place;
  const char* at = where.data() + name.size() + 1;
  const char* end = where.data() + where.size();
  const auto line = std::from_chars(at, end, place.line);
  if (line.ptr != end) std::from_chars(line.ptr + 1, end, place.column);
  return place;
}

/// Where two values first print differently, in the first of them.
node first_difference(node read, node wanted) {
  if (read.kind() != wanted.kind() || read.size() != wanted.size()) return read;
  for (std::size_t i = 0; i < read.size(); ++i) {
    if (read[i].key() != wanted[i].key()) return read[i];
    if (!same_print(read[i], wanted[i])) return first_difference(read[i], wanted[i]);
  }
  return read;
}

/// Reads a result; where it is not what is wanted, the place.
std::optional<position> wrong_place(std::string_view text, const written_document& current,
                                    const document& wanted) {
  parse_options how;
  how.name = "result";
  how.format = current.format == syntax::json ? syntax_choice::json : syntax_choice::yaml;
  how.repeated = repeated_names::keep_last; // they may stand in the current text
  how.max_bytes = std::max(how.max_bytes, text.size());
  how.max_depth = hard_max_depth;
  how.max_nodes = std::max(how.max_nodes, 2 * wanted.node_count());
  how.max_text_bytes = std::max(how.max_text_bytes, 2 * wanted.memory());
  how.max_key_bytes = std::max(how.max_key_bytes, text.size());
  const auto read = parse(text, how);
  if (!read) return place_in(read.error().where, how.name);
  if (same_print(read->document->root(), wanted.root())) return std::nullopt;
  return first_difference(read->document->root(), wanted.root()).where();
}

std::size_t offset_in(std::string_view text, position where) {
  std::size_t at = 0;
  for (auto line = where.line; line > 1 && at < text.size(); --line)
    at = std::min(text.find('\n', at), text.size() - 1) + 1;
  return std::min(at + (where.column > 0 ? where.column - 1 : 0), text.size());
}

/// The innermost container that was written over around a place, or before it: a part that broke
/// the text may only be noticed behind it.
std::optional<std::uint32_t> suspect(const std::vector<text_writer::patch>& patches,
                                     std::size_t at) {
  const text_writer::patch* found = nullptr;
  for (const auto& patch : patches)
    if (patch.begin <= at && at <= patch.end &&
        (found == nullptr || patch.end - patch.begin < found->end - found->begin))
      found = &patch;
  if (found == nullptr && !patches.empty()) found = &patches.back();
  return found == nullptr ? std::nullopt : std::optional{found->span};
}

std::string print_whole(const document& wanted, const text_style& style) {
  std::string out;
  const auto root = wanted.root();
  if (style.format == syntax::json)
    append_json(out, root, {}, style);
  else if (root.size() > 0)
    append_block(out, root, 0, style);
  else
    return to_yaml(root);
  return out + style.line_end;
}

class rewriting {
public:
  rewriting(const written_document& current, const document& wanted)
      : current_{current}, wanted_{wanted} {}

  rewritten run(std::span<const written_document> others) {
    auto source = open_text(current_);
    if (!source) return printed({.format = current_.format});
    std::vector<text_source> opened;
    opened.reserve(others.size());
    std::vector<donor_value> donors;
    for (const auto& other : others) {
      if (other.format != current_.format || !other.document) continue;
      if (auto text = open_text(other)) {
        opened.push_back(std::move(*text));
        donors.push_back({&opened.back(), {other.document->root(), 0, 0}});
      }
    }
    text_writer::care care;
    for (int attempt = 0; attempt < attempts_max; ++attempt) {
      text_writer writer{*source, donors, care};
      auto text = writer.write(current_.document->root(), wanted_.root());
      if (!text) break;
      auto wrong = wrong_place(*text, current_, wanted_);
      if (wrong && !text->ends_with('\n')) { // a block of text may now need its last line's end
        if (!wrong_place(*text + source->style.line_end, current_, wanted_)) wrong.reset();
        if (!wrong) *text += source->style.line_end;
      }
      if (!wrong) return {marked(*text), rewritten::kept::most};
      if (writer.took_names()) {
        care.no_names = true;
        continue;
      }
      const auto broken = suspect(writer.patches(), offset_in(*text, *wrong));
      if (!broken || !care.print_whole.insert(*broken).second) break;
    }
    return printed(source->style);
  }

private:
  [[nodiscard]] std::string marked(const std::string& text) const {
    return current_.text.starts_with(utf8_mark) ? std::string{utf8_mark} + text : text;
  }

  [[nodiscard]] rewritten printed(const text_style& style) const {
    auto text = print_whole(wanted_, style);
    if (wrong_place(text, current_, wanted_)) text = print_whole(wanted_, {.format = style.format});
    return {marked(text), rewritten::kept::style};
  }

  const written_document& current_;
  const document& wanted_;
};

} // namespace

rewritten rewrite(const written_document& current, const document_ptr& wanted,
                  std::span<const written_document> others) {
  if (wanted == current.document || same_print(current.document->root(), wanted->root()))
    return {std::string{current.text}, rewritten::kept::all};
  return rewriting{current, *wanted}.run(others);
}

rewritten rewrite_merge(const written_document* base, const written_document& current,
                        const written_document& incoming, const document_ptr& merged) {
  const bool one_syntax =
      base != nullptr && base->format == current.format && incoming.format == current.format;
  if (one_syntax && current.text != incoming.text)
    if (auto lines = merge_lines(base->text, current.text, incoming.text);
        lines && !wrong_place(without_mark(*lines), current, *merged)) {
      const auto how = *lines == current.text ? rewritten::kept::all : rewritten::kept::most;
      return {std::move(*lines), how};
    }
  return rewrite(current, merged, {{incoming}});
}

} // namespace apisync::specs
