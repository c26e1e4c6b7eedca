// Router: finds the route of a request and turns whatever its handler says into a response.
#pragma once

#include <vector>

#include "turnd/admin/http_message.h"
#include "turnd/admin/route.h"

namespace turnd::admin {

class Router {
 public:
  // Both outlive the router.
  Router(const Context& context, const std::vector<Route>& routes) : context_(context), routes_(routes) {}

  // Never throws: what a handler throws is logged and answered with 500.
  [[nodiscard]] Response answer(const Request& request) const;

 private:
  [[nodiscard]] control::Parsed<Response> dispatch(const Request& request) const;
  [[nodiscard]] Response refuse_method(std::string_view allow) const;

  const Context& context_;
  const std::vector<Route>& routes_;
};

}  // namespace turnd::admin
