#pragma once

#include "admin/route.hpp"

#include <span>
#include <string>
#include <string_view>

namespace apisync::admin {

/// A named JSON Schema (2020-12) of the answers and bodies, as JSON text.
struct named_schema {
  std::string_view name;
  std::string_view json;
};

/// The schemas that the route table names.
std::span<const named_schema> schemas();

/// The OpenAPI 3.1 document of the routes. The same input gives the same bytes.
std::string openapi_document(std::span<const route> routes, std::span<const named_schema> named,
                             std::string_view version);

} // namespace apisync::admin
