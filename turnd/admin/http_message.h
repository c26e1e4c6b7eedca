// A request and its reply as the routes see them: no socket, no parser.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "turnd/control/problem.h"

namespace turnd::admin {

enum class Method : std::uint8_t { get, head, post, del, other };
std::string_view to_string(Method method);  // "GET"; "" for other

struct Request {
  Method method = Method::other;
  std::string path;   // as sent, percent-encoded
  std::string query;  // what follows the '?', as sent
  std::string body;
};

struct Response {
  enum class Content : std::uint8_t {
    whole,
    events,  // the header, then the event stream for as long as the client stays
  };
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::string allow;  // of a 405
  Content content = Content::whole;
};

[[nodiscard]] Response json_response(const boost::json::value& body, int status = 200);
[[nodiscard]] Response problem_response(const control::Problem& problem);

// What becomes of the connection after the response.
enum class After : std::uint8_t { keep_alive, close };
// A HEAD is answered with the header of the GET (RFC 9110 s9.3.2).
enum class Part : std::uint8_t { all, header };

// The response as bytes of HTTP/1.1. An event stream's header announces chunks (RFC 9112 s7.1).
[[nodiscard]] std::string to_wire(const Response& response, After after, Part part);
// One chunk of a chunked body; `data` is not empty.
[[nodiscard]] std::string to_chunk(std::string_view data);

}  // namespace turnd::admin
