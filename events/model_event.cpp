#include "events/model_event.hpp"

namespace apisync::events {

std::string_view to_string(model_mode value) {
  switch (value) {
  case model_mode::propose:
    return "propose";
  case model_mode::auto_safe:
    return "auto-safe";
  case model_mode::auto_checked:
    return "auto";
  }
  return "propose";
}

std::string_view to_string(model_key_header value) {
  return value == model_key_header::api_key ? "api-key" : "authorization";
}

} // namespace apisync::events
