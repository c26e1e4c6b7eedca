#include "turnctl/turn_messages.h"

#include "turnd/crypto/random.h"
#include "turnd/stun/stun_attributes.h"

namespace turnctl {

using turnd::stun::MessageClass;
using turnd::stun::MessageView;
using turnd::stun::Method;
using turnd::stun::TransactionId;

TransactionId random_transaction() {
  TransactionId id{};
  turnd::crypto::system_random(id);
  return id;
}

bool answers(const MessageView& response, Method method, const TransactionId& transaction) {
  return response.method() == method && response.transaction_id() == transaction &&
         (response.is(MessageClass::success) || response.is(MessageClass::error));
}

int error_code(const MessageView& response) {
  const auto error = response.get<turnd::stun::ErrorCode>();
  return error.value ? error.value->code : 0;
}

Failure refused(Method method, const MessageView& response) {
  const char* what = method == Method::binding             ? "Binding"
                     : method == Method::allocate          ? "Allocate"
                     : method == Method::create_permission ? "CreatePermission"
                     : method == Method::channel_bind      ? "ChannelBind"
                                                           : "Refresh";
  const int code = error_code(response);
  return {std::string(what) + " was refused with error " + std::to_string(code), remedy_for(code)};
}

std::string remedy_for(int code) {
  switch (code) {
    case 400:
      return "the server does not understand this request; is it a TURN server?";
    case 401:
      return "check user name and password, and that the credential has not expired";
    case 403:
      return "the server's peer policy forbids this; see `turnctl acl test`";
    case 420:
      return "the server does not know an attribute of this request";
    case 437:
      return "another allocation stands on this five-tuple; try again";
    case 438:
      return "the server's nonces expire at once: are the clocks of its workers right?";
    case 440:
      return "the server relays no addresses of this family";
    case 441:
      return "the five-tuple belongs to another user";
    case 442:
      return "the server relays UDP only";
    case 486:
      return "this user or address holds as many allocations as limits allow";
    case 508:
      return "the server is draining, or has no free port or descriptor: see `turnctl status`";
    default:
      return "see the server's log";
  }
}

}  // namespace turnctl
