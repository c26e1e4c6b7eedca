// StreamChannel: the bytes of one TCP connection, plain or TLS, with a bounded queue of what could not be sent yet.
#pragma once

#include <cstddef>
#include <memory>

#include "turnd/base/bytes.h"
#include "turnd/posix/file_descriptor.h"
#include "turnd/tls/tls_stream.h"

namespace turnd::net {

// What the connections of a worker read into, one after the other.
class ReadMemory {
 public:
  // A framer's unfinished message, then what one read brings.
  static constexpr std::size_t kLargestMessage = 66 * 1024;
  static constexpr std::size_t kRead = 64 * 1024;

  [[nodiscard]] base::MutableBytes plaintext() { return {plaintext_.get(), kPlaintext}; }
  [[nodiscard]] base::MutableBytes ciphertext() { return {ciphertext_.get(), kRead}; }

 private:
  static constexpr std::size_t kPlaintext = kLargestMessage + kRead + tls::TlsStream::kLargestRecord;
  std::unique_ptr<std::uint8_t[]> plaintext_ = std::make_unique_for_overwrite<std::uint8_t[]>(kPlaintext);
  std::unique_ptr<std::uint8_t[]> ciphertext_ = std::make_unique_for_overwrite<std::uint8_t[]>(kRead);
};

// Never blocks. What is queued is whole: it was admitted with `has_room` and goes out in order.
class StreamChannel {
 public:
  StreamChannel(posix::FileDescriptor socket, std::size_t max_queued)
      : socket_(std::move(socket)), max_queued_(max_queued) {}

  [[nodiscard]] int descriptor() const { return socket_.get(); }
  [[nodiscard]] bool is_secure() const { return tls_ != nullptr; }
  void secure(std::unique_ptr<tls::TlsStream> tls) { tls_ = std::move(tls); }

  [[nodiscard]] tls::IoResult handshake() { return tls_->handshake(); }
  // One read of the descriptor, at most ReadMemory::kRead of it; `into` is of memory.plaintext().
  [[nodiscard]] tls::IoResult read(base::MutableBytes into, ReadMemory& memory);
  // Bytes wait inside although the descriptor is not readable.
  [[nodiscard]] bool has_pending() const { return tls_ && tls_->has_pending(); }

  // Room for that many bytes more in the queue.
  [[nodiscard]] bool has_room(std::size_t bytes) const { return queued() + bytes <= max_queued_; }
  // Sends now what can be sent and queues the rest. The caller has asked has_room.
  void write(base::ByteView bytes);
  // The descriptor is writable: sends from the queue.
  void flush();
  [[nodiscard]] std::size_t queued() const { return queue_.size() - sent_; }
  // Reading and writing are over: the peer is gone, or the protocol is broken.
  [[nodiscard]] bool is_broken() const { return broken_; }
  void shut_down();

 private:
  // How many bytes went out; sets broken_.
  [[nodiscard]] std::size_t send_some(base::ByteView bytes);
  void enqueue(base::ByteView bytes);

  posix::FileDescriptor socket_;
  std::unique_ptr<tls::TlsStream> tls_;  // uses the socket: destroyed first
  base::Bytes queue_;
  std::size_t sent_ = 0;  // bytes of queue_ that are out
  std::size_t max_queued_;
  bool broken_ = false;
};

}  // namespace turnd::net
