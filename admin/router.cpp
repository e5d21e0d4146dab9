#include "admin/router.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <set>

namespace apisync::admin {
namespace {

using segments = std::vector<std::string_view>;

/// The number of literal segments when the path fits, so that `/a/b` wins over `/a/{id}`.
std::optional<std::size_t> match(const segments& wanted, const std::vector<std::string>& path) {
  if (wanted.size() != path.size()) return std::nullopt;
  std::size_t literals = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    bool const is_parameter = !parameter_name(wanted[i]).empty();
    if (is_parameter ? path[i].empty() : wanted[i] != path[i]) return std::nullopt;
    literals += is_parameter ? 0 : 1;
  }
  return literals;
}

bool is_integer(std::string_view text) {
  std::uint64_t value = 0;
  auto const [stop, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && status == std::errc{} && stop == text.data() + text.size();
}

problem bad_parameter(const std::string& name, std::string detail) {
  problem answer;
  answer.status = 400;
  answer.code = "invalid_argument";
  answer.detail = std::move(detail);
  answer.where = name;
  return answer;
}

bool is_common_parameter(const route& chosen, std::string_view name) {
  if (chosen.answer.form == answer_shape::kind::list && (name == "limit" || name == "cursor"))
    return true;
  return chosen.past && name == "at";
}

std::optional<problem> check_query(const route& chosen, const request& asked) {
  std::set<std::string_view> seen;
  for (auto const& [name, value] : asked.target.query) {
    if (!seen.insert(name).second)
      return bad_parameter(name, "the query parameter " + name + " is given twice");
    if (is_common_parameter(chosen, name)) continue;
    auto const known = std::ranges::find(chosen.query, name, &query_parameter::name);
    if (known == chosen.query.end())
      return bad_parameter(name, "there is no query parameter " + name +
                                     " here: /openapi.json lists "
                                     "what " +
                                     std::string{chosen.operation_id} + " takes");
    if (known->type == "integer" && !is_integer(value))
      return bad_parameter(name, name + " must be a whole number");
    if (known->type == "boolean" && value != "true" && value != "false")
      return bad_parameter(name, name + " must be true or false");
  }
  return std::nullopt;
}

std::optional<problem> check_body_type(const route& chosen, const request& asked) {
  std::vector<std::string_view> accepted;
  if (!chosen.body.empty() || !chosen.body_types.empty()) {
    accepted.emplace_back("application/json");
    accepted.insert(accepted.end(), chosen.body_types.begin(), chosen.body_types.end());
  } else if (asked.body.empty()) {
    accepted.emplace_back("application/json"); // announced by clients that always do, and harmless
  }
  return check_content_type(asked, accepted);
}

response no_such_path(const request& asked) {
  return to_response(error{errc::not_found,
                           "there is nothing at this path: /openapi.json lists what there is", ""},
                     asked.target.path);
}

response no_such_method(const request& asked, const std::set<std::string_view>& methods) {
  std::string allowed;
  for (auto const method : methods)
    allowed += (allowed.empty() ? "" : ", ") + std::string{method};
  problem answer;
  answer.status = 405;
  answer.code = "method_not_allowed";
  answer.detail = asked.method + " is not possible here, only " + allowed;
  answer.headers.set("Allow", allowed);
  return to_response(answer, asked.target.path);
}

} // namespace

std::string_view parameter_name(std::string_view segment) {
  if (segment.size() > 2 && segment.front() == '{' && segment.back() == '}')
    return segment.substr(1, segment.size() - 2);
  return {};
}

std::vector<std::string_view> template_segments(std::string_view path) {
  segments pieces;
  for (auto rest = path.substr(1); !rest.empty();) {
    auto const end = rest.find('/');
    pieces.push_back(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  }
  return pieces;
}

router::router(std::vector<route> routes, access_policy policy)
    : routes_{std::move(routes)}, policy_{std::move(policy)} {
  compiled_.reserve(routes_.size());
  for (auto const& entry : routes_)
    compiled_.push_back({template_segments(entry.path)});
}

response router::answer(request& asked) const {
  if (auto const refused = check_host(asked, policy_))
    return to_response(*refused, asked.target.path);
  std::string_view const method = asked.method == "HEAD" ? "GET" : std::string_view{asked.method};
  const route* chosen = nullptr;
  std::size_t best = 0;
  std::set<std::string_view> methods;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    auto const literals = match(compiled_[i].segments, asked.target.segments);
    if (!literals) continue;
    methods.insert(routes_[i].method);
    if (routes_[i].method == "GET") methods.insert("HEAD");
    if (routes_[i].method == method && (chosen == nullptr || *literals > best)) {
      chosen = &routes_[i];
      best = *literals;
    }
  }
  if (methods.empty()) return no_such_path(asked);
  return chosen == nullptr ? no_such_method(asked, methods) : serve(*chosen, asked);
}

response router::serve(const route& chosen, request& asked) const {
  auto refused = authorize(asked, chosen.needed, policy_);
  if (!refused) refused = check_origin(asked);
  if (!refused) refused = check_body_type(chosen, asked);
  if (!refused) refused = check_query(chosen, asked);
  if (refused) return to_response(*refused, asked.target.path);
  auto const pieces = template_segments(chosen.path);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (auto const name = parameter_name(pieces[i]); !name.empty())
      asked.params.emplace_back(name, asked.target.segments[i]);
  }
  return chosen.handler(asked);
}

} // namespace apisync::admin
