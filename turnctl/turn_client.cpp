#include "turnctl/turn_client.h"

#include <algorithm>
#include <array>
#include <utility>

#include "turnctl/turn_messages.h"
#include "turnd/stun/stun_attributes.h"
#include "turnd/stun/turn_attributes.h"

namespace turnctl {
namespace {

using namespace std::chrono_literals;
using turnd::base::Bytes;
using turnd::base::ByteView;
using turnd::base::Endpoint;
using turnd::stun::MessageBuilder;
using turnd::stun::MessageClass;
using turnd::stun::MessageView;
using turnd::stun::Method;

// RFC 8489 s6.2.1
constexpr auto kFirstRetransmission = 500ms;

}  // namespace

TurnClient::TurnClient(Link& link, Login login, Deadline deadline)
    : link_(link), login_(std::move(login)), deadline_(deadline) {}

Outcome<Endpoint> TurnClient::binding() {
  const auto response = transact(Method::binding, [](MessageBuilder&) {});
  if (!response) return response.error();
  const auto message = *MessageView::parse(*response);
  if (message.is(MessageClass::error)) return refused(Method::binding, message);
  const auto mapped = message.get<turnd::stun::XorMappedAddress>();
  if (!mapped.value) return Failure{"the Binding response has no XOR-MAPPED-ADDRESS", "is it a STUN server?"};
  return mapped.value->endpoint;
}

Outcome<Endpoint> TurnClient::allocate(turnd::base::Family family) {
  const auto response = request(Method::allocate, [family](MessageBuilder& message) {
    message.add(turnd::stun::RequestedTransport{turnd::stun::RequestedTransport::kUdp});
    if (family == turnd::base::Family::ipv6) message.add(turnd::stun::RequestedAddressFamily{family});
  });
  if (!response) return response.error();
  const auto message = *MessageView::parse(*response);
  const auto relayed = message.get<turnd::stun::XorRelayedAddress>();
  if (!relayed.value) return Failure{"the Allocate response has no XOR-RELAYED-ADDRESS", "is it a TURN server?"};
  return relayed.value->endpoint;
}

Outcome<Endpoint> TurnClient::allocate_either(turnd::base::Family first) {
  using turnd::base::Family;
  auto relayed = allocate(first);
  if (relayed || !relayed.error().detail.ends_with(" 440")) return relayed;
  return allocate(first == Family::ipv4 ? Family::ipv6 : Family::ipv4);
}

Outcome<bool> TurnClient::bind_channel(turnd::stun::ChannelNumberValue number, const Endpoint& peer) {
  const auto response = request(Method::channel_bind, [&](MessageBuilder& message) {
    message.add(turnd::stun::ChannelNumber{number}).add(turnd::stun::XorPeerAddress{peer});
  });
  if (!response) return response.error();
  return true;
}

Outcome<bool> TurnClient::create_permission(const turnd::base::IpAddress& peer) {
  const auto response = request(Method::create_permission, [&peer](MessageBuilder& message) {
    message.add(turnd::stun::XorPeerAddress{Endpoint{peer, 0}});
  });
  if (!response) return response.error();
  return true;
}

Outcome<bool> TurnClient::send(const Endpoint& peer, ByteView data) {
  MessageBuilder message({Method::send, MessageClass::indication}, random_transaction());
  message.add(turnd::stun::XorPeerAddress{peer}).add(turnd::stun::Data{data});
  return link_.send(message.finish());
}

Outcome<bool> TurnClient::expect(ByteView data, Deadline until) {
  for (;;) {
    const auto received = link_.receive(until);
    if (!received) return received.error();
    if (!*received) return false;
    const auto message = MessageView::parse(**received);
    if (!message || !(message->type() == turnd::stun::MessageType{Method::data, MessageClass::indication})) continue;
    const auto body = message->find(turnd::stun::AttributeType::data);
    if (body && std::ranges::equal(*body, data)) return true;
  }
}

void TurnClient::release() {
  if (!login_.is_challenged()) return;
  // Whether it arrives or not, the allocation ends: at once or at its expiry.
  (void)request(Method::refresh, [](MessageBuilder& message) { message.add(turnd::stun::Lifetime{0s}); });
}

Outcome<Bytes> TurnClient::request(Method method, const Fill& fill) {
  for (int round = 0; round < 3; ++round) {  // without credentials, with them, with a fresh nonce
    auto response = transact(method, [&](MessageBuilder& message) {
      fill(message);
      login_.sign(message);
    });
    if (!response) return response.error();
    const auto message = *MessageView::parse(*response);
    if (message.is(MessageClass::success)) return response;
    if (!login_.accept(message)) return refused(method, message);
  }
  return Failure{"the server keeps asking for a fresh nonce", remedy_for(438)};
}

Outcome<Bytes> TurnClient::transact(Method method, const Fill& fill) {
  const auto transaction = random_transaction();
  MessageBuilder message({method, MessageClass::request}, transaction);
  fill(message);
  const ByteView request = message.finish();
  auto wait = link_.is_reliable() ? Deadline::duration(deadline_ - std::chrono::steady_clock::now())
                                  : Deadline::duration(kFirstRetransmission);
  while (std::chrono::steady_clock::now() < deadline_) {
    if (const auto sent = link_.send(request); !sent) return sent.error();
    const Deadline until = std::min(deadline_, std::chrono::steady_clock::now() + wait);
    for (;;) {
      auto received = link_.receive(until);
      if (!received) return received.error();
      if (!*received) break;
      const auto response = MessageView::parse(**received);
      if (response && answers(*response, method, transaction)) return std::move(**received);
    }
    wait *= 2;
  }
  return Failure{"no answer", "is a firewall in between? for UDP, is the port open in both directions?"};
}

}  // namespace turnctl
