#include "signaling/api/answers.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace signaling::api {
namespace {

boost::json::object errors_of(const protocol::Failure& failure) {
  boost::json::object errors;
  for (const auto& [field, texts] : failure.errors) {
    boost::json::array all;
    for (const std::string& text : texts) all.emplace_back(text);
    errors[field] = std::move(all);
  }
  return errors;
}

// Whole seconds, rounded up: who comes back that late is served.
std::string retry_after(std::chrono::milliseconds wait) {
  return std::to_string(std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(wait).count()));
}

net::Response file_answer(const net::Request& request, const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) {
    net::Response gone;
    gone.status = 404;
    return gone;
  }
  return net::file_response(request, path, static_cast<std::uint64_t>(found.st_size));
}

}  // namespace

net::Response json_response(unsigned status, const boost::json::value& body) {
  net::Response response;
  response.status = status;
  response.fields.emplace_back("Content-Type", "application/json");
  response.fields.emplace_back("Cache-Control", "no-store");
  response.body = boost::json::serialize(body);
  return response;
}

boost::json::object failure_json(const protocol::Failure& failure, unsigned status, std::string_view request_id) {
  const std::string message = failure.message.empty() ? std::string(default_message(failure.code)) : failure.message;
  return {{"success", false},           {"error", message},
          {"message", message},         {"code", to_string(failure.code)},
          {"statusCode", status},       {"errors", errors_of(failure)},
          {"details", failure.details}, {"requestId", request_id}};
}

net::Response failure_response(const protocol::Failure& failure, std::string_view request_id) {
  const auto status = static_cast<unsigned>(protocol::http_status(failure.code));
  net::Response response = json_response(status, failure_json(failure, status, request_id));
  if (failure.retry_after)
    response.fields.emplace_back("Retry-After", retry_after(*failure.retry_after));
  else if (status == 429 || status == 503)
    response.fields.emplace_back("Retry-After", "1");
  if (status == 401) response.fields.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

net::Response to_response(const net::Request& request, Reply reply) {
  net::Response response;
  if (reply.file)
    response = file_answer(request, *reply.file);
  else if (reply.text)
    response.body = std::move(*reply.text);
  else if (!reply.body.is_null())
    response = json_response(reply.status, reply.body);
  const bool is_json = !reply.file && !reply.text && !reply.body.is_null();
  if (!is_json) response.fields.emplace_back("Cache-Control", "no-store");
  if (!reply.file) response.status = reply.status;
  for (auto& field : reply.fields) response.fields.push_back(std::move(field));
  return response;
}

}  // namespace signaling::api
