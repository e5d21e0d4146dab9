#include "sources/discovery_page.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace apisync::fuzz {

namespace {

void links(const std::vector<std::string>& found) {
  require(found.size() <= sources::page_links_max, "links are bounded");
  for (const auto& link : found) {
    require(!link.empty() && link.find_first_of(" \r\n\t") == link.npos, "a link is one word");
    const auto url = sources::follow_link("https://a.example/b/c?d", link);
    require(!url || url->starts_with("http"), "what is followed is http");
  }
}

} // namespace

void page(std::string_view input) {
  links(sources::read_page(input).links);
  links(sources::read_catalog(input));
  static_cast<void>(sources::follow_link(input, "a"));
}

} // namespace apisync::fuzz
