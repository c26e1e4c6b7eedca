// The answers of the API on the wire: JSON, and the one form of errors (R5).
#pragma once

#include <string>
#include <string_view>

#include "signaling/api/route.h"
#include "signaling/net/http.h"
#include "signaling/protocol/failure.h"

namespace signaling::api {

[[nodiscard]] net::Response json_response(unsigned status, const boost::json::value& body);
// The eight members of every error (R5).
[[nodiscard]] boost::json::object failure_json(const protocol::Failure& failure, unsigned status,
                                               std::string_view request_id);
[[nodiscard]] net::Response failure_response(const protocol::Failure& failure, std::string_view request_id);
// `request` decides about Range.
[[nodiscard]] net::Response to_response(const net::Request& request, Reply reply);

}  // namespace signaling::api
