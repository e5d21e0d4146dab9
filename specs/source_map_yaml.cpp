#include "specs/source_map.hpp"

#include <yaml.h>

#include <algorithm>
#include <new>
#include <unordered_map>

namespace apisync::specs {

namespace {

/// Turns numbers of characters into numbers of bytes.
class character_offsets {
public:
  explicit character_offsets(std::string_view text) : text_{text} {
    std::size_t characters = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (inside(at)) continue;
      if (characters++ % step == 0) known_.push_back(at);
    }
    ascii_ = characters == text.size();
  }

  [[nodiscard]] std::uint32_t operator()(std::size_t character) const {
    if (ascii_) return static_cast<std::uint32_t>(std::min(character, text_.size()));
    if (character / step >= known_.size()) return static_cast<std::uint32_t>(text_.size());
    auto at = known_[character / step];
    for (auto more = character % step; more > 0 && at < text_.size(); --more)
      do
        ++at;
      while (at < text_.size() && inside(at));
    return static_cast<std::uint32_t>(at);
  }

private:
  static constexpr std::size_t step = 64;

  [[nodiscard]] bool inside(std::size_t at) const {
    return (static_cast<unsigned char>(text_[at]) & 0xC0) == 0x80;
  }

  std::string_view text_;
  std::vector<std::size_t> known_; ///< Of every `step`th character.
  bool ascii_ = false;
};

class yaml_mapper {
public:
  explicit yaml_mapper(std::string_view text) : text_{text}, offset_{text} {
    if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
  }
  ~yaml_mapper() { yaml_parser_delete(&parser_); }
  yaml_mapper(const yaml_mapper&) = delete;
  yaml_mapper& operator=(const yaml_mapper&) = delete;

  std::optional<source_map> map() {
    for (bool more = true; more;) {
      yaml_event_t event;
      if (yaml_parser_parse(&parser_, &event) == 0) return std::nullopt;
      more = event.type != YAML_STREAM_END_EVENT;
      const bool taken = take(event);
      yaml_event_delete(&event);
      if (!taken) return std::nullopt;
    }
    return std::move(map_);
  }

private:
  bool take(const yaml_event_t& event) {
    switch (event.type) {
    case YAML_SCALAR_EVENT:
      name_anchor(event.data.scalar.anchor, scalar(event));
      return true;
    case YAML_ALIAS_EVENT:
      return alias(event);
    case YAML_SEQUENCE_START_EVENT:
      begin(event, event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE, false,
            event.data.sequence_start.anchor);
      return true;
    case YAML_MAPPING_START_EVENT:
      begin(event, event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE, true,
            event.data.mapping_start.anchor);
      return true;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
      end(event);
      return true;
    default:
      return true;
    }
  }

  std::uint32_t push(const yaml_event_t& event, spelling style) {
    const auto index = static_cast<std::uint32_t>(map_.spans.size());
    map_.spans.push_back(
        {offset_(event.start_mark.index), offset_(event.end_mark.index), index + 1, style, false});
    return index;
  }

  std::uint32_t scalar(const yaml_event_t& event) {
    const auto index = push(event, style_of(event.data.scalar.style));
    auto& span = map_.spans[index];
    if (span.style == spelling::literal || span.style == spelling::folded)
      span.end = block_end(span);
    reached_ = span.end;
    return index;
  }

  static spelling style_of(yaml_scalar_style_t style) {
    switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
      return spelling::single_quoted;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
      return spelling::double_quoted;
    case YAML_LITERAL_SCALAR_STYLE:
      return spelling::literal;
    case YAML_FOLDED_SCALAR_STYLE:
      return spelling::folded;
    default:
      return spelling::plain;
    }
  }

  /// The parser ends a block scalar where the next line with content begins. Blank lines before
  /// that are the scalar's own only if it keeps them (`|+`); its last line break never is here.
  [[nodiscard]] std::uint32_t block_end(const source_span& span) const {
    const auto written = text_.substr(span.begin, span.end - span.begin);
    const auto header = written.substr(0, written.find('\n'));
    const auto comment = header.find(" #");
    const bool keeps =
        header.substr(0, comment).find('+', header.find_first_of("|>")) != header.npos;
    auto left = written;
    if (left.ends_with('\n')) left.remove_suffix(1);
    while (!keeps) {
      const auto line = left.rfind('\n');
      if (line == left.npos || left.find_first_not_of(" \t\r", line + 1) != left.npos) break;
      left = left.substr(0, line);
    }
    if (left.ends_with('\r')) left.remove_suffix(1);
    return span.begin + static_cast<std::uint32_t>(left.size());
  }

  bool alias(const yaml_event_t& event) {
    const auto index = push(event, spelling::alias);
    const auto known = anchors_.find(reinterpret_cast<const char*>(event.data.alias.anchor));
    if (known == anchors_.end()) return false;
    map_.aliases.push_back({index, known->second});
    reached_ = map_.spans[index].end;
    return true;
  }

  void begin(const yaml_event_t& event, bool flow, bool mapping, const yaml_char_t* anchor) {
    const auto index = push(event, flow ? spelling::flow : spelling::block);
    map_.spans[index].is_mapping = mapping;
    open_.push_back(index);
    name_anchor(anchor, index);
  }

  void end(const yaml_event_t& event) {
    auto& span = map_.spans[open_.back()];
    open_.pop_back();
    span.next = static_cast<std::uint32_t>(map_.spans.size());
    // A block's end is only noticed at what follows it; ends of what has content ascend.
    if (span.style == spelling::flow) reached_ = offset_(event.end_mark.index);
    span.end = reached_;
  }

  void name_anchor(const yaml_char_t* name, std::uint32_t index) {
    if (name == nullptr) return;
    const std::string_view text{reinterpret_cast<const char*>(name)};
    const auto at = text_.find(text, map_.spans[index].begin);
    anchors_.insert_or_assign(std::string{text}, index);
    map_.anchors.push_back({index, text_.substr(at, text.size())});
  }

  std::string_view text_;
  character_offsets offset_;
  yaml_parser_t parser_{};
  source_map map_;
  std::vector<std::uint32_t> open_;
  std::uint32_t reached_ = 0; ///< The end of the last scalar, alias or bracket.
  std::unordered_map<std::string, std::uint32_t> anchors_;
};

} // namespace

std::optional<source_map> map_yaml(std::string_view text) {
  return yaml_mapper{text}.map();
}

} // namespace apisync::specs
