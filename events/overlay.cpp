#include "events/overlay.hpp"

#include "specs/parse.hpp"

namespace apisync::events {

result<specs::overlay> read_overlay(const overlay_definition& declared) {
  const auto name = "overlay '" + declared.title + "'";
  auto parsed = specs::parse(declared.document.text, {.name = name});
  if (!parsed) return tl::unexpected{parsed.error()};
  return specs::read_overlay(parsed->document, name);
}

result<void> check(const std::vector<overlay_definition>& overlays) {
  if (overlays.size() > overlay_definition::max_count)
    return fail(errc::limit_exceeded, "an API takes at most " +
                                          std::to_string(overlay_definition::max_count) +
                                          " overlays; put several into one");
  std::size_t all = 0;
  for (const auto& one : overlays) {
    all += one.document.text.size();
    if (one.document.text.size() > overlay_definition::max_bytes)
      return fail(errc::limit_exceeded,
                  "an overlay takes at most 256 KiB, and this one has " +
                      std::to_string(one.document.text.size()) + " bytes; split it",
                  "overlay '" + one.title + "'");
    if (const auto read = read_overlay(one); !read) return tl::unexpected{read.error()};
  }
  if (all > overlay_definition::max_bytes_all)
    return fail(errc::limit_exceeded, "the overlays of an API take at most 1 MiB, and these have " +
                                          std::to_string(all) + " bytes");
  return {};
}

} // namespace apisync::events
