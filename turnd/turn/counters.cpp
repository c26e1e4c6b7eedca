#include "turnd/turn/counters.h"

namespace turnd::turn {

std::string_view to_string(RequestMethod method) {
  switch (method) {
    case RequestMethod::binding:
      return "binding";
    case RequestMethod::allocate:
      return "allocate";
    case RequestMethod::refresh:
      return "refresh";
    case RequestMethod::create_permission:
      return "create_permission";
    case RequestMethod::channel_bind:
      return "channel_bind";
    case RequestMethod::connect:
      return "connect";
    case RequestMethod::connection_bind:
      return "connection_bind";
    case RequestMethod::other:
      return "other";
  }
  return "";
}

std::string_view to_string(RequestResult result) {
  switch (result) {
    case RequestResult::success:
      return "success";
    case RequestResult::bad_request:
      return "bad_request";
    case RequestResult::unauthenticated:
      return "unauthenticated";
    case RequestResult::forbidden:
      return "forbidden";
    case RequestResult::unknown_attribute:
      return "unknown_attribute";
    case RequestResult::allocation_mismatch:
      return "allocation_mismatch";
    case RequestResult::stale_nonce:
      return "stale_nonce";
    case RequestResult::address_family_not_supported:
      return "address_family_not_supported";
    case RequestResult::wrong_credentials:
      return "wrong_credentials";
    case RequestResult::unsupported_transport_protocol:
      return "unsupported_transport_protocol";
    case RequestResult::peer_address_family_mismatch:
      return "peer_address_family_mismatch";
    case RequestResult::allocation_quota_reached:
      return "allocation_quota_reached";
    case RequestResult::server_error:
      return "server_error";
    case RequestResult::insufficient_capacity:
      return "insufficient_capacity";
  }
  return "";
}

RequestResult request_result(int error_code) {
  switch (error_code) {
    case 400:
      return RequestResult::bad_request;
    case 401:
      return RequestResult::unauthenticated;
    case 403:
      return RequestResult::forbidden;
    case 420:
      return RequestResult::unknown_attribute;
    case 437:
      return RequestResult::allocation_mismatch;
    case 438:
      return RequestResult::stale_nonce;
    case 440:
      return RequestResult::address_family_not_supported;
    case 441:
      return RequestResult::wrong_credentials;
    case 442:
      return RequestResult::unsupported_transport_protocol;
    case 443:
      return RequestResult::peer_address_family_mismatch;
    case 486:
      return RequestResult::allocation_quota_reached;
    case 508:
      return RequestResult::insufficient_capacity;
    default:
      return RequestResult::server_error;
  }
}

}  // namespace turnd::turn
