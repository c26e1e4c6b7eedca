// The OpenAPI 3.1 document of the control API, made from its routes (operations.md D26).
#pragma once

#include <span>
#include <string_view>

#include <boost/json/object.hpp>

#include "turnd/admin/route.h"

namespace turnd::admin {

[[nodiscard]] boost::json::object openapi_document(std::span<const Route> routes);

// components/schemas as JSON text.
[[nodiscard]] std::string_view openapi_schemas();

}  // namespace turnd::admin
