// Transport: the bytes of one connection, over TCP or TLS; never blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "signaling/net/out_queue.h"
#include "turnd/posix/file_descriptor.h"
#include "turnd/tls/tls_stream.h"

namespace signaling::net {

using turnd::tls::IoResult;
using turnd::tls::IoStatus;

class Transport {
 public:
  // `tls` null: plain.
  Transport(turnd::posix::FileDescriptor socket, std::unique_ptr<turnd::tls::TlsStream> tls)
      : socket_(std::move(socket)), tls_(std::move(tls)) {}

  [[nodiscard]] int descriptor() const { return socket_.get(); }
  [[nodiscard]] bool is_secure() const { return tls_ != nullptr; }
  [[nodiscard]] IoStatus handshake() { return tls_ ? tls_->handshake().status : IoStatus::done; }

  [[nodiscard]] IoResult read(std::span<char> into);
  [[nodiscard]] bool has_pending() const { return tls_ && tls_->has_pending(); }
  // As much as the socket takes. `bytes` were written; done: the queue is empty. What the end follows may go out with
  // it, in one packet: then shut_down_sending() has to come next.
  enum class Followed : std::uint8_t { by_more, by_the_end };
  [[nodiscard]] IoResult write(OutQueue& from, Followed how);
  // Bytes at the front of the queue that have to stay as they are until they are written.
  [[nodiscard]] std::size_t locked() const { return locked_; }
  // No more will be written; the peer sees the end of the stream.
  void shut_down_sending();
  void close() { socket_.reset(); }

 private:
  [[nodiscard]] IoResult write_plain(OutQueue& from, Followed how);
  [[nodiscard]] IoResult write_tls(OutQueue& from);

  turnd::posix::FileDescriptor socket_;
  std::unique_ptr<turnd::tls::TlsStream> tls_;  // goes before the socket it uses
  std::size_t locked_ = 0;
};

}  // namespace signaling::net
