#include "sources/published_text.hpp"

#include "specs/canonical.hpp"
#include "specs/openapi.hpp"
#include "specs/parse.hpp"
#include "specs/print.hpp"
#include "specs/rewrite.hpp"

#include <utility>

namespace apisync::sources {

namespace {

result<specs::parsed> read(const std::string& text, const std::string& name) {
  specs::parse_options options;
  options.name = name;
  options.max_bytes = text.size();
  options.repeated = specs::repeated_names::keep_last;
  return specs::parse(text, options);
}

bool reads_as(const specs::parsed& there, std::string_view format) {
  return to_string(there.format) == format;
}

/// What the name of the file promises, else the document's own.
std::string named_format(const publish_order& order) {
  const auto& path = order.to.path;
  if (path.ends_with(".json")) return "json";
  if (path.ends_with(".yaml") || path.ends_with(".yml")) return "yaml";
  return order.format;
}

/// The document anew, where nothing at the place has a layout to keep.
published_text printed(const specs::parsed& document, std::string_view format) {
  const auto root = document.document->root();
  return {format == "yaml" ? specs::to_yaml(root) : specs::to_json(root, 2) + '\n', false, false};
}

} // namespace

result<published_text> text_for(const publish_order& order, std::string text,
                                const std::optional<std::string>& there) {
  if (there && *there == text) return published_text{std::move(text), true, true};
  const auto hash = there ? std::optional{sha256::of(*there)} : std::nullopt;
  const bool ours = hash && hash == order.written;
  if (there && order.shared && !ours && *hash != order.shared->taken)
    return fail(errc::conflict,
                "what is there was changed since source '" + order.shared->source +
                    "' was last synced; it is written once that change is taken in",
                order.target);
  const auto document = read(text, order.target);
  if (!document) return tl::unexpected{document.error()};
  const auto before = there ? read(*there, order.target) : result<specs::parsed>{};
  const bool readable = there && before && specs::recognise(*before->document);
  const auto format = !order.to.format.empty() ? order.to.format
                      : readable               ? std::string{to_string(before->format)}
                                               : named_format(order);
  if (readable && reads_as(*before, format) &&
      specs::content_hash(*before->document) == specs::content_hash(*document->document))
    return published_text{*there, false, true};
  const bool own = format == order.format;
  const bool laid_out = readable && reads_as(*before, format); // in somebody's words
  if (own && (!laid_out || (ours && order.verbatim))) return published_text{std::move(text)};
  if (!laid_out) return printed(*document, format);
  std::vector<specs::written_document> others;
  if (own) others.push_back({text, document->document, document->format});
  auto written =
      specs::rewrite({*there, before->document, before->format}, document->document, others);
  return published_text{std::move(written.text), false, false};
}

} // namespace apisync::sources
