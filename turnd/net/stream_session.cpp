#include "turnd/net/stream_session.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "turnd/posix/socket_address.h"
#include "turnd/stun/channel_data.h"

namespace turnd::net {
namespace {

using tls::IoStatus;

constexpr std::size_t kRecord = tls::TlsStream::kLargestRecord;
constexpr std::uint8_t kTlsHandshake = 0x16;  // RFC 8446 s5.1
enum HandshakeResult : std::size_t { kSuccess, kFailed, kTimeout };

base::Endpoint peer_endpoint(int descriptor) {
  posix::SocketAddress address;
  getpeername(descriptor, &address.generic, &address.size);
  return address.endpoint();
}

turn::Counter& clients_of(turn::WorkerCounters& counters, base::Transport transport) {
  return counters.clients[static_cast<std::size_t>(transport)];
}

// One a worker: messages and their headers are put together here, so that a batch is one write (one TLS record).
base::Bytes& scratch() {
  thread_local base::Bytes bytes;
  bytes.clear();
  return bytes;
}

}  // namespace

StreamSession::StreamSession(posix::FileDescriptor socket, Origin origin, const Surroundings& around, Owner& owner,
                             const base::Now& now)
    : around_(around),
      owner_(owner),
      origin_(std::move(origin)),
      channel_(std::move(socket), around.limits.output),
      framer_(around.limits.input_before_session),
      tuple_{peer_endpoint(channel_.descriptor()), posix::local_endpoint(channel_.descriptor()), origin_.transport},
      id_(around.registry.add(*this)) {
  clients_of(around_.counters, tuple_.transport).add();
  deadline_ = now.monotonic + around_.limits.handshake;
  around_.half_open.enter(*this, tuple_.client.address, deadline_);
  wanted_events_ = EPOLLIN;
  // Without a place in the poller nothing will come: the deadline ends it.
  (void)around_.poller.add(channel_.descriptor(), wanted_events_, *this);
}

StreamSession::~StreamSession() {
  channel_.shut_down();
  around_.poller.remove(channel_.descriptor(), *this);
  around_.half_open.leave(*this, tuple_.client.address, deadline_);
  around_.registry.remove(id_);
  clients_of(around_.counters, tuple_.transport).subtract();
}

void StreamSession::give_up() {
  if (stage_ == Stage::handshaking) around_.counters.tls_handshakes[kTimeout].add();
}

void StreamSession::on_ready(std::uint32_t events, const base::Now& now) {
  if ((events & EPOLLOUT) != 0 && stage_ > Stage::handshaking) channel_.flush();
  const bool has_input = (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 || stage_ == Stage::handshaking || stuck_;
  const Progress progress = has_input ? advance(now) : Progress::again_later;
  if (progress == Progress::over || channel_.is_broken()) {
    owner_.on_session_over(*this, now);
    return;  // destroyed
  }
  update_interest();
}

StreamSession::Progress StreamSession::advance(const base::Now& now) {
  if (stage_ == Stage::detecting) return detect(now);
  if (stage_ == Stage::handshaking) return shake_hands(now);
  return read(now);
}

StreamSession::Progress StreamSession::detect(const base::Now& now) {
  std::uint8_t first = 0;
  const auto size = recv(channel_.descriptor(), &first, 1, MSG_PEEK);
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return Progress::again_later;
  if (size <= 0) return Progress::over;
  const bool is_tls = first == kTlsHandshake && origin_.context != nullptr;
  if (!is_tls && tuple_.transport == base::Transport::tls) {
    around_.counters.tls_handshakes[kFailed].add();
    return Progress::over;
  }
  if (is_tls) {
    use_transport(base::Transport::tls);
    return start_tls() == Progress::over ? Progress::over : shake_hands(now);
  }
  enter(Stage::first_message, now.monotonic + around_.limits.first_message);
  return read(now);
}

StreamSession::Progress StreamSession::start_tls() {
  auto tls = tls::TlsStream::accept(origin_.context->tls(), channel_.descriptor());
  if (!tls) return Progress::over;
  channel_.secure(std::move(tls));
  stage_ = Stage::handshaking;  // its deadline runs since the connection was accepted
  return Progress::again_later;
}

StreamSession::Progress StreamSession::shake_hands(const base::Now& now) {
  switch (channel_.handshake().status) {
    case IoStatus::done:
      break;
    case IoStatus::want_read:
      want(EPOLLIN);
      return Progress::again_later;
    case IoStatus::want_write:
      want(EPOLLIN | EPOLLOUT);
      return Progress::again_later;
    case IoStatus::closed:
    case IoStatus::failed:
      around_.counters.tls_handshakes[kFailed].add();
      return Progress::over;
  }
  around_.counters.tls_handshakes[kSuccess].add();
  enter(Stage::first_message, now.monotonic + around_.limits.first_message);
  return read(now);
}

// One read a turn: what is left in the descriptor is reported again, after the others had their turn.
StreamSession::Progress StreamSession::read(const base::Now& now) {
  framer_.adopt(around_.memory.plaintext());
  Progress progress = read_once(now);
  while (progress == Progress::again_later && channel_.has_pending() && !stuck_) progress = read_once(now);
  framer_.release();
  return progress;
}

StreamSession::Progress StreamSession::read_once(const base::Now& now) {
  const tls::IoResult result = channel_.read(framer_.writable(), around_.memory);
  stuck_ = result.status == IoStatus::want_write;
  if (result.status == IoStatus::want_read || stuck_) return Progress::again_later;
  if (result.status != IoStatus::done) return Progress::over;
  framer_.commit(result.bytes);
  if (deliver(now) == Progress::over || channel_.is_broken()) return Progress::over;
  return Progress::again_later;
}

// All whole messages of one read, as one batch.
StreamSession::Progress StreamSession::deliver(const base::Now& now) {
  thread_local std::vector<turn::ClientDatagram> batch;
  batch.clear();
  while (const auto message = framer_.next()) batch.push_back({tuple_, id_, *message});
  if (!batch.empty()) {
    if (stage_ == Stage::first_message) enter(Stage::no_allocation, now.monotonic + around_.limits.no_allocation);
    around_.inbox.on_client_batch(batch, now);
  }
  if (framer_.state() == stun::StreamFramer::State::open) return Progress::again_later;
  around_.inbox.on_drop(stage_ == Stage::first_message ? turn::DropReason::not_stun : turn::DropReason::malformed);
  return Progress::over;
}

void StreamSession::send_message(const turn::FiveTuple& /*to*/, base::ByteView message) {
  if (channel_.has_room(message.size()))
    channel_.write(message);
  else
    around_.inbox.on_drop(turn::DropReason::queue_full);
  update_interest();
}

NotSent StreamSession::send_forwards(const turn::ClientForwards& forwards) {
  static constexpr std::uint8_t kZeros[4] = {};
  NotSent failed{turn::DropReason::queue_full, 0, 0};
  base::Bytes& bytes = scratch();
  for (const turn::ClientForward& forward : forwards.items()) {
    // ChannelData is padded on a stream (RFC 8656 s12.5); a Data indication already is, by its attribute.
    const std::size_t size = forward.header.size() + forward.payload.size() + forward.padding;
    const std::size_t padding = forward.padding + stun::stream_padding(size);
    if (channel_.is_broken() || !channel_.has_room(bytes.size() + size + padding)) {
      if (channel_.is_broken()) failed.why = turn::DropReason::send_failed;
      ++failed.packets;
      failed.bytes += forward.payload.size();
      continue;
    }
    bytes.insert(bytes.end(), forward.header.begin(), forward.header.end());
    bytes.insert(bytes.end(), forward.payload.begin(), forward.payload.end());
    bytes.insert(bytes.end(), kZeros, kZeros + padding);
    if (bytes.size() < kRecord) continue;
    channel_.write(bytes);
    bytes.clear();
  }
  if (!bytes.empty()) channel_.write(bytes);
  update_interest();
  return failed;
}

void StreamSession::on_session_opened(const base::Now& /*now*/) {
  framer_.allow(around_.limits.input_with_session);
  around_.half_open.leave(*this, tuple_.client.address, deadline_);
  stage_ = Stage::allocated;
}

void StreamSession::on_session_closed(const base::Now& now) {
  if (stage_ != Stage::allocated) return;
  framer_.allow(around_.limits.input_before_session);
  stage_ = Stage::no_allocation;
  deadline_ = now.monotonic + around_.limits.no_allocation;
  around_.half_open.enter(*this, tuple_.client.address, deadline_);
}

void StreamSession::enter(Stage stage, base::TimePoint deadline) {
  stage_ = stage;
  around_.half_open.move(*this, deadline_, deadline);
  deadline_ = deadline;
}

void StreamSession::use_transport(base::Transport transport) {
  clients_of(around_.counters, tuple_.transport).subtract();
  tuple_.transport = transport;
  clients_of(around_.counters, transport).add();
}

void StreamSession::want(std::uint32_t events) {
  if (events == wanted_events_) return;
  wanted_events_ = events;
  around_.poller.change(channel_.descriptor(), events, *this);
}

// A client that asks for answers of TLS itself (key updates) and does not take them is not read either.
void StreamSession::update_interest() {
  if (stage_ <= Stage::handshaking) return;
  if (stuck_)
    want(EPOLLOUT);
  else
    want(channel_.queued() == 0 ? EPOLLIN : EPOLLIN | EPOLLOUT);
}

}  // namespace turnd::net
