#include "specs/parse_limits.hpp"

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

tl::unexpected<error> parse_target::too_large(position where) const {
  if (writer_.node_count() >= options_->max_nodes)
    return fail_at(
        where,
        "the document has more than " + std::to_string(options_->max_nodes) +
            " values; that is the limit, and YAML aliases count as often as they are used",
        errc::limit_exceeded);
  return fail_at(where,
                 "the document's texts are longer than " +
                     std::to_string(options_->max_text_bytes) +
                     " bytes together; that is the limit, and YAML aliases count as often as they "
                     "are used",
                 errc::limit_exceeded);
}

tl::unexpected<error> parse_target::too_deep(position where) const {
  return fail_at(where,
                 "arrays and objects are nested more than " + std::to_string(max_depth()) +
                     " deep; that is the limit",
                 errc::limit_exceeded);
}

tl::unexpected<error> parse_target::too_long_a_key(position where) const {
  return fail_at(where,
                 "a key is longer than " + std::to_string(options_->max_key_bytes) +
                     " bytes; that is the limit",
                 errc::limit_exceeded);
}

result<void> parse_target::given_twice(const repeated_name& repeated) {
  const auto name = std::string{repeated.name};
  if (options_->repeated == repeated_names::refuse)
    return fail_at(repeated.second, "the key '" + name + "' is already given at " +
                                        place(repeated.first) + "; keep one of the two");
  warn("the key '" + name + "' is already given at " + place(repeated.first) +
           "; the last one counts",
       repeated.second);
  return {};
}

void parse_target::warn(std::string message, position where) {
  if (warnings_.size() < max_warnings) warnings_.push_back({std::move(message), where});
}

parsed parse_target::finish() {
  parsed done;
  done.document = writer_.finish();
  done.warnings = std::move(warnings_);
  return done;
}

} // namespace apisync::specs
