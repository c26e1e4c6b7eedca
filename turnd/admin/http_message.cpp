#include "turnd/admin/http_message.h"

#include <array>
#include <cstdio>

#include <boost/json/serialize.hpp>

namespace turnd::admin {
namespace {

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 422:
      return "Unprocessable Content";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "";
  }
}

}  // namespace

std::string_view to_string(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::head:
      return "HEAD";
    case Method::post:
      return "POST";
    case Method::del:
      return "DELETE";
    case Method::other:
      return "";
  }
  return "";
}

Response json_response(const boost::json::value& body, int status) {
  Response response;
  response.status = status;
  response.body = boost::json::serialize(body);
  return response;
}

Response problem_response(const control::Problem& problem) {
  Response response = json_response(to_json(problem), http_status(problem.code));
  response.content_type = "application/problem+json";
  return response;
}

std::string to_wire(const Response& response, After after, Part part) {
  std::string wire = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  wire += reason_phrase(response.status);
  wire += "\r\nContent-Type: " + response.content_type + "\r\nCache-Control: no-store\r\n";
  if (!response.allow.empty()) wire += "Allow: " + response.allow + "\r\n";
  wire += after == After::close ? "Connection: close\r\n" : "Connection: keep-alive\r\n";
  if (response.content == Response::Content::events) return wire + "Transfer-Encoding: chunked\r\n\r\n";
  wire += "Content-Length: " + std::to_string(response.body.size()) + "\r\n\r\n";
  if (part == Part::all) wire += response.body;
  return wire;
}

std::string to_chunk(std::string_view data) {
  std::array<char, 24> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", data.size());
  return std::string(size.data()).append(data).append("\r\n");
}

}  // namespace turnd::admin
