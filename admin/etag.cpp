#include "admin/etag.hpp"

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

} // namespace apisync::admin
