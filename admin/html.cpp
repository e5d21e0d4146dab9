#include "admin/html.hpp"

#include "specs/digest.hpp"

#include <openssl/evp.h>

namespace apisync::admin {
namespace {

constexpr std::string_view style =
    ":root{color-scheme:light dark;--line:#8884;--soft:#8881}"
    "body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:72rem;padding:1.5rem}"
    "h1{font-size:1.5rem;margin:0 0 1rem}h2{font-size:1.1rem;margin:2rem 0 .5rem}"
    "a{color:inherit}a:hover{text-decoration:none}"
    "dl{display:flex;flex-wrap:wrap;gap:.75rem;margin:0}"
    "dl div{border:1px solid var(--line);border-radius:.5rem;min-width:7rem;padding:.5rem .9rem}"
    "dt{font-size:.8rem;opacity:.75}dd{font-size:1.35rem;margin:0}"
    ".scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}"
    "th,td{border-bottom:1px solid var(--line);padding:.4rem .8rem .4rem 0;text-align:left;"
    "vertical-align:top}th{font-size:.8rem;font-weight:600;opacity:.75}"
    "tbody tr:hover{background:var(--soft)}"
    ".good{color:#1a7f37}.warn{color:#9a6700}.bad{color:#c62828}"
    "@media(prefers-color-scheme:dark){.good{color:#57c972}.warn{color:#dba642}.bad{color:#ff7b72}"
    "}";

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  auto const size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                    reinterpret_cast<const unsigned char*>(bytes.data()),
                                    static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

/// Allows exactly our style sheet, by its hash (CSP level 3), and nothing else.
const std::string& content_security_policy() {
  static const std::string policy =
      "default-src 'none'; style-src 'sha256-" + base64(sha256::of(style).view()) +
      "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  return policy;
}

std::string element(std::string_view name, const html_page::cell& content) {
  std::string html = "<" + std::string{name};
  if (!content.mood.empty()) html += " class=\"" + escape_html(content.mood) + "\"";
  html += '>';
  bool const linked = content.link.starts_with('/') && !content.link.starts_with("//");
  if (linked) html += "<a href=\"" + escape_html(content.link) + "\">";
  html += escape_html(content.text);
  if (linked) html += "</a>";
  return html + "</" + std::string{name} + ">";
}

} // namespace

std::string escape_html(std::string_view text) {
  std::string html;
  html.reserve(text.size());
  for (char const c : text) {
    switch (c) {
    case '&':
      html += "&amp;";
      break;
    case '<':
      html += "&lt;";
      break;
    case '>':
      html += "&gt;";
      break;
    case '"':
      html += "&quot;";
      break;
    case '\'':
      html += "&#39;";
      break;
    default:
      html += c;
    }
  }
  return html;
}

html_page::html_page(std::string_view title) : title_{title} {}

html_page& html_page::heading(std::string_view text) {
  body_ += "<h2>" + escape_html(text) + "</h2>\n";
  return *this;
}

html_page& html_page::paragraph(std::string_view text) {
  body_ += "<p>" + escape_html(text) + "</p>\n";
  return *this;
}

html_page& html_page::facts(const std::vector<std::pair<std::string, cell>>& entries) {
  body_ += "<dl>\n";
  for (auto const& [name, value] : entries)
    body_ += "<div><dt>" + escape_html(name) + "</dt>" + element("dd", value) + "</div>\n";
  body_ += "</dl>\n";
  return *this;
}

html_page& html_page::table(const std::vector<std::string>& header,
                            const std::vector<std::vector<cell>>& rows,
                            std::string_view when_empty) {
  if (rows.empty()) return paragraph(when_empty);
  body_ += "<div class=\"scroll\"><table><thead><tr>";
  for (auto const& name : header)
    body_ += "<th scope=\"col\">" + escape_html(name) + "</th>";
  body_ += "</tr></thead>\n<tbody>\n";
  for (auto const& row : rows) {
    body_ += "<tr>";
    for (auto const& content : row)
      body_ += element("td", content);
    body_ += "</tr>\n";
  }
  body_ += "</tbody></table></div>\n";
  return *this;
}

response html_page::finish() const {
  response answer;
  answer.content_type = "text/html; charset=utf-8";
  answer.headers.set("Content-Security-Policy", content_security_policy());
  answer.headers.set("X-Content-Type-Options", "nosniff");
  answer.headers.set("Referrer-Policy", "no-referrer");
  answer.headers.set("Cache-Control", "no-store");
  auto const title = escape_html(title_);
  answer.body = "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
                "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                "<title>" +
                title + "</title><style>" + std::string{style} + "</style></head>\n<body>\n<h1>" +
                title + "</h1>\n" + body_ + "</body>\n</html>\n";
  return answer;
}

} // namespace apisync::admin
