#include "events/rule.hpp"

namespace apisync::events {

std::string_view to_string(rule_action value) {
  switch (value) {
  case rule_action::prefer_current:
    return "prefer-current";
  case rule_action::prefer_incoming:
    return "prefer-incoming";
  case rule_action::prefer_source:
    return "prefer-source";
  case rule_action::pin:
    return "pin";
  case rule_action::higher_version:
    return "higher-version";
  case rule_action::ai:
    return "ai";
  case rule_action::manual:
    return "manual";
  }
  return "manual";
}

std::string_view to_string(rule_place value) {
  switch (value) {
  case rule_place::servers:
    return "servers";
  case rule_place::security:
    return "security";
  case rule_place::descriptions:
    return "descriptions";
  case rule_place::examples:
    return "examples";
  case rule_place::operation:
    return "operation";
  case rule_place::schema:
    return "schema";
  case rule_place::extensions:
    return "extensions";
  }
  return "extensions";
}

} // namespace apisync::events
