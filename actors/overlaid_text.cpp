#include "actors/overlaid_text.hpp"

#include "specs/canonical.hpp"
#include "specs/openapi.hpp"
#include "specs/overlay.hpp"

#include <algorithm>

namespace apisync::actors {

namespace {

/// The text that says what the document says, in the words of the other.
read_text write_over(const read_text& text, specs::document_ptr document) {
  read_text made;
  made.bytes = std::make_shared<const std::string>(specs::rewrite(written(text), document).text);
  made.text_hash = sha256::of(*made.bytes);
  made.content = specs::content_hash(*document);
  made.format = text.format;
  made.document = std::move(document);
  return made;
}

} // namespace

result<overlaid_document> lay_overlays(const std::vector<events::overlay_definition>& overlays,
                                       const specs::document_ptr& on) {
  // What curates a document does not make many times as much of it.
  const auto nodes =
      std::min<std::size_t>(specs::overlay_limits{}.max_nodes, 100'000 + 4 * on->node_count());
  overlaid_document out{on, {}};
  for (const auto& declared : overlays) {
    const auto read = events::read_overlay(declared);
    if (!read) return tl::unexpected{read.error()};
    const auto name = "overlay '" + declared.title + "'";
    auto laid = specs::apply(*read, out.document, name,
                             {.max_nodes = nodes, .misfits = specs::overlay_misfits::leave_out});
    if (!laid) return tl::unexpected{laid.error()};
    out.document = std::move(laid->document);
    for (const auto& one : laid->unmatched)
      out.warnings.push_back(name + ": " + one.message);
  }
  if (out.document == on) return out;
  if (const auto info = specs::recognise(*out.document); !info)
    return fail(errc::invalid_argument,
                "with its overlays the document is no specification any more: " +
                    info.error().message,
                "overlays");
  return out;
}

result<overlaid_text> overlay_text(const std::vector<events::overlay_definition>& overlays,
                                   const read_text& on) {
  auto laid = lay_overlays(overlays, on.document);
  if (!laid) return tl::unexpected{laid.error()};
  if (laid->document == on.document) return overlaid_text{on, std::move(laid->warnings)};
  return overlaid_text{write_over(on, std::move(laid->document)), std::move(laid->warnings)};
}

} // namespace apisync::actors
