// Which message goes to which handler (RFC 8489 s6.3, RFC 8656 s5).
#include <array>
#include <utility>
#include <variant>

#include "turnd/stun/stun_attributes.h"
#include "turnd/turn/engine_state.h"

namespace turnd::turn {

namespace {

using stun::AttributeType;

// Comprehension-required attributes that TURN requests may carry.
constexpr std::array kKnownAttributes{
    AttributeType::username,
    AttributeType::message_integrity,
    AttributeType::realm,
    AttributeType::nonce,
    AttributeType::message_integrity_sha256,
    AttributeType::password_algorithm,
    AttributeType::userhash,
    AttributeType::channel_number,
    AttributeType::lifetime,
    AttributeType::xor_peer_address,
    AttributeType::data,
    AttributeType::requested_address_family,
    AttributeType::even_port,
    AttributeType::requested_transport,
    AttributeType::dont_fragment,
    AttributeType::reservation_token,
    AttributeType::connection_id,
};

}  // namespace

void Engine::State::take_message(const ClientDatagram& datagram, ClientBatch& batch) {
  const auto message = stun::MessageView::parse(datagram.bytes);
  if (!message) {
    const bool foreign = message.error() == stun::ParseError::not_stun;
    return parts.counters.drop(foreign ? DropReason::not_stun : DropReason::malformed);
  }
  switch (message->type().message_class) {
    case stun::MessageClass::request:
      return handle_request({*message, datagram, batch.moment.now, batch.out});
    case stun::MessageClass::indication:
      if (message->method() == stun::Method::send) return handle_send(*message, datagram, batch);
      if (message->method() == stun::Method::binding) return;  // a keepalive (RFC 8489 s2)
      return parts.counters.drop(DropReason::not_stun);
    case stun::MessageClass::success:
    case stun::MessageClass::error:
      return parts.counters.drop(DropReason::not_stun);  // we asked nothing
  }
}

// Authentication comes before every other answer, so that a stranger learns nothing (RFC 8489 s6.3, s9.2.4).
void Engine::State::handle_request(const Request& request) {
  if (request.message.method() == stun::Method::binding) return handle_binding(request);

  const FiveTuple& from = request.datagram.from;
  const Slot slot = find_live(request);
  auth::Requester requester{from.client, from.transport};
  if (slot != kNone) requester.holder = &table.at(slot).details->owner;

  const auto checked = parts.authenticator.check(request.message, requester, request.now);
  if (const auto* refusal = std::get_if<auth::Refusal>(&checked)) return challenge_or_refuse(request, requester, *refusal);
  const auto& client = std::get<auth::Authenticated>(checked);

  auto unknown = stun::unknown_required(request.message, kKnownAttributes);
  if (unknown.empty()) return dispatch(request, client);
  const ReplyTo to = reply_to(client, request.datagram);
  stun::MessageBuilder reply = begin_error(to);
  reply.add(stun::ErrorCode{420}).add(stun::UnknownAttributes{std::move(unknown)});
  count_request(to.method, RequestResult::unknown_attribute);
  request.out.emplace_back(seal(reply, to, settings->software));
}

void Engine::State::dispatch(const Request& request, const auth::Authenticated& client) {
  switch (request.message.method()) {
    case stun::Method::allocate:
      return handle_allocate(request, client);
    case stun::Method::refresh:
      return handle_refresh(request, client);
    case stun::Method::create_permission:
      return handle_create_permission(request, client);
    case stun::Method::channel_bind:
      return handle_channel_bind(request, client);
    case stun::Method::connect:  // RFC 6062: relay.tcp is off
    case stun::Method::connection_bind:
    case stun::Method::connection_attempt:
    case stun::Method::binding:  // needs no credentials: never here
    case stun::Method::send:     // indications only
    case stun::Method::data:
      break;
  }
  refuse(reply_to(client, request.datagram), ErrorCode::bad_request, request.out);
}

void Engine::State::challenge_or_refuse(const Request& request, const auth::Requester& requester,
                                        const auth::Refusal& refusal) {
  const FiveTuple& from = request.datagram.from;
  const bool is_refused = refusal.reason != auth::RefusalReason::no_credentials;
  if (is_refused) parts.counters.auth_refused[static_cast<std::size_t>(refusal.reason)].add();
  if (refusal.is_challenge() && !parts.authenticator.may_challenge(requester, request.now.monotonic))
    return parts.counters.drop(DropReason::challenge_limit);

  const ReplyTo to = reply_to(request.message, request.datagram);
  stun::MessageBuilder reply = begin_error(to);
  reply.add(stun::ErrorCode{refusal.code});
  if (refusal.is_challenge()) parts.authenticator.write_challenge(reply, requester, request.now);
  count_request(to.method, request_result(refusal.code));
  request.out.emplace_back(seal(reply, to, settings->software));
  if (is_refused && refusal.reason != auth::RefusalReason::stale_nonce)
    request.out.emplace_back(AuthRefused{from, refusal.reason, refusal.username});
}

void Engine::State::succeed(const ReplyTo& to, stun::MessageBuilder& reply, EffectList& out) {
  count_request(to.method, RequestResult::success);
  out.emplace_back(seal(reply, to, settings->software));
}

void Engine::State::refuse(const ReplyTo& to, ErrorCode code, EffectList& out) {
  stun::MessageBuilder reply = begin_error(to);
  reply.add(stun::ErrorCode{static_cast<int>(code)});
  count_request(to.method, request_result(static_cast<int>(code)));
  out.emplace_back(seal(reply, to, settings->software));
}

void Engine::State::count_request(stun::Method method, RequestResult result) {
  const auto row = static_cast<std::size_t>(request_method(method));
  parts.counters.requests[row][static_cast<std::size_t>(result)].add();
}

}  // namespace turnd::turn
