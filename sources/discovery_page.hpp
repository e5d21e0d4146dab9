#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apisync::sources {

/// How much of a page is looked at, in bytes; the rest is ignored.
inline constexpr std::size_t page_read_max = 512U << 10;
/// How many links are taken from one page.
inline constexpr std::size_t page_links_max = 32;

/// What a page for people says of the document that it shows.
struct page_findings {
  std::vector<std::string> links; ///< As written, each once, in order.
  bool embedded = false;          ///< The document stands in the page itself.
};

/// Reads a page of Swagger UI, Redoc, Scalar, RapiDoc or Stoplight Elements, one of their scripts
/// or configurations, or a page with `rel="service-desc"` (RFC 8631): the addresses of documents,
/// and of scripts that name them. Nothing for any other text. Never fails, whatever the text.
page_findings read_page(std::string_view text);

/// The addresses that a linkset (RFC 9264, JSON) gives as `service-desc`, as `item` or as
/// `api-catalog`, as RFC 9727 has them; nothing for any other text.
std::vector<std::string> read_catalog(std::string_view text);

/// The address that a link on the page at `base` leads to (RFC 3986 section 5, but for dot
/// segments, which stay). Nothing for a link to something other than http or https, or to the page
/// itself.
std::optional<std::string> follow_link(std::string_view base, std::string_view link);

} // namespace apisync::sources
