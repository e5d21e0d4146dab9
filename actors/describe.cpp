#include "actors/describe.hpp"

#include "specs/canonical.hpp"
#include "specs/openapi.hpp"
#include "specs/parse.hpp"
#include "specs/parse_limits.hpp"

namespace apisync::actors {

namespace {

specs::parse_options options_for(const std::string& name, std::uint64_t max_bytes) {
  specs::parse_options options;
  options.name = name;
  options.max_bytes = max_bytes;
  return options;
}

} // namespace

specs::written_document written(const read_text& text) {
  return {*text.bytes, text.document,
          text.format == "json" ? specs::syntax::json : specs::syntax::yaml};
}

std::string merged_text(const read_text& base, const read_text& current, const read_text& incoming,
                        const specs::document_ptr& merged) {
  const auto before = written(base);
  return specs::rewrite_merge(&before, written(current), written(incoming), merged).text;
}

result<read_text> read_document(std::shared_ptr<const std::string> bytes, const std::string& name,
                                std::uint64_t max_bytes, events::duplicate_names duplicates) {
  auto options = options_for(name, max_bytes);
  if (duplicates == events::duplicate_names::last)
    options.repeated = specs::repeated_names::keep_last;
  auto parsed = specs::parse(*bytes, options);
  if (!parsed) return tl::unexpected{parsed.error()};
  auto info = specs::recognise(*parsed->document);
  if (!info) {
    auto problem = info.error();
    if (problem.where.empty()) problem.where = name;
    return tl::unexpected{std::move(problem)};
  }
  read_text out;
  out.document = parsed->document;
  out.text_hash = sha256::of(*bytes);
  out.content = specs::content_hash(*parsed->document);
  out.canonical = specs::canonical_hash(*parsed->document);
  out.format = to_string(parsed->format);
  out.operations = static_cast<std::uint32_t>(info->operations);
  for (const auto& warning : parsed->warnings)
    out.warnings.push_back(specs::to_string(name, warning.where) + ": " + warning.message);
  out.bytes = std::move(bytes);
  return out;
}

result<read_text> load_text(const storage::document_store& documents, const digest& text,
                            const std::string& name, std::uint64_t max_bytes) {
  auto bytes = documents.load(text);
  if (!bytes) return tl::unexpected{bytes.error()};
  // What is stored was accepted once, within the limits of its time.
  auto options = options_for(name, std::max<std::uint64_t>(max_bytes, bytes->size()));
  options.repeated = specs::repeated_names::keep_last;
  auto parsed = specs::parse(*bytes, options);
  if (!parsed) return tl::unexpected{parsed.error()};
  read_text out;
  out.document = parsed->document;
  out.bytes = std::make_shared<const std::string>(std::move(*bytes));
  out.text_hash = text;
  out.format = to_string(parsed->format);
  return out;
}

} // namespace apisync::actors
