#include "turnd/net/dtls_association.h"

#include <algorithm>
#include <array>
#include <utility>

namespace turnd::net {
namespace {

using tls::IoStatus;

constexpr std::size_t kLargestRecord = 16 * 1024;  // RFC 6347 s4.1
enum HandshakeResult : std::size_t { kSuccess, kFailed, kTimeout };

}  // namespace

DtlsAssociation::DtlsAssociation(const DatagramRoute& route, std::unique_ptr<tls::DtlsConnection> connection,
                                 const Surroundings& around, const base::Now& now)
    : around_(around),
      route_(route),
      tuple_{route.client, route.server, base::Transport::dtls},
      connection_(std::move(connection)),
      id_(around.registry.add(*this)),
      stage_ends_(now.monotonic + around.limits.handshake),
      deadline_(stage_ends_) {
  connection_->carry_by([this](base::ByteView datagram) { (void)around_.sender.send(route_, datagram); });
  around_.half_open.enter(*this, route_.client.address, deadline_);
  around_.counters.clients[static_cast<std::size_t>(base::Transport::dtls)].add();
}

DtlsAssociation::~DtlsAssociation() {
  connection_->shut_down();
  around_.half_open.leave(*this, route_.client.address, deadline_);
  around_.registry.remove(id_);
  around_.counters.clients[static_cast<std::size_t>(base::Transport::dtls)].subtract();
}

DtlsAssociation::Progress DtlsAssociation::on_datagram(base::ByteView datagram, const base::Now& now) {
  connection_->receive(datagram);
  if (stage_ == Stage::handshaking) return shake_hands(now);
  return read(now);
}

DtlsAssociation::Progress DtlsAssociation::shake_hands(const base::Now& now) {
  const IoStatus status = connection_->handshake().status;
  if (status == IoStatus::want_read || status == IoStatus::want_write) {
    set_deadline(now);
    return Progress::goes_on;
  }
  if (status != IoStatus::done) {
    around_.counters.tls_handshakes[kFailed].add();
    return Progress::over;
  }
  around_.counters.tls_handshakes[kSuccess].add();
  stage_ = Stage::no_allocation;
  stage_ends_ = now.monotonic + around_.limits.no_allocation;
  set_deadline(now);
  return read(now);  // the datagram may hold more
}

// Each record is one message.
DtlsAssociation::Progress DtlsAssociation::read(const base::Now& now) {
  std::array<std::uint8_t, kLargestRecord> record;
  for (;;) {
    const tls::IoResult result = connection_->read(record);
    if (result.status == IoStatus::want_read || result.status == IoStatus::want_write) return Progress::goes_on;
    if (result.status != IoStatus::done) return Progress::over;
    const turn::ClientDatagram message{tuple_, id_, base::ByteView(record).first(result.bytes)};
    around_.inbox.on_client_batch({&message, 1}, now);
  }
}

DtlsAssociation::Progress DtlsAssociation::on_time(const base::Now& now) {
  if (stage_ends_ <= now.monotonic) {
    if (stage_ == Stage::handshaking) around_.counters.tls_handshakes[kTimeout].add();
    return Progress::over;
  }
  if (stage_ == Stage::handshaking && !connection_->retransmit()) {
    around_.counters.tls_handshakes[kTimeout].add();
    return Progress::over;
  }
  set_deadline(now);
  return Progress::goes_on;
}

void DtlsAssociation::set_deadline(const base::Now& now) {
  base::TimePoint next = stage_ends_;
  if (stage_ == Stage::handshaking)
    if (const auto left = connection_->retransmit_in())
      next = std::min(next, now.monotonic + std::max(std::chrono::microseconds(1000), *left));
  around_.half_open.move(*this, deadline_, next);
  deadline_ = next;
}

void DtlsAssociation::send_message(const turn::FiveTuple& /*to*/, base::ByteView message) {
  if (stage_ != Stage::handshaking && connection_->write(message).status != IoStatus::done)
    around_.inbox.on_drop(turn::DropReason::send_failed);
}

NotSent DtlsAssociation::send_forwards(const turn::ClientForwards& forwards) {
  static constexpr std::uint8_t kZeros[4] = {};
  thread_local base::Bytes message;
  NotSent failed{turn::DropReason::send_failed, 0, 0};
  for (const turn::ClientForward& forward : forwards.items()) {
    message.assign(forward.header.begin(), forward.header.end());
    message.insert(message.end(), forward.payload.begin(), forward.payload.end());
    message.insert(message.end(), kZeros, kZeros + forward.padding);
    const bool fits = message.size() <= kLargestRecord;
    if (fits && connection_->write(message).status == IoStatus::done) continue;
    if (!fits) failed.why = turn::DropReason::too_big;
    ++failed.packets;
    failed.bytes += forward.payload.size();
  }
  return failed;
}

void DtlsAssociation::on_session_opened(const base::Now& /*now*/) {
  around_.half_open.leave(*this, route_.client.address, deadline_);
  stage_ = Stage::allocated;
}

void DtlsAssociation::on_session_closed(const base::Now& now) {
  if (stage_ != Stage::allocated) return;
  stage_ = Stage::no_allocation;
  stage_ends_ = deadline_ = now.monotonic + around_.limits.no_allocation;
  around_.half_open.enter(*this, route_.client.address, deadline_);
}

}  // namespace turnd::net
