#include "admin/etag.hpp"

#include "specs/digest.hpp"

namespace apisync::admin {
namespace {

std::string_view without_weakness(std::string_view tag) {
  return tag.starts_with("W/") ? tag.substr(2) : tag;
}

problem failed(std::string detail) {
  problem answer;
  answer.status = 412;
  answer.code = "conflict";
  answer.detail = std::move(detail);
  return answer;
}

} // namespace

std::string make_etag(std::string_view opaque) {
  return "\"" + std::string{opaque} + "\"";
}

bool etag_matches(std::string_view list, std::string_view etag, bool weak) {
  if (trim(list) == "*") return !etag.empty();
  while (!list.empty()) {
    auto const comma = list.find(','); // our tags have no commas
    auto const candidate = trim(list.substr(0, comma));
    if (candidate == etag || (weak && without_weakness(candidate) == without_weakness(etag)))
      return !etag.empty();
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  }
  return false;
}

std::optional<response> not_modified(const request& asked, std::string_view etag) {
  if (!asked.is_read() || !etag_matches(asked.headers.get("If-None-Match"), etag, true))
    return std::nullopt;
  response answer;
  answer.status = 304;
  answer.headers.set("ETag", std::string{etag});
  return answer;
}

std::optional<problem> check_preconditions(const request& asked, std::string_view etag) {
  if (asked.headers.has("If-Match") && !etag_matches(asked.headers.get("If-Match"), etag, false))
    return failed("somebody else has changed it: read it again, repeat the change on what is there "
                  "now, and send the new ETag in If-Match");
  if (!asked.is_read() && asked.headers.has("If-None-Match") &&
      etag_matches(asked.headers.get("If-None-Match"), etag, true))
    return failed("it exists already, and If-None-Match asks not to overwrite it");
  return std::nullopt;
}

namespace {

/// `"DECLARATION-`; the whole tag where it has no second part.
std::string_view declaration_in(std::string_view etag) {
  return etag.substr(0, etag.find('-'));
}

} // namespace

std::string declared_etag(std::string_view declaration, std::string_view shown) {
  constexpr std::size_t digits = 20; // each
  return make_etag(sha256::of(declaration).hex().substr(0, digits) + "-" +
                   sha256::of(shown).hex().substr(0, digits));
}

std::optional<problem> check_declaration(const request& asked, std::string_view etag) {
  auto list = asked.headers.get("If-Match");
  if (list.empty() || trim(list) == "*") return std::nullopt;
  while (!list.empty()) {
    auto const comma = list.find(','); // our tags have no commas
    if (declaration_in(trim(list.substr(0, comma))) == declaration_in(etag)) return std::nullopt;
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  }
  return check_preconditions(asked, etag);
}

response overtaken(const request& asked, const error& failure) {
  auto answer = to_problem(failure);
  if (failure.code == errc::conflict && asked.headers.has("If-Match")) answer.status = 412;
  return to_response(answer, asked.target.path);
}

} // namespace apisync::admin
