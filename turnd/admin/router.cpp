#include "turnd/admin/router.h"

#include <algorithm>
#include <exception>
#include <optional>

#include <spdlog/spdlog.h>

#include "turnd/control/text.h"

namespace turnd::admin {
namespace {

std::string_view take_segment(std::string_view& path) {
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(std::min(path.size(), segment.size() + 1));
  return segment;
}

// The segment that stands for {…}, or an empty one; nullopt: another path. Segments are compared as sent, and only
// the one in braces is decoded later: an encoded slash is no separator.
std::optional<std::string_view> match(std::string_view pattern, std::string_view path) {
  if (std::ranges::count(pattern, '/') != std::ranges::count(path, '/')) return std::nullopt;
  std::string_view name;
  while (!pattern.empty() || !path.empty()) {
    const std::string_view expected = take_segment(pattern);
    const std::string_view segment = take_segment(path);
    if (expected.starts_with('{') && !segment.empty()) {
      name = segment;
    } else if (expected != segment) {
      return std::nullopt;
    }
  }
  return name;
}

Method served_as(Method method) { return method == Method::head ? Method::get : method; }

void append_allowed(std::string& allow, Method method) {
  if (!allow.empty()) allow += ", ";
  allow += to_string(method);
  if (method == Method::get) allow += ", HEAD";
}

}  // namespace

Response Router::answer(const Request& request) const {
  try {
    const control::Parsed<Response> response = dispatch(request);
    return response ? *response : problem_response(response.error());
  } catch (const std::exception& error) {
    spdlog::error("{} {}: {}", to_string(request.method), control::printable(request.path), error.what());
    return problem_response({control::ProblemCode::internal, "The server failed to answer; its log says why", {}});
  }
}

control::Parsed<Response> Router::dispatch(const Request& request) const {
  std::string allow;
  for (const Route& route : routes_) {
    const std::optional<std::string_view> segment = match(route.pattern, request.path);
    if (!segment) continue;
    if (route.method != served_as(request.method)) {
      append_allowed(allow, route.method);
      continue;
    }
    const std::optional<std::string> name = control::percent_decode(*segment);
    if (!name) return control::bad_request("The path is not percent-encoded UTF-8");
    const auto query = control::Parameters::parse(request.query, route.parameters);
    if (!query) return query.error();
    return route.handler({context_, *query, request.body, *name});
  }
  if (!allow.empty()) return refuse_method(allow);
  return control::not_found("There is nothing at " + control::printable(request.path));
}

Response Router::refuse_method(std::string_view allow) const {
  Response response = problem_response(
      {control::ProblemCode::method_not_allowed, "Only " + std::string(allow) + " is answered here", {}});
  response.allow = allow;
  return response;
}

}  // namespace turnd::admin
