#include "signaling/net/transport.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>

#include "turnd/base/bytes.h"

namespace signaling::net {
namespace {

constexpr std::size_t kPartsPerCall = 192;        // 64 frames of head, body and tail
constexpr std::size_t kRecord = 16 * 1024;        // a TLS record's worth
constexpr std::size_t kCopyBelow = 4 * 1024;      // gathering costs more than copying
constexpr std::size_t kMostAtOnce = 1024 * 1024;  // fairness among connections

IoStatus status_of(int error) {
  if (error == EAGAIN || error == EWOULDBLOCK || error == EINTR) return IoStatus::want_read;
  return IoStatus::failed;
}

}  // namespace

IoResult Transport::read(std::span<char> into) {
  if (tls_) return tls_->read({reinterpret_cast<std::uint8_t*>(into.data()), into.size()});
  const ssize_t size = ::recv(socket_.get(), into.data(), into.size(), 0);
  if (size > 0) return {IoStatus::done, static_cast<std::size_t>(size)};
  if (size == 0) return {IoStatus::closed};
  return {status_of(errno)};
}

IoResult Transport::write(OutQueue& from, Followed how) { return tls_ ? write_tls(from) : write_plain(from, how); }

IoResult Transport::write_plain(OutQueue& from, Followed how) {
  const int flags = MSG_NOSIGNAL | (how == Followed::by_the_end ? MSG_MORE : 0);
  std::size_t total = 0;
  std::array<iovec, kPartsPerCall> parts;
  while (!from.empty() && total < kMostAtOnce) {
    const std::size_t offered = from.bytes();
    ssize_t size = 0;
    if (offered <= kCopyBelow) {
      std::array<char, kCopyBelow> flat;
      size = ::send(socket_.get(), flat.data(), from.copy(flat), flags);
    } else {
      msghdr message{};
      message.msg_iov = parts.data();
      message.msg_iovlen = from.gather(parts);
      size = ::sendmsg(socket_.get(), &message, flags);
    }
    if (size < 0) return {status_of(errno) == IoStatus::want_read ? IoStatus::want_write : IoStatus::failed, total};
    from.consume(static_cast<std::size_t>(size));
    total += static_cast<std::size_t>(size);
  }
  return {from.empty() ? IoStatus::done : IoStatus::want_write, total};
}

IoResult Transport::write_tls(OutQueue& from) {
  std::size_t total = 0;
  std::array<char, kRecord> record;
  while (!from.empty() && total < kMostAtOnce) {
    const std::size_t size = from.copy(record);
    const IoResult result = tls_->write({reinterpret_cast<const std::uint8_t*>(record.data()), size});
    if (result.status != IoStatus::done) {
      locked_ = size;
      return {result.status, total};
    }
    locked_ = 0;
    from.consume(result.bytes);
    total += result.bytes;
  }
  return {from.empty() ? IoStatus::done : IoStatus::want_write, total};
}

void Transport::shut_down_sending() {
  if (tls_) tls_->shut_down();
  (void)::shutdown(socket_.get(), SHUT_WR);
}

}  // namespace signaling::net
