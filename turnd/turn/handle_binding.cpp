// Binding (RFC 8489 s3, s6.3.1): answered to anyone, without credentials, with the smallest reply.
#include <array>
#include <utility>

#include "turnd/stun/stun_attributes.h"
#include "turnd/turn/engine_state.h"

namespace turnd::turn {

namespace {

using stun::AttributeType;

// Credentials are not needed here and not looked at.
constexpr std::array kKnownInBinding{
    AttributeType::username,
    AttributeType::message_integrity,
    AttributeType::realm,
    AttributeType::nonce,
    AttributeType::userhash,
    AttributeType::message_integrity_sha256,
    AttributeType::password_algorithm,
};

}  // namespace

void Engine::State::handle_binding(const Request& request) {
  const ReplyTo to = reply_to(request.message, request.datagram);
  if (auto unknown = stun::unknown_required(request.message, kKnownInBinding); !unknown.empty()) {
    stun::MessageBuilder reply = begin_error(to);
    reply.add(stun::ErrorCode{420}).add(stun::UnknownAttributes{std::move(unknown)});
    count_request(to.method, RequestResult::unknown_attribute);
    request.out.emplace_back(seal(reply, to, settings->software));
    return;
  }
  stun::MessageBuilder reply = begin_success(to);
  reply.add(stun::XorMappedAddress{to.client.client});
  succeed(to, reply, request.out);
}

}  // namespace turnd::turn
