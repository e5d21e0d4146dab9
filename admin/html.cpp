#include "admin/html.hpp"

#include "specs/digest.hpp"

#include <openssl/evp.h>

namespace apisync::admin {
namespace {

constexpr std::string_view style =
    ":root{color-scheme:light dark;--line:#8884;--soft:#8881}"
    "*{box-sizing:border-box}"
    "body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:76rem;padding:1.5rem}"
    "h1{font-size:1.5rem;margin:0 0 1rem;overflow-wrap:anywhere}"
    "h2{font-size:1.1rem;margin:2rem 0 .5rem}"
    "a{color:inherit;text-underline-offset:.2em}a:hover{text-decoration:none}"
    "nav,footer,small{font-size:.8rem;opacity:.75}nav{margin-bottom:.5rem}"
    "footer{border-top:1px solid var(--line);margin-top:2.5rem;padding-top:.75rem}"
    "nav a,footer span{margin-right:1.25rem}small{display:block;overflow-wrap:anywhere}"
    "dl{display:grid;gap:.75rem;grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr));margin:"
    "0}"
    "dl>div{border:1px solid var(--line);border-radius:.5rem;padding:.5rem .9rem}"
    "dt{font-size:.8rem;opacity:.75}dd{font-size:1.25rem;margin:0;overflow-wrap:anywhere}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{border-bottom:1px solid var(--line);padding:.4rem .9rem .4rem 0;text-align:left;"
    "vertical-align:top;overflow-wrap:break-word}"
    "th{font-size:.8rem;font-weight:600;opacity:.75;overflow-wrap:normal;white-space:nowrap}"
    "td.time{white-space:nowrap}tbody tr:hover{background:var(--soft)}"
    "pre,code{font:.9rem/1.5 ui-monospace,monospace}"
    "pre{background:var(--soft);border-radius:.5rem;margin:0;padding:.6rem .9rem;"
    "white-space:pre-wrap;overflow-wrap:anywhere}"
    ".good{color:#1a7f37}.warn{color:#9a6700}.bad{color:#c62828}"
    "@media(prefers-color-scheme:dark){.good{color:#57c972}.warn{color:#dba642}.bad{color:#ff7b72}}"
    // On a narrow screen each row is a block, and each cell says what it is.
    "@media(max-width:44rem){body{padding:1rem}thead{display:none}"
    "table,tbody,tr,td{display:block;overflow-wrap:anywhere}tr{border-bottom:1px solid "
    "var(--line);padding:.5rem 0}"
    "td{border:0;display:grid;gap:.75rem;grid-template-columns:7rem 1fr;padding:.1rem 0}"
    "td:empty{display:none}td::before{content:attr(data-of);font-size:.8rem;opacity:.75}"
    "td.time{white-space:normal}}";

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

std::string link_to(std::string_view link, const std::string& html) {
  bool const ours = link.starts_with('/') && !link.starts_with("//");
  return ours ? "<a href=\"" + escape_html(link) + "\">" + html + "</a>" : html;
}

/// What an element holds; nothing for an empty cell.
std::string inner(const html_page::cell& content) {
  auto html = content.code ? "<pre>" + escape_html(content.text) + "</pre>"
                           : link_to(content.link, escape_html(content.text));
  // A box of its own, so that on narrow screens text and detail stay together.
  if (!content.detail.empty())
    html = "<div>" + html + "<small>" + escape_html(content.detail) + "</small></div>";
  return html;
}

std::string element(std::string_view name, const html_page::cell& content,
                    std::string_view of = {}) {
  std::string html = "<" + std::string{name};
  if (!content.mood.empty()) html += " class=\"" + escape_html(content.mood) + "\"";
  if (!of.empty()) html += " data-of=\"" + escape_html(of) + "\"";
  return html + ">" + inner(content) + "</" + std::string{name} + ">";
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

html_page& html_page::code(std::string_view text) {
  body_ += "<pre>" + escape_html(text) + "</pre>\n";
  return *this;
}

html_page& html_page::crumb(std::string_view text, std::string_view link) {
  crumbs_ += link_to(link, escape_html(text));
  return *this;
}

html_page& html_page::footer(const std::vector<cell>& entries) {
  body_ += "<footer>";
  for (auto const& entry : entries)
    body_ += element("span", entry);
  body_ += "</footer>\n";
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
  body_ += "<table><thead><tr>";
  for (auto const& name : header)
    body_ += "<th scope=\"col\">" + escape_html(name) + "</th>";
  body_ += "</tr></thead>\n<tbody>\n";
  for (auto const& row : rows) {
    body_ += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i)
      body_ += element("td", row[i], i < header.size() ? header[i] : std::string{});
    body_ += "</tr>\n";
  }
  body_ += "</tbody></table>\n";
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
                title + "</title><style>" + std::string{style} + "</style></head>\n<body>\n" +
                (crumbs_.empty() ? "" : "<nav>" + crumbs_ + "</nav>\n") + "<h1>" + title +
                "</h1>\n" + body_ + "</body>\n</html>\n";
  return answer;
}

} // namespace apisync::admin
