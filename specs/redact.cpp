#include "specs/redact.hpp"

#include "specs/print.hpp"
#include "specs/sensitive.hpp"

#include <algorithm>
#include <array>

namespace apisync::specs {

namespace {

constexpr std::string_view opening = "[[";
constexpr std::string_view closing = "]]";
constexpr std::string_view blanks = " \t\r\n";

/// How far a text goes that is cut at a character's end.
std::size_t cut_at(std::string_view text, std::size_t bytes_max) {
  auto at = std::min(text.size(), bytes_max);
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U)
    --at;
  return at;
}

/// Adds the words that the rules withhold; those that overlap are withheld as one.
void add_words(std::string_view text, const redaction_rules& rules,
               std::vector<sensitive_span>& spans) {
  if (rules.empty()) return;
  for (std::size_t at = 0; at < text.size();) {
    const auto word = text.substr(at, text.substr(at).find_first_of(blanks));
    if (!word.empty() && rules.withholds(word)) spans.push_back({at, word.size(), "word"});
    at += word.size() + 1;
  }
  std::sort(spans.begin(), spans.end(),
            [](const auto& a, const auto& b) { return a.start < b.start; });
  std::vector<sensitive_span> united;
  for (const auto& span : spans) {
    if (united.empty() || united.back().start + united.back().length <= span.start) {
      united.push_back(span);
      continue;
    }
    auto& last = united.back();
    last.length = std::max(last.start + last.length, span.start + span.length) - last.start;
  }
  spans = std::move(united);
}

} // namespace

result<redaction_rules> redaction_rules::parse(const std::vector<std::string>& patterns) {
  redaction_rules out;
  for (const auto& pattern : patterns) {
    auto parsed = i_regexp::parse(pattern);
    if (!parsed)
      return fail(errc::invalid_argument, "'" + pattern + "' is no regular expression of RFC 9485",
                  "redact");
    out.patterns_.push_back(std::move(*parsed));
  }
  return out;
}

bool redaction_rules::withholds(std::string_view word) const {
  return std::any_of(patterns_.begin(), patterns_.end(),
                     [&](const i_regexp& pattern) { return pattern.finds(word); });
}

redaction::redaction(const redaction_rules& rules, std::string scope)
    : rules_{rules}, scope_{std::move(scope)} {}

std::string redaction::mark(std::string_view original, std::string_view what) {
  if (const auto known = marks_.find(original); known != marks_.end()) return known->second;
  auto made = std::string{opening} + scope_ + ':' + std::string{what} + ':' +
              std::to_string(originals_.size() + 1) + std::string{closing};
  marks_.emplace(original, made);
  originals_.emplace(made, original);
  return made;
}

std::string redaction::text(std::string_view original) {
  if (original.find(std::string{opening} + scope_ + ':') != std::string_view::npos)
    reversible_ = false;
  auto spans = find_sensitive(original);
  add_words(original, rules_, spans);
  std::string out;
  std::size_t done = 0;
  for (const auto& span : spans) {
    out += original.substr(done, span.start - done);
    out += mark(original.substr(span.start, span.length), span.what);
    done = span.start + span.length;
  }
  return out += original.substr(done);
}

struct redaction::print_limits {
  std::size_t depth = 1'000, members = static_cast<std::size_t>(-1),
              text_bytes = static_cast<std::size_t>(-1);
};

void redaction::print_text(std::string& out, std::string_view original,
                           const print_limits& limits) {
  const auto shown = text(original);
  const auto end = cut_at(shown, limits.text_bytes);
  append_json_string(out, end == shown.size() ? shown : shown.substr(0, end) + "…");
}

void redaction::print(std::string& out, node value, const print_limits& limits, std::size_t depth) {
  if (value.is_string()) {
    if (!value.key().empty() && names_secret(value.key()) && !value.text().empty())
      return append_json_string(out, mark(value.text(), "secret"));
    return print_text(out, value.text(), limits);
  }
  if (!value.is_object() && !value.is_array()) {
    out += to_json(value);
    return;
  }
  if (depth >= limits.depth && value.size() > 0) {
    append_json_string(out, value.is_object() ? "{…}" : "[…]");
    return;
  }
  out += value.is_object() ? '{' : '[';
  std::size_t shown = 0;
  for (const auto child : value) {
    if (shown > 0) out += ',';
    if (shown++ == limits.members) {
      append_json_string(out, "…");
      if (value.is_object()) out += ":\"…\"";
      break;
    }
    if (value.is_object()) {
      print_text(out, child.key(), limits);
      out += ':';
    }
    print(out, child, limits, depth + 1);
  }
  out += value.is_object() ? '}' : ']';
}

std::string redaction::json(node value, std::size_t bytes_max, bool& trimmed) {
  constexpr std::array<print_limits, 6> steps{
      {{}, {6, 60, 400}, {4, 30, 200}, {3, 15, 120}, {2, 10, 80}, {1, 8, 40}}};
  std::string out;
  for (const auto& limits : steps) {
    out.clear();
    print(out, value, limits, 0);
    if (out.size() <= bytes_max) {
      trimmed = trimmed || &limits != steps.data();
      return out;
    }
  }
  trimmed = true;
  return value.is_object() ? R"("{…}")" : value.is_array() ? R"("[…]")" : R"("…")";
}

result<std::string> redaction::put_back(std::string_view shown) const {
  std::string out;
  const auto begins = std::string{opening} + scope_ + ':';
  for (;;) {
    const auto start = shown.find(begins);
    out += shown.substr(0, start);
    if (start == std::string_view::npos) return out;
    const auto end = shown.find(closing, start);
    const auto mark =
        shown.substr(start, end == std::string_view::npos ? std::string_view::npos
                                                          : end + closing.size() - start);
    const auto found = originals_.find(mark);
    if (found == originals_.end() || !reversible_)
      return fail(errc::invalid_argument, "'" + std::string{mark.substr(0, cut_at(mark, 60))} +
                                              "' stands for nothing that was withheld");
    out += found->second;
    shown.remove_prefix(start + mark.size());
  }
}

namespace {

result<void> rebuild(document_builder& into, node from, const redaction& with, int depth) {
  constexpr int deepest = 500;
  if (depth > deepest) return fail(errc::limit_exceeded, "the value is nested too deeply");
  if (from.is_string()) {
    auto text = with.put_back(from.text());
    if (!text) return tl::unexpected{text.error()};
    into.string(*text);
    return {};
  }
  if (!from.is_object() && !from.is_array()) {
    into.copy(from);
    return {};
  }
  from.is_object() ? into.begin_object() : into.begin_array();
  for (const auto child : from) {
    if (from.is_object()) {
      auto name = with.put_back(child.key());
      if (!name) return tl::unexpected{name.error()};
      into.key(*name);
    }
    if (auto done = rebuild(into, child, with, depth + 1); !done) return done;
  }
  if (!from.is_object())
    into.end_array();
  else if (into.end_object())
    return fail(errc::invalid_argument, "the value has a name twice");
  return {};
}

} // namespace

result<document_ptr> redaction::put_back(node shown) const {
  document_builder into;
  if (auto done = rebuild(into, shown, *this, 0); !done) return tl::unexpected{done.error()};
  return into.finish();
}

} // namespace apisync::specs
