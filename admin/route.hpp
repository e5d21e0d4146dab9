#pragma once

#include "admin/message.hpp"

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace apisync::admin {

/// A query parameter of a route; others are refused, so that a slip of the pen is not ignored.
struct query_parameter {
  std::string_view name;
  std::string_view type; ///< `string`, `integer` or `boolean`.
  std::string_view description;
};

/// What a route answers when all is well.
struct answer_shape {
  std::string_view schema; ///< The name of a schema; empty for an answer without JSON.
  enum class kind : std::uint8_t {
    object, ///< The schema's members and `sequence`.
    list,   ///< `items`, `nextCursor` and `sequence`; the route takes `limit` and `cursor`.
    text,   ///< Of `media`, as it stands.
    events, ///< Server-sent events.
  } form = kind::object;
  std::string_view media = "application/json";
  int status = 200;
};

/// One route, as data: the router serves it and `/openapi.json` describes it. The texts are
/// literals.
struct route {
  std::string_view method;
  std::string_view path; ///< `/v1/apis/{id}/revisions/{number}`
  std::string_view operation_id;
  std::string_view summary;
  std::string_view tag;
  role needed = role::read;
  answer_shape answer;
  std::string_view body = {}; ///< The schema of the JSON body; empty when the route takes none.
  bool past = false;          ///< Takes `?at=SEQ|TIME`.
  bool tagged = false;        ///< Answers with an `ETag` and honours `If-None-Match`, `If-Match`.
  std::vector<query_parameter> query = {};
  /// Media types of the body beyond `application/json`.
  std::vector<std::string_view> body_types = {};
  bool safe = false; ///< A POST that changes nothing: an `Idempotency-Key` is of no use to it.
  std::function<response(const request&)> handler;
};

} // namespace apisync::admin
