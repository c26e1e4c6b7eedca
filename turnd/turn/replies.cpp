#include "turnd/turn/replies.h"

#include <algorithm>

#include "turnd/stun/stun_attributes.h"
#include "turnd/turn/engine.h"

namespace turnd::turn {

ReplyKey::ReplyKey(const stun::IntegrityKey& key)
    : algorithm_(key.algorithm), size_(std::min(key.key.size(), bytes_.size())) {
  std::ranges::copy(key.key.first(size_), bytes_.begin());
}

ReplyTo reply_to(const stun::MessageView& request, const ClientDatagram& came_in) {
  return {.client = came_in.from,
          .via = came_in.via,
          .method = request.method(),
          .transaction = request.transaction_id(),
          .fingerprint = request.has_fingerprint(),
          .key = std::nullopt};
}

ReplyTo reply_to(const auth::Authenticated& client, const ClientDatagram& came_in) {
  ReplyTo to = reply_to(client.message(), came_in);
  to.key.emplace(client.reply_key());
  return to;
}

stun::MessageBuilder begin_success(const ReplyTo& to) {
  return stun::MessageBuilder({to.method, stun::MessageClass::success}, to.transaction);
}

stun::MessageBuilder begin_error(const ReplyTo& to) {
  return stun::MessageBuilder({to.method, stun::MessageClass::error}, to.transaction);
}

SendToClient seal(stun::MessageBuilder& reply, const ReplyTo& to, std::string_view software) {
  if (!software.empty()) reply.add(stun::Software{software});
  if (to.key) reply.sign(to.key->view());
  if (to.fingerprint) reply.fingerprint();
  return {to.via, to.client, reply.take()};
}

RequestMethod request_method(stun::Method method) {
  switch (method) {
    case stun::Method::binding:
      return RequestMethod::binding;
    case stun::Method::allocate:
      return RequestMethod::allocate;
    case stun::Method::refresh:
      return RequestMethod::refresh;
    case stun::Method::create_permission:
      return RequestMethod::create_permission;
    case stun::Method::channel_bind:
      return RequestMethod::channel_bind;
    case stun::Method::connect:
      return RequestMethod::connect;
    case stun::Method::connection_bind:
      return RequestMethod::connection_bind;
    case stun::Method::send:
    case stun::Method::data:
    case stun::Method::connection_attempt:
      break;
  }
  return RequestMethod::other;
}

}  // namespace turnd::turn
