#include "specs/question_answer.hpp"

#include "specs/parse.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace apisync::specs {

namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto start = text.find_first_not_of(blanks);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(blanks) - start + 1);
}

/// Models in chat manners put JSON into a code fence. Anything around the fence stays, and is then
/// no JSON.
std::string_view unfenced(std::string_view text) {
  constexpr std::string_view fence = "```";
  text = trimmed(text);
  if (!text.starts_with(fence) || !text.ends_with(fence) || text.size() < 2 * fence.size())
    return text;
  auto inner = text.substr(fence.size(), text.size() - 2 * fence.size());
  if (inner.starts_with("json")) inner.remove_prefix(4);
  return trimmed(inner);
}

tl::unexpected<error> wrong(std::string what) {
  return fail(errc::parse_error, std::move(what), "the answer");
}

result<document_ptr> parse_json(std::string_view text) {
  parse_options how;
  how.name = "the answer";
  how.format = syntax_choice::json;
  how.max_bytes = answer_bytes_max;
  how.max_depth = 100;
  how.max_nodes = 50'000;
  auto read = parse(text, how);
  if (!read) return tl::unexpected{read.error()};
  return read->document;
}

/// Exactly these members.
result<void> has_members(node object, const std::vector<std::string_view>& names,
                         std::string_view what) {
  if (!object.is_object()) return wrong(std::string{what} + " is no object");
  for (const auto member : object)
    if (std::find(names.begin(), names.end(), member.key()) == names.end())
      return wrong(std::string{what} + " has a member '" + std::string{member.key().substr(0, 40)} +
                   "' that was not asked for");
  for (const auto name : names)
    if (!object.find(name))
      return wrong(std::string{what} + " lacks the member '" + std::string{name} + "'");
  return {};
}

std::string shortened(std::string_view text) {
  auto end = std::min(text.size(), place_answer::reason_max);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  return std::string{text.substr(0, end)};
}

result<unsigned> read_confidence(node from) {
  double value = -1;
  const auto text = from.text();
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (!from.is(kind::number) || code != std::errc{} || end != text.data() + text.size() ||
      !(value >= 0 && value <= 1))
    return wrong("'confidence' is no number from 0 to 1");
  constexpr double rounding = 1e-9; // 0.29 is 29, and 0.799 is not 80
  return static_cast<unsigned>(value * 100 + rounding);
}

void read_value(node from, const asked_place& of, place_answer& out) {
  if (out.choice != "value") {
    if (!from.is(kind::null)) out.problem = "a value was given with the choice " + out.choice;
    return;
  }
  if (!of.may_propose) {
    out.problem = "a value was given where only a choice was asked for";
    return;
  }
  if (!from.is_string()) {
    out.problem = "the value is not given as JSON text";
    return;
  }
  auto value = parse_json(from.text());
  if (value)
    out.value = std::move(*value);
  else
    out.problem = "the value is no JSON: " + value.error().message;
}

result<place_answer> read_one(node from, const std::vector<asked_place>& places) {
  const std::vector<std::string_view> names{"id", "choice", "value", "reason", "confidence"};
  if (auto good = has_members(from, names, "an entry of 'answers'"); !good)
    return tl::unexpected{good.error()};
  place_answer out;
  const auto id = from.find("id");
  const auto of = std::find_if(places.begin(), places.end(), [&](const asked_place& place) {
    return id.is_string() && place.alias == id.text();
  });
  if (of == places.end()) return wrong("an answer is about a place that was not asked about");
  out.alias = of->alias;
  const auto choice = from.find("choice");
  constexpr std::array<std::string_view, 4> choices{"current", "incoming", "base", "value"};
  if (!choice.is_string() ||
      std::find(choices.begin(), choices.end(), choice.text()) == choices.end())
    return wrong("a 'choice' is none of current, incoming, base and value");
  out.choice = choice.text();
  const auto reason = from.find("reason");
  if (!reason.is_string()) return wrong("a 'reason' is no text");
  out.reason = shortened(reason.text());
  auto sure = read_confidence(from.find("confidence"));
  if (!sure) return tl::unexpected{sure.error()};
  out.confidence_percent = *sure;
  read_value(from.find("value"), *of, out);
  return out;
}

} // namespace

result<std::vector<place_answer>> parse_answer(std::string_view text,
                                               const std::vector<asked_place>& places) {
  if (text.size() > answer_bytes_max)
    return fail(errc::limit_exceeded,
                "the answer is longer than " + std::to_string(answer_bytes_max) + " bytes",
                "the answer");
  const auto read = parse_json(unfenced(text));
  if (!read) return tl::unexpected{read.error()};
  const auto root = (*read)->root();
  if (auto good = has_members(root, {"answers"}, "the answer"); !good)
    return tl::unexpected{good.error()};
  const auto list = root.find("answers");
  if (!list.is_array()) return wrong("'answers' is no list");
  if (list.size() > places.size()) return wrong("there are more answers than questions");
  std::vector<place_answer> out;
  std::set<std::string, std::less<>> seen;
  for (const auto entry : list) {
    auto one = read_one(entry, places);
    if (!one) return tl::unexpected{one.error()};
    if (!seen.insert(one->alias).second) return wrong("a place is answered twice");
    out.push_back(std::move(*one));
  }
  return out;
}

} // namespace apisync::specs
