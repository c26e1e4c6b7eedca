#include "turnd/net/stream_channel.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace turnd::net {
namespace {

using tls::IoResult;
using tls::IoStatus;

IoResult read_plain(int descriptor, base::MutableBytes into) {
  for (;;) {
    const auto size = recv(descriptor, into.data(), into.size(), 0);
    if (size > 0) return {IoStatus::done, static_cast<std::size_t>(size)};
    if (size == 0) return {IoStatus::closed, 0};
    if (errno == EINTR) continue;
    return {errno == EAGAIN || errno == EWOULDBLOCK ? IoStatus::want_read : IoStatus::failed, 0};
  }
}

IoResult write_plain(int descriptor, base::ByteView bytes) {
  for (;;) {
    const auto size = send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size >= 0) return {IoStatus::done, static_cast<std::size_t>(size)};
    if (errno == EINTR) continue;
    return {errno == EAGAIN || errno == EWOULDBLOCK ? IoStatus::want_write : IoStatus::failed, 0};
  }
}

}  // namespace

IoResult StreamChannel::read(base::MutableBytes into, ReadMemory& memory) {
  if (tls_) return tls_->read_batch(into, memory.ciphertext());
  return read_plain(descriptor(), into.first(std::min(into.size(), ReadMemory::kRead)));
}

void StreamChannel::write(base::ByteView bytes) {
  if (broken_) return;
  const std::size_t sent = queued() == 0 ? send_some(bytes) : 0;
  if (!broken_ && sent < bytes.size()) enqueue(bytes.subspan(sent));
}

// Never more memory than the limit, where a vector that doubles would take twice as much.
void StreamChannel::enqueue(base::ByteView bytes) {
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(sent_));
  sent_ = 0;
  const std::size_t needed = queue_.size() + bytes.size();
  if (queue_.capacity() < needed) queue_.reserve(std::max(needed, std::min(queue_.capacity() * 2, max_queued_)));
  queue_.insert(queue_.end(), bytes.begin(), bytes.end());
}

void StreamChannel::flush() {
  sent_ += send_some(base::ByteView(queue_).subspan(sent_));
  if (sent_ != queue_.size()) return;
  queue_ = base::Bytes();  // an idle connection holds no memory
  sent_ = 0;
}

std::size_t StreamChannel::send_some(base::ByteView bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size() && !broken_) {
    const base::ByteView rest = bytes.subspan(sent);
    const IoResult result = tls_ ? tls_->write(rest) : write_plain(descriptor(), rest);
    if (result.status == IoStatus::done)
      sent += result.bytes;
    else if (result.status == IoStatus::want_write || result.status == IoStatus::want_read)
      break;
    else {
      broken_ = true;
      // The poller tells the owner, who is elsewhere now.
      ::shutdown(descriptor(), SHUT_RDWR);
    }
  }
  return sent;
}

void StreamChannel::shut_down() {
  if (tls_ && !broken_) tls_->shut_down();
}

}  // namespace turnd::net
