#include "turnd/control/problem.h"

#include <utility>

namespace turnd::control {
namespace {

// The reason phrases of RFC 9110 s15: with type about:blank the title is the status' own (RFC 9457 s4.2.1).
std::string_view title(ProblemCode code) {
  switch (code) {
    case ProblemCode::bad_request:
      return "Bad Request";
    case ProblemCode::not_found:
      return "Not Found";
    case ProblemCode::method_not_allowed:
      return "Method Not Allowed";
    case ProblemCode::timeout:
      return "Request Timeout";
    case ProblemCode::conflict:
      return "Conflict";
    case ProblemCode::too_large:
      return "Content Too Large";
    case ProblemCode::invalid_config:
      return "Unprocessable Content";
    case ProblemCode::header_too_large:
      return "Request Header Fields Too Large";
    case ProblemCode::internal:
      return "Internal Server Error";
    case ProblemCode::unavailable:
      return "Service Unavailable";
  }
  return "";
}

}  // namespace

std::string_view to_string(ProblemCode code) {
  switch (code) {
    case ProblemCode::bad_request:
      return "bad_request";
    case ProblemCode::not_found:
      return "not_found";
    case ProblemCode::method_not_allowed:
      return "method_not_allowed";
    case ProblemCode::timeout:
      return "timeout";
    case ProblemCode::conflict:
      return "conflict";
    case ProblemCode::too_large:
      return "too_large";
    case ProblemCode::invalid_config:
      return "invalid_config";
    case ProblemCode::header_too_large:
      return "header_too_large";
    case ProblemCode::internal:
      return "internal";
    case ProblemCode::unavailable:
      return "unavailable";
  }
  return "";
}

int http_status(ProblemCode code) {
  switch (code) {
    case ProblemCode::bad_request:
      return 400;
    case ProblemCode::not_found:
      return 404;
    case ProblemCode::method_not_allowed:
      return 405;
    case ProblemCode::timeout:
      return 408;
    case ProblemCode::conflict:
      return 409;
    case ProblemCode::too_large:
      return 413;
    case ProblemCode::invalid_config:
      return 422;
    case ProblemCode::header_too_large:
      return 431;
    case ProblemCode::internal:
      return 500;
    case ProblemCode::unavailable:
      return 503;
  }
  return 500;
}

Problem bad_request(std::string detail) { return {ProblemCode::bad_request, std::move(detail), {}}; }
Problem not_found(std::string detail) { return {ProblemCode::not_found, std::move(detail), {}}; }

boost::json::object to_json(const Problem& problem) {
  boost::json::object json{{"type", "about:blank"},
                           {"title", title(problem.code)},
                           {"status", http_status(problem.code)},
                           {"detail", problem.detail},
                           {"code", to_string(problem.code)}};
  if (problem.code == ProblemCode::invalid_config) json["errors"] = problem.errors;
  if (!problem.file.empty()) json["file"] = problem.file;
  return json;
}

}  // namespace turnd::control
