#include "turnctl/bench_lanes.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "turnd/posix/socket_address.h"
#include "turnd/stun/channel_data.h"
#include "turnd/stun/message_builder.h"
#include "turnd/stun/message_view.h"

namespace turnctl {
namespace {

using turnd::base::Bytes;
using turnd::base::ByteView;

// Has passed.
constexpr Deadline kAtOnce{};

// Whether the kernel took it: what it did not, the server cannot have lost.
bool hand_over(Link& link, ByteView message) {
  const auto sent = link.send(message);
  return sent && *sent;
}

class ClientLane final : public bench::Lane {
 public:
  ClientLane(Link& link, turnd::stun::ChannelNumberValue channel, turnd::base::Transport transport)
      : link_(link), channel_(channel), is_padded_(turnd::base::is_stream(transport)) {}

  int descriptor() const override { return link_.descriptor(); }
  bool send(ByteView payload) override {
    const auto header = turnd::stun::channel_data_header(channel_, payload.size());
    message_.assign(header.begin(), header.end());
    message_.insert(message_.end(), payload.begin(), payload.end());
    if (is_padded_) message_.resize(message_.size() + turnd::stun::stream_padding(message_.size()));
    return hand_over(link_, message_);
  }
  bool receive(const Take& take) override {
    for (;;) {
      const auto message = link_.receive(kAtOnce);
      if (!message) return false;
      if (!*message) return true;
      const auto data = turnd::stun::parse_channel_data(**message);
      if (data && data->channel.value == channel_.value) take(data->payload);
    }
  }

 private:
  Link& link_;
  turnd::stun::ChannelNumberValue channel_;
  bool is_padded_;
  Bytes message_;
};

class IndicationLane final : public bench::Lane {
 public:
  IndicationLane(Link& link, const turnd::base::Endpoint& peer) : link_(link), peer_(peer) {}

  int descriptor() const override { return link_.descriptor(); }
  bool send(ByteView payload) override {
    using turnd::stun::MessageClass;
    // Nobody answers an indication: any transaction will do.
    turnd::stun::MessageBuilder message({turnd::stun::Method::send, MessageClass::indication}, {});
    message.add(turnd::stun::XorPeerAddress{peer_}).add(turnd::stun::Data{payload});
    return hand_over(link_, message.finish());
  }
  bool receive(const Take& take) override {
    constexpr turnd::stun::MessageType wanted{turnd::stun::Method::data, turnd::stun::MessageClass::indication};
    for (;;) {
      const auto bytes = link_.receive(kAtOnce);
      if (!bytes) return false;
      if (!*bytes) return true;
      const auto message = turnd::stun::MessageView::parse(**bytes);
      if (!message || !(message->type() == wanted)) continue;
      if (const auto payload = message->find(turnd::stun::AttributeType::data)) take(*payload);
    }
  }

 private:
  Link& link_;
  turnd::base::Endpoint peer_;
};

class SocketLane final : public bench::Lane {
 public:
  explicit SocketLane(int descriptor) : descriptor_(descriptor) {}
  ~SocketLane() override { ::close(descriptor_); }
  SocketLane(const SocketLane&) = delete;
  SocketLane& operator=(const SocketLane&) = delete;

  int descriptor() const override { return descriptor_; }
  bool send(ByteView payload) override {
    return ::send(descriptor_, payload.data(), payload.size(), MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
  }
  bool receive(const Take& take) override {
    for (;;) {
      const auto size = recv(descriptor_, memory_.data(), memory_.size(), MSG_DONTWAIT);
      // An ICMP error is the relay's end; the packets that follow tell as well.
      if (size < 0) return errno == EAGAIN || errno == EINTR || errno == ECONNREFUSED;
      take(ByteView(memory_).first(static_cast<std::size_t>(size)));
    }
  }

 private:
  int descriptor_;
  Bytes memory_ = Bytes(66 * 1024);
};

}  // namespace

std::unique_ptr<bench::Lane> client_lane(Link& link, turnd::stun::ChannelNumberValue channel,
                                         turnd::base::Transport transport) {
  return std::make_unique<ClientLane>(link, channel, transport);
}

std::unique_ptr<bench::Lane> indication_lane(Link& link, const turnd::base::Endpoint& peer) {
  return std::make_unique<IndicationLane>(link, peer);
}

Outcome<PeerLane> peer_lane(const turnd::base::IpAddress& at, const turnd::base::Endpoint& relayed) {
  if (at.family() != relayed.address.family())
    return Failure{
        "the relayed address " + to_string(relayed) + " is of another family than the peers' " + to_string(at),
        "give --peer an address of that family"};
  const int descriptor = socket(at.is_v4() ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  auto lane = std::make_unique<SocketLane>(descriptor);
  const turnd::posix::SocketAddress local(turnd::base::Endpoint{at, 0});
  const turnd::posix::SocketAddress remote(relayed);
  if (descriptor < 0 || bind(descriptor, &local.generic, local.size) != 0)
    return Failure{"cannot open a peer on " + to_string(at) + ": " + std::strerror(errno),
                   "give --peer an address of this machine"};
  if (connect(descriptor, &remote.generic, remote.size) != 0)
    return Failure{"cannot send to " + to_string(relayed) + ": " + std::strerror(errno), "check the route to it"};
  return PeerLane{std::move(lane), turnd::posix::local_endpoint(descriptor)};
}

}  // namespace turnctl
