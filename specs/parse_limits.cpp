#include "specs/parse_limits.hpp"

#include <algorithm>

namespace apisync::specs {

namespace {

constexpr std::size_t max_warnings = 100;

std::string place(position where) {
  return "line " + std::to_string(where.line) + ", column " + std::to_string(where.column);
}

} // namespace

std::string to_string(std::string_view name, position where) {
  std::string text{name};
  if (where.line == 0) return text;
  return text + ':' + std::to_string(where.line) + ':' + std::to_string(where.column);
}

tl::unexpected<error> parse_target::fail_at(position where, std::string message, errc code) const {
  return fail(code, std::move(message), to_string(options_->name, where));
}

result<void> parse_target::count(std::size_t text_bytes, position where) {
  if (builder_.node_count() >= options_->max_nodes)
    return fail_at(
        where,
        "the document has more than " + std::to_string(options_->max_nodes) +
            " values; that is the limit, and YAML aliases count as often as they are used",
        errc::limit_exceeded);
  if (builder_.text_bytes() + text_bytes > options_->max_text_bytes)
    return fail_at(
        where,
        "the document's texts are longer than " + std::to_string(options_->max_text_bytes) +
            " bytes together; that is the limit, and YAML aliases count as often as they "
            "are used",
        errc::limit_exceeded);
  return {};
}

std::size_t parse_target::max_depth() const {
  return std::min(options_->max_depth, hard_max_depth);
}

tl::unexpected<error> parse_target::too_deep(position where) const {
  return fail_at(where,
                 "arrays and objects are nested more than " + std::to_string(max_depth()) +
                     " deep; that is the limit",
                 errc::limit_exceeded);
}

result<void> parse_target::enter(position where) {
  if (depth_ >= max_depth()) return too_deep(where);
  ++depth_;
  return count(0, where);
}

result<void> parse_target::begin_object(position where) {
  if (auto entered = enter(where); !entered) return entered;
  builder_.begin_object(where);
  return {};
}

result<void> parse_target::begin_array(position where) {
  if (auto entered = enter(where); !entered) return entered;
  builder_.begin_array(where);
  return {};
}

result<void> parse_target::end_object() {
  --depth_;
  const auto repeated = builder_.end_object();
  if (!repeated) return {};
  const auto name = std::string{repeated->name};
  if (options_->repeated == repeated_names::refuse)
    return fail_at(repeated->second, "the key '" + name + "' is already given at " +
                                         place(repeated->first) + "; keep one of the two");
  warn("the key '" + name + "' is already given at " + place(repeated->first) +
           "; the last one counts",
       repeated->second);
  return {};
}

void parse_target::end_array() {
  --depth_;
  builder_.end_array();
}

result<void> parse_target::key(std::string_view name, position where) {
  if (name.size() > options_->max_key_bytes)
    return fail_at(where,
                   "a key is longer than " + std::to_string(options_->max_key_bytes) +
                       " bytes; that is the limit",
                   errc::limit_exceeded);
  if (auto counted = count(name.size(), where); !counted) return counted;
  builder_.key(name);
  return {};
}

result<void> parse_target::string(std::string_view value, position where) {
  if (auto counted = count(value.size(), where); !counted) return counted;
  builder_.string(value, where);
  return {};
}

result<void> parse_target::number(std::string_view text, position where) {
  if (auto counted = count(text.size(), where); !counted) return counted;
  builder_.number(text, where);
  return {};
}

result<void> parse_target::boolean(bool value, position where) {
  if (auto counted = count(0, where); !counted) return counted;
  builder_.boolean(value, where);
  return {};
}

result<void> parse_target::null(position where) {
  if (auto counted = count(0, where); !counted) return counted;
  builder_.null(where);
  return {};
}

void parse_target::warn(std::string message, position where) {
  if (warnings_.size() < max_warnings) warnings_.push_back({std::move(message), where});
}

parsed parse_target::finish() {
  parsed done;
  done.document = builder_.finish();
  done.warnings = std::move(warnings_);
  return done;
}

} // namespace apisync::specs
