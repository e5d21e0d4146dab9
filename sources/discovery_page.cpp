#include "sources/discovery_page.hpp"

#include "specs/parse.hpp"

#include <algorithm>
#include <array>

namespace apisync::sources {
namespace {

constexpr std::size_t link_bytes_max = 2048;
constexpr std::string_view blanks = " \t\r\n";

/// One of these stands in every page that shows a document.
constexpr std::array page_marks{
    std::string_view{"swagger"},      std::string_view{"Swagger"},
    std::string_view{"redoc"},        std::string_view{"Redoc"},
    std::string_view{"scalar"},       std::string_view{"api-reference"},
    std::string_view{"rapi-doc"},     std::string_view{"elements-api"},
    std::string_view{"service-desc"}, std::string_view{"configUrl"},
};

/// What an address stands behind: a member of a script, an attribute of an element.
constexpr std::array link_names{
    std::string_view{"url"},        std::string_view{"configUrl"},
    std::string_view{"spec-url"},   std::string_view{"specUrl"},
    std::string_view{"data-url"},   std::string_view{"apiDescriptionUrl"},
    std::string_view{"swaggerUrl"},
};

/// Scripts of Swagger UI that hold the address instead of the page.
constexpr std::array script_names{
    std::string_view{"swagger-initializer.js"},
    std::string_view{"swagger-ui-init.js"},
    std::string_view{"index.js"},
};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '$';
}

std::string with_entities_undone(std::string text) {
  constexpr std::array entities{std::pair{"&quot;", "\""}, std::pair{"&#34;", "\""},
                                std::pair{"&#x27;", "'"},  std::pair{"&#39;", "'"},
                                std::pair{"&amp;", "&"},   std::pair{"\\/", "/"}};
  for (const auto& [escaped, plain] : entities) {
    std::string made;
    const std::string_view what{escaped};
    std::size_t from = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, from)) {
      made.append(text, from, at - from).append(plain);
      from = at + what.size();
    }
    text = made.append(text, from);
  }
  return text;
}

void add_link(page_findings& found, std::string_view link) {
  if (link.empty() || link.size() > link_bytes_max || found.links.size() >= page_links_max) return;
  const bool clean =
      std::ranges::all_of(link, [](unsigned char c) { return c > ' ' && c != 0x7F; });
  if (clean && std::ranges::find(found.links, link) == found.links.end())
    found.links.emplace_back(link);
}

/// The quoted text that begins at `at`, after blanks; empty where there is none.
std::string_view quoted(std::string_view text, std::size_t at) {
  at = text.find_first_not_of(blanks, at);
  if (at == text.npos || (text[at] != '"' && text[at] != '\'' && text[at] != '`')) return {};
  const auto end = text.substr(at + 1, link_bytes_max + 1).find(text[at]);
  return end == text.npos ? std::string_view{} : text.substr(at + 1, end);
}

/// `name: "…"`, `"name": "…"`, `name="…"`.
void add_named(page_findings& found, std::string_view text, std::string_view name) {
  for (auto at = text.find(name); at != text.npos; at = text.find(name, at + name.size())) {
    if (at > 0 && is_word(text[at - 1])) continue;
    auto next = at + name.size();
    if (next < text.size() && (text[next] == '"' || text[next] == '\'')) ++next;
    next = text.find_first_not_of(blanks, next);
    if (next == text.npos) return;
    if (text[next] == ':' || text[next] == '=') add_link(found, quoted(text, next + 1));
  }
}

/// The value of an attribute in an element's text, without its `<` and `>`.
std::string_view attribute(std::string_view element, std::string_view name) {
  for (auto at = element.find(name); at != element.npos; at = element.find(name, at + 1)) {
    if (at > 0 && is_word(element[at - 1])) continue;
    const auto next = element.find_first_not_of(blanks, at + name.size());
    if (next != element.npos && element[next] == '=') return quoted(element, next + 1);
  }
  return {};
}

void add_elements(page_findings& found, std::string_view text) {
  for (auto at = text.find('<'); at != text.npos; at = text.find('<', at + 1)) {
    const auto element = text.substr(at + 1, link_bytes_max);
    const auto inner = element.substr(0, element.find('>'));
    if (inner.starts_with("link") && attribute(inner, "rel") == "service-desc")
      add_link(found, attribute(inner, "href"));
    if (!inner.starts_with("script")) continue;
    const auto script = attribute(inner, "src");
    const auto file = script.substr(0, script.find('?'));
    for (const auto name : script_names)
      if (file == name || (file.ends_with(name) && file[file.size() - name.size() - 1] == '/'))
        add_link(found, script);
  }
}

/// `Redoc.init("…"`.
void add_redoc(page_findings& found, std::string_view text) {
  constexpr std::string_view call = "Redoc.init(";
  for (auto at = text.find(call); at != text.npos; at = text.find(call, at + 1))
    add_link(found, quoted(text, at + call.size()));
}

} // namespace

page_findings read_page(std::string_view text) {
  text = text.substr(0, page_read_max);
  page_findings found;
  if (std::ranges::none_of(page_marks,
                           [&](std::string_view mark) { return text.find(mark) != text.npos; }))
    return found;
  const auto plain = with_entities_undone(std::string{text});
  for (const auto name : link_names)
    add_named(found, plain, name);
  add_redoc(found, plain);
  add_elements(found, plain);
  found.embedded =
      plain.find("\"swaggerDoc\"") != plain.npos || plain.find("__redoc_state") != plain.npos;
  return found;
}

std::vector<std::string> read_catalog(std::string_view text) {
  page_findings found;
  specs::parse_options limits;
  limits.format = specs::syntax_choice::json;
  limits.max_bytes = page_read_max;
  limits.max_depth = 16;
  const auto parsed = specs::parse(text, limits);
  if (!parsed || !parsed->document->root().is_object()) return {};
  for (const auto context : parsed->document->root().find("linkset")) {
    if (!context.is_object()) continue;
    for (const auto* const relation : {"service-desc", "item", "api-catalog"})
      for (const auto target : context.find(relation))
        if (target.is_object() && target.find("href").is_string())
          add_link(found, target.find("href").text());
  }
  return found.links;
}

std::optional<std::string> follow_link(std::string_view base, std::string_view link) {
  link = link.substr(0, link.find('#'));
  if (link.empty()) return std::nullopt;
  if (link.starts_with("http://") || link.starts_with("https://")) return std::string{link};
  const auto scheme_end = base.find("://");
  if (scheme_end == base.npos) return std::nullopt;
  if (link.starts_with("//")) return std::string{base.substr(0, scheme_end + 1)}.append(link);
  if (link.substr(0, link.find_first_of("/?")).find(':') != link.npos) return std::nullopt;
  base = base.substr(0, base.find_first_of("?#"));
  const auto path = base.find('/', scheme_end + 3);
  const auto origin = base.substr(0, path);
  if (link.starts_with('/')) return std::string{origin}.append(link);
  if (path == base.npos) return std::string{origin}.append("/").append(link);
  if (link.starts_with('?')) return std::string{base}.append(link);
  return std::string{base.substr(0, base.rfind('/') + 1)}.append(link);
}

} // namespace apisync::sources
