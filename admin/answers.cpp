#include "admin/answers.hpp"

#include "admin/etag.hpp"
#include "events/json_object.hpp"

#include <exception>

namespace apisync::admin {

std::function<response(const request&)> answering(fallible_handler handler) {
  return [handler = std::move(handler)](const request& asked) {
    try {
      auto answer = handler(asked);
      return answer ? std::move(*answer) : to_response(answer.error(), asked.target.path);
    } catch (const std::exception& thrown) {
      return to_response(error{errc::internal, thrown.what(), {}}, asked.target.path);
    }
  };
}

std::string with_sequence(std::string json, events::sequence at) {
  json.pop_back();
  json += json.size() > 1 ? ",\"sequence\":" : "\"sequence\":";
  return json + std::to_string(at) + '}';
}

response with_sequence_field(response answer, events::sequence at) {
  answer.headers.set("Apisync-Sequence", std::to_string(at));
  return answer;
}

response json_answer(std::string json, int status) {
  response answer;
  answer.status = status;
  answer.body = std::move(json);
  return answer;
}

std::string thing_etag(std::string_view json) {
  constexpr std::size_t digits = 32;
  return make_etag(sha256::of(json).hex().substr(0, digits));
}

response thing_answer(const request& asked, std::string json, events::sequence at, int status) {
  auto const etag = thing_etag(json);
  return tagged_answer(asked, std::move(json), etag, at, status);
}

response tagged_answer(const request& asked, std::string json, const std::string& etag,
                       events::sequence at, int status) {
  if (auto same = not_modified(asked, etag)) return with_sequence_field(std::move(*same), at);
  auto answer = json_answer(with_sequence(std::move(json), at), status);
  answer.headers.set("ETag", etag);
  return answer;
}

response list_answer(std::vector<list_item> items, std::size_t limit, events::sequence at) {
  std::string body = "{\"items\":[";
  std::string next = "null";
  if (items.size() > limit) {
    items.resize(limit);
    next = '"' + make_cursor(items.back().key) + '"';
  }
  for (bool first = true; auto const& item : items) {
    if (!first) body += ',';
    first = false;
    body += item.json;
  }
  body += "],\"nextCursor\":" + next + '}';
  return json_answer(with_sequence(std::move(body), at));
}

response removed_answer(std::string_view id, events::sequence at) {
  events::json_object out;
  out.member("id", id).member("removed", true).member("sequence", at);
  return json_answer(out.finish().text);
}

} // namespace apisync::admin
