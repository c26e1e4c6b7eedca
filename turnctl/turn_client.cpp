#include "turnctl/turn_client.h"

#include <algorithm>
#include <array>
#include <utility>

#include "turnd/auth/opaque_string.h"
#include "turnd/crypto/random.h"
#include "turnd/stun/integrity.h"
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

turnd::stun::TransactionId random_transaction() {
  turnd::stun::TransactionId id{};
  turnd::crypto::system_random(id);
  return id;
}

int error_code(const MessageView& response) {
  const auto error = response.get<turnd::stun::ErrorCode>();
  return error.value ? error.value->code : 0;
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

Failure refused(Method method, const MessageView& response) {
  const char* what = method == Method::binding             ? "Binding"
                     : method == Method::allocate          ? "Allocate"
                     : method == Method::create_permission ? "CreatePermission"
                     : method == Method::channel_bind      ? "ChannelBind"
                                                           : "Refresh";
  const int code = error_code(response);
  return {std::string(what) + " was refused with error " + std::to_string(code), remedy_for(code)};
}

bool answers(const MessageView& response, Method method, const turnd::stun::TransactionId& transaction) {
  return response.method() == method && response.transaction_id() == transaction &&
         (response.is(MessageClass::success) || response.is(MessageClass::error));
}

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
  if (!challenge_) return;
  // Whether it arrives or not, the allocation ends: at once or at its expiry.
  (void)request(Method::refresh, [](MessageBuilder& message) { message.add(turnd::stun::Lifetime{0s}); });
}

Outcome<Bytes> TurnClient::request(Method method, const Fill& fill) {
  for (int round = 0; round < 3; ++round) {  // without credentials, with them, with a fresh nonce
    auto response = transact(method, [&](MessageBuilder& message) {
      fill(message);
      if (challenge_) sign(message);
    });
    if (!response) return response.error();
    const auto message = *MessageView::parse(*response);
    if (message.is(MessageClass::success)) return response;
    if (!accept_challenge(message)) return refused(method, message);
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

void TurnClient::sign(MessageBuilder& message) const {
  message.add(turnd::stun::Username{login_.username})
      .add(turnd::stun::Realm{challenge_->realm})
      .add(turnd::stun::Nonce{challenge_->nonce});
  using turnd::stun::PasswordAlgorithmId;
  const auto& ids = challenge_->offered.ids;
  if (std::ranges::find(ids, PasswordAlgorithmId::sha256) == ids.end()) {
    message.sign({turnd::stun::IntegrityAlgorithm::sha1, challenge_->keys.md5});
    return;
  }
  message.add(challenge_->offered)
      .add(turnd::stun::PasswordAlgorithm{PasswordAlgorithmId::sha256})
      .sign({turnd::stun::IntegrityAlgorithm::sha256, *challenge_->keys.sha256});
}

bool TurnClient::accept_challenge(const MessageView& response) {
  const int code = error_code(response);
  if (code != 438 && !(code == 401 && !challenge_)) return false;
  const auto realm = response.get<turnd::stun::Realm>();
  const auto nonce = response.get<turnd::stun::Nonce>();
  const auto username = turnd::auth::opaque_string(login_.username);
  const auto password = turnd::auth::opaque_string(login_.password.reveal());
  if (!realm.value || !nonce.value || !username || !password) return false;
  // RFC 8489 s9.2.1: the offer counts only when the nonce announces it; it is echoed as it came (s9.2.3.2).
  const auto offered = response.get<turnd::stun::PasswordAlgorithms>();
  const bool announced = nonce.value->text.starts_with("obMatJos2") && offered.value;
  challenge_ = Challenge{std::string(realm.value->text), std::string(nonce.value->text),
                         announced ? *offered.value : turnd::stun::PasswordAlgorithms{},
                         turnd::auth::derive_keys(*username, realm.value->text, *password)};
  return true;
}

}  // namespace turnctl
