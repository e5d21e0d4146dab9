#include "admin/served_document.hpp"

#include "admin/etag.hpp"
#include "specs/parse.hpp"
#include "specs/print.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace apisync::admin {
namespace {

constexpr std::array<std::string_view, 6> yaml_names{
    "application/yaml", "application/x-yaml", "text/yaml",
    "text/x-yaml",      "text/vnd.yaml",      "application/openapi+yaml"};
constexpr std::array<std::string_view, 2> json_names{"application/json",
                                                     "application/openapi+json"};

/// The weight of one range of an `Accept`; 1 where it has none.
double weight_of(std::string_view parameters) {
  auto const at = parameters.find("q=");
  if (at == std::string_view::npos) return 1;
  double weight = 0;
  std::from_chars(parameters.data() + at + 2, parameters.data() + parameters.size(), weight);
  return weight;
}

template <std::size_t N>
bool among(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

} // namespace

result<stored_text> read_stored(const storage::document_store& documents, const digest& text,
                                const std::string& name) {
  auto bytes = documents.load(text);
  if (!bytes) return tl::unexpected{bytes.error()};
  specs::parse_options how;
  how.name = name;
  how.max_bytes = std::max(how.max_bytes, bytes->size());
  how.repeated = specs::repeated_names::keep_last;
  auto parsed = specs::parse(*bytes, how);
  if (!parsed) return tl::unexpected{parsed.error()};
  return stored_text{std::move(*bytes), std::move(*parsed)};
}

std::string_view preferred_format(std::string_view accept, std::string_view written) {
  double json = 0;
  double yaml = 0;
  while (!accept.empty()) {
    auto const comma = accept.find(',');
    auto const range = accept.substr(0, comma);
    accept = comma == std::string_view::npos ? std::string_view{} : accept.substr(comma + 1);
    auto const semicolon = range.find(';');
    auto const name = to_lower(trim(range.substr(0, semicolon)));
    auto const weight = weight_of(
        semicolon == std::string_view::npos ? std::string_view{} : range.substr(semicolon + 1));
    if (among(json_names, name)) json = std::max(json, weight);
    if (among(yaml_names, name)) yaml = std::max(yaml, weight);
  }
  if (json == yaml) return written;
  return json > yaml ? "json" : "yaml";
}

namespace {

result<std::string> converted(const storage::document_store& documents, const digest& text,
                              std::string_view format) {
  auto const stored = read_stored(documents, text, "document");
  if (!stored) return tl::unexpected{stored.error()};
  auto const root = stored->read.document->root();
  return format == "yaml" ? specs::to_yaml(root) : specs::to_json(root, 2) + '\n';
}

} // namespace

result<response> document_answer(const request& asked, const storage::document_store& documents,
                                 const document_text& text, std::string_view format) {
  bool const as_written = format == text.format;
  auto const etag =
      make_etag(text.hash.hex() + (as_written ? std::string{} : "-" + std::string{format}));
  if (auto same = not_modified(asked, etag)) {
    same->headers.set("Vary", "Accept");
    return std::move(*same);
  }
  auto bytes = as_written ? documents.load(text.hash) : converted(documents, text.hash, format);
  if (!bytes) return tl::unexpected{bytes.error()};
  response answer;
  answer.content_type = "application/" + std::string{format};
  answer.body = std::move(*bytes);
  answer.headers.set("ETag", etag);
  answer.headers.set("Vary", "Accept");
  answer.headers.set("X-Content-Type-Options", "nosniff");
  return answer;
}

std::optional<digest> hash_in_etag(std::string_view etag) {
  constexpr std::size_t hex_digits = 64;
  etag = trim(etag);
  if (etag.size() < hex_digits + 2 || etag.front() != '"' || etag.back() != '"')
    return std::nullopt;
  auto const suffix = etag.substr(1 + hex_digits, etag.size() - hex_digits - 2);
  if (!suffix.empty() && suffix != "-json" && suffix != "-yaml") return std::nullopt;
  return digest::from_hex(etag.substr(1, hex_digits));
}

} // namespace apisync::admin
