#include "specs/yaml_tape.hpp"

#include <libfyaml.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <unordered_map>

namespace apisync::specs {

namespace {

struct parser_deleter {
  void operator()(fy_parser* parser) const { fy_parser_destroy(parser); }
};
struct diag_deleter {
  void operator()(fy_diag* diag) const { fy_diag_unref(diag); }
};
struct event_deleter {
  fy_parser* parser;
  void operator()(fy_event* event) const { fy_parser_event_free(parser, event); }
};
using event_ptr = std::unique_ptr<fy_event, event_deleter>;

/// The raw text of a single-quoted scalar, from behind its opening quote.
std::string_view single_quoted_source(std::string_view text) {
  for (std::size_t i = text.find('\''); i < text.size(); i = text.find('\'', i + 2))
    if (i + 1 == text.size() || text[i + 1] != '\'') return text.substr(0, i);
  return text;
}

/// What a single-quoted scalar means (YAML 1.2.2, sections 7.3.2 and 6.5): a doubled quote is one,
/// a line break is a space, and of more breaks in a row all but one remain.
std::string read_single_quoted(std::string_view raw) {
  std::string text;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\n') {
      text += raw[i];
      if (raw[i] == '\'') ++i;
      continue;
    }
    while (!text.empty() && std::string_view{" \t\r"}.find(text.back()) != std::string_view::npos)
      text.pop_back();
    const auto next = std::min(raw.find_first_not_of(" \t\r\n", i), raw.size());
    const auto breaks = std::count(raw.begin() + static_cast<std::ptrdiff_t>(i),
                                   raw.begin() + static_cast<std::ptrdiff_t>(next), '\n');
    text.append(breaks == 1 ? 1 : static_cast<std::size_t>(breaks) - 1, breaks == 1 ? ' ' : '\n');
    i = next - 1;
  }
  return text;
}

/// Turns byte offsets that mostly ascend into positions.
class line_finder {
public:
  explicit line_finder(std::string_view text) : text_{text} {}

  position at(std::size_t offset) {
    offset = std::min(offset, text_.size());
    if (offset < line_start_) line_start_ = 0, line_ = 1;
    for (;;) {
      const auto* from = text_.data() + line_start_;
      const auto* end = std::memchr(from, '\n', offset - line_start_);
      if (end == nullptr) break;
      line_start_ += static_cast<std::size_t>(static_cast<const char*>(end) - from) + 1;
      ++line_;
      if (line_start_ >= offset) break;
    }
    return {line_, static_cast<std::uint32_t>(offset - line_start_) + 1};
  }

private:
  std::string_view text_;
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
      : text_{text}, lines_{text}, target_{target} {}

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

  [[nodiscard]] tl::unexpected<error> syntax_error();
  [[nodiscard]] result<void> take(fy_event& event);
  [[nodiscard]] result<void> scalar(fy_event& event);
  [[nodiscard]] result<void> alias(fy_event& event);
  [[nodiscard]] result<void> begin(fy_event& event, yaml_tape::item_kind kind);
  void end();
  [[nodiscard]] result<void> add(const weight& more, position where);
  [[nodiscard]] position place(fy_event& event);
  void name_anchor(const std::string& name, std::uint32_t item, const weight& total, bool complete);
  [[nodiscard]] std::string_view keep(fy_token* token);
  void check_tag(fy_event& event, yaml_tape::item& item);
  std::uint32_t push(yaml_tape::item_kind kind, position where);

  std::string_view text_;
  line_finder lines_;
  parse_target& target_;
  std::unique_ptr<fy_diag, diag_deleter> diag_;
  yaml_tape tape_;
  std::vector<frame> open_;
  std::unordered_map<std::string, anchored> anchors_;
  weight total_;
  position last_{1, 1};
  std::size_t documents_ = 0;
};

std::string token_text(fy_token* token) {
  std::size_t length = 0;
  const char* text = token == nullptr ? nullptr : fy_token_get_text(token, &length);
  return text == nullptr ? std::string{} : std::string{text, length};
}

result<yaml_tape> tape_reader::read() {
  diag_.reset(fy_diag_create(nullptr));
  if (!diag_) return fail(errc::internal, "the YAML reader could not be made");
  fy_diag_set_collect_errors(diag_.get(), true);
  fy_parse_cfg config{};
  config.flags =
      static_cast<fy_parse_cfg_flags>(FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DISABLE_DEPTH_LIMIT |
                                      FYPCF_JSON_NONE | FYPCF_DEFAULT_VERSION_1_2);
  config.diag = diag_.get();
  const std::unique_ptr<fy_parser, parser_deleter> parser{fy_parser_create(&config)};
  if (!parser || fy_parser_set_string(parser.get(), text_.data(), text_.size()) != 0)
    return fail(errc::internal, "the YAML reader could not be made");
  for (;;) {
    const event_ptr event{fy_parser_parse(parser.get()), event_deleter{parser.get()}};
    if (!event) return syntax_error();
    if (event->type == FYET_STREAM_END) break;
    if (auto taken = take(*event); !taken) return tl::unexpected{taken.error()};
  }
  if (tape_.items.empty()) return target_.fail_at(last_, "the document is empty");
  return std::move(tape_);
}

tl::unexpected<error> tape_reader::syntax_error() {
  void* state = nullptr;
  const auto* told = fy_diag_errors_iterate(diag_.get(), &state);
  if (told == nullptr) return target_.fail_at(last_, "the text is not YAML");
  position where = last_;
  if (told->line > 0)
    where = {static_cast<std::uint32_t>(told->line),
             static_cast<std::uint32_t>(std::max(told->column, 1))};
  std::string message = told->msg == nullptr ? "the text is not YAML" : told->msg;
  while (!message.empty() && (message.back() == '\n' || message.back() == '.'))
    message.pop_back();
  return target_.fail_at(where, "this is not YAML: " + message);
}

result<void> tape_reader::take(fy_event& event) {
  switch (event.type) {
  case FYET_SCALAR:
    return scalar(event);
  case FYET_ALIAS:
    return alias(event);
  case FYET_SEQUENCE_START:
    return begin(event, yaml_tape::item_kind::sequence);
  case FYET_MAPPING_START:
    return begin(event, yaml_tape::item_kind::mapping);
  case FYET_SEQUENCE_END:
  case FYET_MAPPING_END:
    end();
    return {};
  case FYET_DOCUMENT_START:
    if (++documents_ > 1)
      return target_.fail_at(place(event),
                             "a second YAML document begins here; a specification is one document");
    return {};
  default:
    return {};
  }
}

position tape_reader::place(fy_event& event) {
  auto* token = fy_event_get_token(&event);
  const auto* mark = token == nullptr ? nullptr : fy_token_start_mark(token);
  if (mark == nullptr) return last_;
  auto offset = std::min(mark->input_pos, text_.size());
  // The mark of a quoted scalar or an alias stands behind its first character.
  const auto style = event.type == FYET_SCALAR ? fy_token_scalar_style(token) : FYSS_ANY;
  const bool quoted = style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
  if ((quoted || event.type == FYET_ALIAS) && offset > 0) --offset;
  return last_ = lines_.at(offset);
}

std::string_view tape_reader::keep(fy_token* token) {
  std::size_t length = 0;
  const char* text = token == nullptr ? nullptr : fy_token_get_text(token, &length);
  if (text == nullptr || length == 0) return {};
  if (fy_token_scalar_style(token) == FYSS_SINGLE_QUOTED) {
    // libfyaml 0.7.12 reads the second of two doubled quotes in a row wrongly.
    const auto start = std::min(fy_token_start_mark(token)->input_pos, text_.size());
    const auto raw = single_quoted_source(text_.substr(start));
    if (raw.find("''''") != std::string_view::npos)
      return tape_.unfolded.emplace_back(read_single_quoted(raw));
  }
  const std::less_equal<> not_after;
  if (not_after(text_.data(), text) && not_after(text + length, text_.data() + text_.size()))
    return {text, length};
  return tape_.unfolded.emplace_back(text, length);
}

std::uint32_t tape_reader::push(yaml_tape::item_kind kind, position where) {
  const auto at = static_cast<std::uint32_t>(tape_.items.size());
  auto& item = tape_.items.emplace_back();
  item.kind = kind;
  item.end = at + 1;
  item.where = where;
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

void tape_reader::check_tag(fy_event& event, yaml_tape::item& item) {
  auto* token = fy_event_get_tag_token(&event);
  if (token == nullptr) return;
  constexpr std::string_view core = "tag:yaml.org,2002:";
  const auto tag = token_text(token);
  if (tag == "!" || tag == std::string{core} + "str") {
    item.plain = false;
  } else if (std::string_view{tag}.starts_with(core)) {
    const auto name = std::string_view{tag}.substr(core.size());
    if (name == "int" || name == "float" || name == "bool" || name == "null") item.plain = true;
  } else {
    target_.warn("the tag '" + tag + "' is not known and ignored", item.where);
  }
}

result<void> tape_reader::scalar(fy_event& event) {
  const auto where = place(event);
  const auto at = push(yaml_tape::item_kind::scalar, where);
  auto& item = tape_.items[at];
  auto* value = event.scalar.value;
  item.text = keep(value);
  item.plain = value == nullptr || fy_token_scalar_style(value) == FYSS_PLAIN;
  check_tag(event, item);
  const weight own{1, item.text.size()};
  name_anchor(token_text(event.scalar.anchor), at, own, true);
  return add(own, where);
}

result<void> tape_reader::alias(fy_event& event) {
  const auto name = token_text(event.alias.anchor);
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

result<void> tape_reader::begin(fy_event& event, yaml_tape::item_kind kind) {
  const auto where = place(event);
  if (open_.size() >= target_.options().max_depth)
    return target_.fail_at(where,
                           "arrays and objects are nested more than " +
                               std::to_string(target_.options().max_depth) +
                               " deep; that is the limit",
                           errc::limit_exceeded);
  const auto at = push(kind, where);
  check_tag(event, tape_.items[at]);
  auto* anchor =
      event.type == FYET_MAPPING_START ? event.mapping_start.anchor : event.sequence_start.anchor;
  if (auto added = add({1, 0}, where); !added) return added;
  open_.push_back({at, {1, 0}, token_text(anchor)});
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
