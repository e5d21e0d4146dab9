#include "events/judging.hpp"

#include "specs/parse.hpp"
#include "specs/rule_config.hpp"

namespace apisync::events {

namespace {

result<specs::rule_config> read_rules(const raw_json& rules) {
  const std::string name = "compatibility";
  const auto parsed = specs::parse(rules.text, {.name = name});
  if (!parsed) return tl::unexpected{parsed.error()};
  return specs::read_rule_config(*parsed->document, name);
}

} // namespace

result<specs::compat_options> judging(const api_definition& api, std::string today) {
  specs::compat_options out;
  out.as_of = std::move(today);
  if (!api.compatibility) return out;
  auto rules = read_rules(*api.compatibility);
  if (!rules) return tl::unexpected{rules.error()};
  out.rules = std::move(*rules);
  return out;
}

result<void> check_compatibility(const raw_json& rules) {
  const auto read = read_rules(rules);
  return read ? result<void>{} : tl::unexpected{read.error()};
}

} // namespace apisync::events
