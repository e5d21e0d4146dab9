#pragma once

#include "admin/guard.hpp"
#include "admin/route.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace apisync::admin {

/// Serves a table of routes behind the access checks.
class router {
public:
  /// @pre no two routes have the same method and path, or the same operation id
  router(std::vector<route> routes, access_policy policy);

  /// Checks host, path (404), method (405 with `Allow`), token, origin, content type and query
  /// parameters, in this order, then calls the handler. `HEAD` is answered by `GET`'s handler.
  /// Thread-safe, as far as the handlers are.
  response answer(request& asked) const;

  [[nodiscard]] const std::vector<route>& routes() const { return routes_; }

private:
  struct compiled {
    std::vector<std::string_view> segments; ///< `{name}` or a literal.
  };

  response serve(const route& chosen, request& asked) const;

  std::vector<route> routes_;
  std::vector<compiled> compiled_; ///< In the order of `routes_`.
  access_policy policy_;
};

/// The segments of a path template, in order: `v1`, `apis`, `{id}`.
std::vector<std::string_view> template_segments(std::string_view path);

/// The name in a segment such as `{id}`; empty for a literal.
std::string_view parameter_name(std::string_view segment);

} // namespace apisync::admin
