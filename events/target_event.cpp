#include "events/target_event.hpp"

#include "events/event.hpp"

namespace apisync::events {

std::string_view to_string(target_kind value) {
  switch (value) {
  case target_kind::file:
    return "file";
  case target_kind::http:
    return "http";
  case target_kind::git:
    return "git";
  }
  return "file";
}

std::string_view to_string(target_method value) {
  return value == target_method::post ? "POST" : "PUT";
}

std::string_view to_string(target_document value) {
  return value == target_document::released ? "released" : "current";
}

std::string_view to_string(target_format value) {
  return value == target_format::yaml ? "yaml" : "json";
}

result<void> check(const target_definition& target) {
  const auto where = "target/" + target.id;
  if (!valid_id(target.id))
    return fail(errc::invalid_argument, "'" + target.id + "' is not a target's id", where);
  if (!valid_id(target.api))
    return fail(errc::invalid_argument, "a target needs the id of its 'api'", where);
  if (target.kind != target_kind::http && target.path.empty())
    return fail(errc::invalid_argument, "a target needs the 'path' of the file to write", where);
  if (target.kind != target_kind::file && target.url.empty())
    return fail(errc::invalid_argument, "a target needs the address to write to", where);
  if (target.kind == target_kind::git && target.branch.empty())
    return fail(errc::invalid_argument, "a git target needs the 'branch' to write to", where);
  return {};
}

std::string place_of(const target_definition& target) {
  switch (target.kind) {
  case target_kind::file:
    return target.path;
  case target_kind::http:
    return target.url;
  case target_kind::git:
    return target.url + ' ' + target.branch + ':' + target.path;
  }
  return target.path;
}

} // namespace apisync::events
