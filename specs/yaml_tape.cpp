#include "specs/yaml_tape.hpp"

#include "specs/byte_scan.hpp"

#include <yaml.h>

#include <algorithm>
#include <bit>
#include <new>
#include <unordered_map>

namespace apisync::specs {

namespace {

/// libyaml's parser over a text, one event at a time.
class yaml_events {
public:
  explicit yaml_events(std::string_view text) {
    if (yaml_parser_initialize(&parser_) == 0) throw std::bad_alloc();
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    if (text.data() == nullptr) text = "";
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
  }
  ~yaml_events() {
    yaml_event_delete(&event_);
    yaml_parser_delete(&parser_);
  }
  yaml_events(const yaml_events&) = delete;
  yaml_events& operator=(const yaml_events&) = delete;

  /// The next event, valid until the next call; none after an error.
  const yaml_event_t* next() {
    yaml_event_delete(&event_);
    return yaml_parser_parse(&parser_, &event_) != 0 ? &event_ : nullptr;
  }

  [[nodiscard]] const yaml_parser_t& state() const { return parser_; }

private:
  yaml_parser_t parser_{};
  yaml_event_t event_{};
};

/// Turns places that mostly ascend into byte offsets and positions.
class place_finder {
public:
  explicit place_finder(std::string_view text) : text_{text} {}

  /// The place of the `index`th character.
  position at_character(std::size_t index) {
    if (index < characters_) *this = place_finder{text_};
    while (characters_ + byte_block::size <= index && skip_block())
      ;
    while (characters_ < index && offset_ < text_.size())
      step();
    return here();
  }

  position at_byte(std::size_t offset) {
    if (offset < offset_) *this = place_finder{text_};
    while (offset_ < std::min(offset, text_.size()))
      step();
    return here();
  }

  /// The byte offset of the place that was asked for last.
  [[nodiscard]] std::size_t offset() const { return offset_; }

private:
  [[nodiscard]] position here() const {
    return {line_, static_cast<std::uint32_t>(offset_ - line_start_) + 1};
  }

  /// Passes a block of ASCII; false where the next is none.
  bool skip_block() {
    if (text_.size() - offset_ <= byte_block::size) return false;
    const auto block = look_at_block(text_.data() + offset_);
    if (!block.ascii) return false;
    if (block.line_feeds != 0) {
      line_ += static_cast<std::uint32_t>(std::popcount(block.line_feeds));
      line_start_ = offset_ + static_cast<std::size_t>(std::bit_width(block.line_feeds));
    }
    offset_ += byte_block::size;
    characters_ += byte_block::size;
    return true;
  }

  void step() {
    const char c = text_[offset_++];
    while (offset_ < text_.size() && (static_cast<unsigned char>(text_[offset_]) & 0xC0) == 0x80)
      ++offset_;
    ++characters_;
    if (c != '\n') return;
    ++line_;
    line_start_ = offset_;
  }

  std::string_view text_;
  std::size_t offset_ = 0;
  std::size_t characters_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
};

/// What a node expands to: values and bytes, aliases followed.
struct weight {
  std::size_t nodes = 0;
  std::size_t bytes = 0;
};

class tape_reader {
public:
  tape_reader(std::string_view text, parse_target& target)
      : text_{text}, places_{text}, target_{target} {}

  result<yaml_tape> read();

private:
  struct anchored {
    std::uint32_t item = 0;
    weight total;
    bool complete = false;
  };
  struct frame {
    std::uint32_t item = 0;
    weight total;
    std::string anchor;
  };

  [[nodiscard]] tl::unexpected<error> syntax_error(const yaml_parser_t& parser);
  [[nodiscard]] result<void> take(const yaml_event_t& event);
  [[nodiscard]] result<void> scalar(const yaml_event_t& event);
  [[nodiscard]] result<void> alias(const yaml_event_t& event);
  [[nodiscard]] result<void> begin(const yaml_event_t& event, yaml_tape::item_kind kind);
  void end();
  [[nodiscard]] result<void> add(const weight& more, position where);
  [[nodiscard]] position place(const yaml_event_t& event);
  void name_anchor(const std::string& name, std::uint32_t item, const weight& total, bool complete);
  [[nodiscard]] std::string_view keep(const yaml_event_t& event);
  void check_tag(const yaml_char_t* given, yaml_tape::item& item);
  std::uint32_t push(yaml_tape::item_kind kind, position where);

  std::string_view text_;
  place_finder places_;
  parse_target& target_;
  yaml_tape tape_;
  std::vector<frame> open_;
  std::unordered_map<std::string, anchored> anchors_;
  weight total_;
  std::size_t documents_ = 0;
};

std::string text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string{} : reinterpret_cast<const char*>(text);
}

result<yaml_tape> tape_reader::read() {
  yaml_events events{text_};
  for (;;) {
    const auto* event = events.next();
    if (event == nullptr) return syntax_error(events.state());
    if (event->type == YAML_STREAM_END_EVENT) break;
    if (auto taken = take(*event); !taken) return tl::unexpected{taken.error()};
  }
  if (tape_.items.empty()) return target_.fail_at({1, 1}, "the document is empty");
  return std::move(tape_);
}

tl::unexpected<error> tape_reader::syntax_error(const yaml_parser_t& parser) {
  const auto where = parser.error == YAML_READER_ERROR
                         ? places_.at_byte(parser.problem_offset)
                         : places_.at_character(parser.problem_mark.index);
  std::string message = "this is not YAML: ";
  message += parser.problem == nullptr ? "it cannot be read" : parser.problem;
  if (parser.context != nullptr) {
    const auto begun = places_.at_character(parser.context_mark.index);
    message += std::string{" "} + parser.context;
    if (parser.context_mark.index < parser.problem_mark.index)
      message += " that began at line " + std::to_string(begun.line);
  }
  return target_.fail_at(where, std::move(message));
}

result<void> tape_reader::take(const yaml_event_t& event) {
  switch (event.type) {
  case YAML_SCALAR_EVENT:
    return scalar(event);
  case YAML_ALIAS_EVENT:
    return alias(event);
  case YAML_SEQUENCE_START_EVENT:
    return begin(event, yaml_tape::item_kind::sequence);
  case YAML_MAPPING_START_EVENT:
    return begin(event, yaml_tape::item_kind::mapping);
  case YAML_SEQUENCE_END_EVENT:
  case YAML_MAPPING_END_EVENT:
    end();
    return {};
  case YAML_DOCUMENT_START_EVENT:
    if (++documents_ > 1)
      return target_.fail_at(place(event),
                             "a second YAML document begins here; a specification is one document");
    return {};
  default:
    return {};
  }
}

position tape_reader::place(const yaml_event_t& event) {
  return places_.at_character(event.start_mark.index);
}

/// The text of a scalar: where it stands in the source as it is, it is not copied.
std::string_view tape_reader::keep(const yaml_event_t& event) {
  const auto& scalar = event.data.scalar;
  const std::string_view value{reinterpret_cast<const char*>(scalar.value), scalar.length};
  const bool quoted = scalar.style != YAML_PLAIN_SCALAR_STYLE;
  const auto start = std::min(places_.offset() + (quoted ? 1 : 0), text_.size());
  const auto source = text_.substr(start, value.size());
  return source == value ? source : tape_.unfolded.emplace_back(value);
}

std::uint32_t tape_reader::push(yaml_tape::item_kind kind, position where) {
  const auto at = static_cast<std::uint32_t>(tape_.items.size());
  yaml_tape::item made;
  made.kind = kind;
  made.end = at + 1;
  made.where = where;
  tape_.items.push_back(made);
  return at;
}

result<void> tape_reader::add(const weight& more, position where) {
  total_.nodes += more.nodes;
  total_.bytes += more.bytes;
  if (!open_.empty()) {
    open_.back().total.nodes += more.nodes;
    open_.back().total.bytes += more.bytes;
  }
  const auto& options = target_.options();
  // Keys are counted as values here, hence twice the limit; the target counts exactly.
  if (total_.nodes > 2 * options.max_nodes)
    return target_.fail_at(where,
                           "with every alias followed, the document has more than " +
                               std::to_string(options.max_nodes) + " values; that is the limit",
                           errc::limit_exceeded);
  if (total_.bytes > options.max_text_bytes)
    return target_.fail_at(where,
                           "with every alias followed, the document's texts are longer than " +
                               std::to_string(options.max_text_bytes) +
                               " bytes together; that is the limit",
                           errc::limit_exceeded);
  return {};
}

void tape_reader::name_anchor(const std::string& name, std::uint32_t item, const weight& total,
                              bool complete) {
  if (!name.empty()) anchors_[name] = {item, total, complete};
}

void tape_reader::check_tag(const yaml_char_t* given, yaml_tape::item& item) {
  if (given == nullptr) return;
  const auto tag = text_of(given);
  constexpr std::string_view core = "tag:yaml.org,2002:";
  if (tag == "!" || tag == std::string{core} + "str") {
    item.plain = false;
  } else if (std::string_view{tag}.starts_with(core)) {
    const auto name = std::string_view{tag}.substr(core.size());
    if (name == "int" || name == "float" || name == "bool" || name == "null") item.plain = true;
  } else {
    target_.warn("the tag '" + tag + "' is not known and ignored", item.where);
  }
}

result<void> tape_reader::scalar(const yaml_event_t& event) {
  const auto where = place(event);
  const auto at = push(yaml_tape::item_kind::scalar, where);
  auto& item = tape_.items[at];
  const auto& scalar = event.data.scalar;
  item.text = keep(event);
  item.plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
  check_tag(scalar.tag, item);
  const weight own{1, item.text.size()};
  name_anchor(text_of(scalar.anchor), at, own, true);
  return add(own, where);
}

result<void> tape_reader::alias(const yaml_event_t& event) {
  const auto name = text_of(event.data.alias.anchor);
  const auto where = place(event);
  const auto found = anchors_.find(name);
  if (found == anchors_.end())
    return target_.fail_at(where, "the alias '*" + name + "' names no anchor before it");
  if (!found->second.complete)
    return target_.fail_at(where, "the alias '*" + name + "' lies inside what it names");
  const auto at = push(yaml_tape::item_kind::alias, where);
  tape_.items[at].target = found->second.item;
  return add(found->second.total, where);
}

result<void> tape_reader::begin(const yaml_event_t& event, yaml_tape::item_kind kind) {
  const auto where = place(event);
  if (open_.size() >= target_.max_depth()) return target_.too_deep(where);
  const auto at = push(kind, where);
  const bool is_mapping = kind == yaml_tape::item_kind::mapping;
  const auto* anchor =
      is_mapping ? event.data.mapping_start.anchor : event.data.sequence_start.anchor;
  check_tag(is_mapping ? event.data.mapping_start.tag : event.data.sequence_start.tag,
            tape_.items[at]);
  if (auto added = add({1, 0}, where); !added) return added;
  open_.push_back({at, {1, 0}, text_of(anchor)});
  name_anchor(open_.back().anchor, at, {}, false);
  return {};
}

void tape_reader::end() {
  auto closed = std::move(open_.back());
  open_.pop_back();
  tape_.items[closed.item].end = static_cast<std::uint32_t>(tape_.items.size());
  if (!open_.empty()) { // its own node was added when it began
    open_.back().total.nodes += closed.total.nodes - 1;
    open_.back().total.bytes += closed.total.bytes;
  }
  // An anchor of that name may have been set anew inside.
  if (const auto known = anchors_.find(closed.anchor);
      known != anchors_.end() && known->second.item == closed.item)
    known->second = {closed.item, closed.total, true};
}

} // namespace

result<yaml_tape> read_tape(std::string_view text, parse_target& target) {
  return tape_reader{text, target}.read();
}

} // namespace apisync::specs
