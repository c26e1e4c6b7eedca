#include "turnd/net/udp_listener.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "turnd/net/listen_socket.h"
#include "turnd/net/receive_batch.h"
#include "turnd/net/send_batch.h"
#include "turnd/posix/socket_address.h"
#include "turnd/stun/classify.h"

namespace turnd::net {
namespace {

constexpr int kReceiveBuffer = 4 * 1024 * 1024;
// Batches that one listener may take before the others have their turn.
constexpr int kBatchesPerTurn = 4;

}  // namespace

struct UdpListener::State {
  State(const Listen& listen, const Surroundings& surroundings, posix::FileDescriptor descriptor)
      : at(listen),
        around(surroundings),
        socket(std::move(descriptor)),
        port(posix::local_endpoint(socket.get()).port),
        is_wildcard(listen.endpoint.address.is_unspecified()),
        sends(surroundings.kernel, surroundings.udp_gso_refused) {
    received.reserve(ReceiveBatch::kMessages);
  }

  Listen at;
  Surroundings around;
  posix::FileDescriptor socket;
  std::uint16_t port;
  bool is_wildcard;
  SendBatch sends;
  turn::ClientId id{};
  DtlsDemultiplexer* dtls = nullptr;
  std::vector<turn::ClientDatagram> received;
  struct Pending {
    turn::FiveTuple to;
    base::ByteView message;
  };
  std::vector<Pending> pending;

  [[nodiscard]] base::Endpoint server(const ReceiveBatch& batch, std::size_t message) const {
    if (!is_wildcard) return {at.endpoint.address, port};
    return {batch.sent_to(message).value_or(at.endpoint.address), port};
  }
  // On a wildcard socket the answer leaves from the address that was asked.
  [[nodiscard]] std::optional<base::IpAddress> source(const base::Endpoint& server) const {
    return is_wildcard ? std::optional(server.address) : std::nullopt;
  }
  void hand_over(const base::Now& now) {
    if (!received.empty()) around.inbox.on_client_batch(received, now);
    received.clear();
  }
};

base::Result<std::unique_ptr<UdpListener>, SocketError> UdpListener::open(const Listen& at,
                                                                          const Surroundings& around) {
  auto socket = open_listen_socket(at, SOCK_DGRAM);
  if (!socket) return socket.error();
  const int descriptor = socket->get();
  // Beyond rmem_max only with CAP_NET_ADMIN; `status` shows what the kernel gave.
  if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBuffer, sizeof kReceiveBuffer) != 0)
    (void)setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);

  ask_for_merging(descriptor, around.kernel);
  ask_for_header_fields(descriptor, at.endpoint.address.family());

  auto state = std::make_unique<State>(at, around, std::move(*socket));
  std::unique_ptr<UdpListener> listener(new UdpListener(std::move(state)));
  if (!around.poller.add(descriptor, EPOLLIN, *listener)) return listen_error(at, errno);
  return listener;
}

UdpListener::UdpListener(std::unique_ptr<State> state) : state_(std::move(state)) {
  state_->id = state_->around.registry.add(*this);
}

UdpListener::~UdpListener() {
  state_->around.poller.remove(state_->socket.get(), *this);
  state_->around.registry.remove(state_->id);
}

void UdpListener::set_dtls(DtlsDemultiplexer* dtls) { state_->dtls = dtls; }
const Listen& UdpListener::at() const { return state_->at; }

base::Endpoint UdpListener::local() const { return posix::local_endpoint(state_->socket.get()); }

std::size_t UdpListener::receive_buffer() const {
  int size = 0;
  socklen_t length = sizeof size;
  getsockopt(state_->socket.get(), SOL_SOCKET, SO_RCVBUF, &size, &length);
  return static_cast<std::size_t>(size);
}

void UdpListener::on_ready(std::uint32_t /*events*/, const base::Now& now) {
  for (int round = 0; round < kBatchesPerTurn; ++round)
    if (take_batch(now) < ReceiveBatch::kMessages) return;
}

std::size_t UdpListener::take_batch(const base::Now& now) {
  ReceiveBatch& batch = ReceiveBatch::mine();
  const std::size_t count = batch.receive(state_->socket.get());
  for (std::size_t i = 0; i < count; ++i) {
    const DatagramRoute route{batch.from(i), state_->server(batch, i)};
    const auto fields = batch.header_fields(i);
    batch.for_each_datagram(i, [&](base::ByteView datagram) { take(route, fields, datagram, now); });
  }
  state_->hand_over(now);
  return count;
}

void UdpListener::take(const DatagramRoute& route, const std::optional<turn::HeaderFields>& fields,
                       base::ByteView datagram, const base::Now& now) {
  if (datagram.empty()) {
    state_->around.inbox.on_drop(turn::DropReason::not_stun);
  } else if (state_->dtls && stun::classify(datagram[0]) == stun::PacketKind::tls_or_dtls) {
    state_->hand_over(now);  // what came before goes first
    state_->dtls->on_dtls_datagram(route, datagram, now);
  } else if (state_->at.transport == base::Transport::dtls) {
    state_->around.inbox.on_drop(turn::DropReason::not_stun);  // a dtls:// port takes nothing unencrypted
  } else {
    state_->received.push_back({{route.client, route.server, base::Transport::udp}, state_->id, datagram, fields});
  }
}

void UdpListener::send_message(const turn::FiveTuple& to, base::ByteView message) {
  state_->pending.push_back({to, message});
}

void UdpListener::flush() {
  SendBatch& batch = state_->sends;
  NotSent failed;  // clients retransmit: a lost reply is no relayed data
  for (const State::Pending& reply : state_->pending) {
    batch.add(reply.to.client, {.payload = reply.message}, state_->source(reply.to.server));
    if (batch.full()) batch.flush(state_->socket.get(), failed);
  }
  batch.flush(state_->socket.get(), failed);
  state_->pending.clear();
  for (std::uint64_t i = 0; i < failed.packets; ++i) state_->around.inbox.on_drop(failed.why);
}

NotSent UdpListener::send_forwards(const turn::ClientForwards& forwards) {
  SendBatch& batch = state_->sends;
  NotSent failed;
  const auto source = state_->source(forwards.to.server);
  for (const turn::ClientForward& forward : forwards.items()) {
    // RFC 8656 s12.5: ChannelData is not padded over UDP; the DATA attribute of an indication always is.
    batch.add(forwards.to.client, {forward.header, forward.payload, forward.padding, forward.fields}, source);
    if (batch.full()) batch.flush(state_->socket.get(), failed);
  }
  batch.flush(state_->socket.get(), failed);
  return failed;
}

bool UdpListener::send(const DatagramRoute& route, base::ByteView datagram) {
  SendBatch& batch = state_->sends;
  NotSent failed;
  batch.add(route.client, {.payload = datagram}, state_->source(route.server));
  batch.flush(state_->socket.get(), failed);
  return failed.packets == 0;
}

}  // namespace turnd::net
