#include "actors/overlaid_text.hpp"

#include "specs/canonical.hpp"
#include "specs/openapi.hpp"
#include "specs/overlay.hpp"

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

result<overlaid_text> lay_overlays(const std::vector<events::overlay_definition>& overlays,
                                   const read_text& on) {
  overlaid_text out{on, {}};
  auto document = on.document;
  for (const auto& declared : overlays) {
    const auto read = events::read_overlay(declared);
    if (!read) return tl::unexpected{read.error()};
    const auto name = "overlay '" + declared.title + "'";
    auto laid = specs::apply(*read, document, name, {.misfits = specs::overlay_misfits::leave_out});
    if (!laid) return tl::unexpected{laid.error()};
    document = std::move(laid->document);
    for (const auto& one : laid->unmatched)
      out.warnings.push_back(name + ": " + one.message);
  }
  if (document == on.document) return out;
  if (const auto info = specs::recognise(*document); !info)
    return fail(errc::invalid_argument,
                "with its overlays the document is no specification any more: " +
                    info.error().message,
                "overlays");
  out.served = write_over(on, std::move(document));
  return out;
}

} // namespace apisync::actors
