#include "turnctl/control_cycle.h"

#include <chrono>
#include <utility>

#include "turnctl/turn_messages.h"
#include "turnd/stun/message_builder.h"
#include "turnd/stun/message_view.h"
#include "turnd/stun/turn_attributes.h"

namespace turnctl {
namespace {

using namespace std::chrono_literals;
using turnd::stun::MessageBuilder;
using turnd::stun::MessageClass;
using turnd::stun::MessageView;
using turnd::stun::Method;

constexpr turnd::stun::ChannelNumberValue kChannel{0x4000};
// One for the first request, and some for nonces that have become stale.
constexpr int kMostChallenges = 3;

void add_attributes(MessageBuilder& message, Method method, turnd::base::Family family,
                    const turnd::base::Endpoint& peer) {
  if (method == Method::allocate) {
    message.add(turnd::stun::RequestedTransport{turnd::stun::RequestedTransport::kUdp});
    if (family == turnd::base::Family::ipv6) message.add(turnd::stun::RequestedAddressFamily{family});
    return;
  }
  if (method == Method::refresh) {
    message.add(turnd::stun::Lifetime{0s});
    return;
  }
  if (method == Method::channel_bind) message.add(turnd::stun::ChannelNumber{kChannel});
  message.add(turnd::stun::XorPeerAddress{peer});
}

}  // namespace

ControlCycle::ControlCycle(LongTermLogin& login, const Wanted& wanted) : login_(login), wanted_(wanted) {
  login_.begin_anew();
  (void)ask(Method::allocate);
}

ControlCycle::Progress ControlCycle::ask(Method method) {
  method_ = method;
  transaction_ = random_transaction();
  MessageBuilder message({method, MessageClass::request}, transaction_);
  add_attributes(message, method, wanted_.family, peer_);
  login_.sign(message);
  const auto bytes = message.finish();
  request_.assign(bytes.begin(), bytes.end());
  return Progress::next;
}

ControlCycle::Progress ControlCycle::take(turnd::base::ByteView message) {
  const auto response = MessageView::parse(message);
  if (!response || !answers(*response, method_, transaction_)) return Progress::none;
  if (response->is(MessageClass::success)) return succeed(*response);
  if (challenges_ < kMostChallenges && login_.accept(*response)) {
    ++challenges_;
    return ask(method_);
  }
  return fail(refused(method_, *response));
}

ControlCycle::Progress ControlCycle::succeed(const MessageView& response) {
  if (method_ == Method::refresh) {
    holds_allocation_ = false;
    return Progress::done;
  }
  if (method_ == Method::channel_bind) return ask(Method::refresh);
  if (method_ == Method::create_permission) return ask(Method::channel_bind);
  holds_allocation_ = true;
  const auto relayed = response.get<turnd::stun::XorRelayedAddress>();
  if (!relayed.value) return fail({"the Allocate response has no XOR-RELAYED-ADDRESS", "is it a TURN server?"});
  peer_ = relayed.value->endpoint;
  if (wanted_.peer) peer_.address = *wanted_.peer;
  return ask(Method::create_permission);
}

turnd::base::Bytes ControlCycle::release() const {
  MessageBuilder message({Method::refresh, MessageClass::request}, random_transaction());
  add_attributes(message, Method::refresh, wanted_.family, peer_);
  login_.sign(message);
  return message.take();
}

ControlCycle::Progress ControlCycle::fail(Failure failure) {
  failure_ = std::move(failure);
  return Progress::failed;
}

}  // namespace turnctl
