// Batches of datagrams in one system call: recvmmsg and sendmmsg with their buffers.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>

#include "turnd/base/bytes.h"
#include "turnd/base/endpoint.h"
#include "turnd/net/client_link.h"
#include "turnd/net/socket_address.h"

namespace turnd::net {

inline constexpr std::size_t kBatch = 64;

// Receives; one a worker thread, used by all of its sockets in turn: a datagram is borrowed until the next
// receive on any of them.
class ReceiveBatch {
 public:
  // This thread's.
  static ReceiveBatch& mine();

  // How many datagrams came, 0 when there is none (or an error of the socket, which is then cleared).
  [[nodiscard]] std::size_t receive(int descriptor);
  [[nodiscard]] base::ByteView datagram(std::size_t index) const;
  [[nodiscard]] base::Endpoint from(std::size_t index) const { return addresses_[index].endpoint(); }
  // The address it was sent to, where the socket asks for IP_PKTINFO.
  [[nodiscard]] std::optional<base::IpAddress> sent_to(std::size_t index) const;

 private:
  ReceiveBatch();
  // A whole UDP datagram fits; the odd size spreads the slots over the cache's sets.
  static constexpr std::size_t kSlot = 65'536 + 192;
  static constexpr std::size_t kControl = 64;

  std::unique_ptr<std::uint8_t[]> memory_;
  std::size_t written_ = kBatch;  // headers to be set anew
  std::array<mmsghdr, kBatch> headers_{};
  std::array<iovec, kBatch> vectors_{};
  std::array<SocketAddress, kBatch> addresses_{};
  struct alignas(8) Control {
    std::array<std::uint8_t, kControl> bytes;
  };
  std::array<Control, kBatch> controls_{};
};

// Sends; filled by its owner and flushed. Payloads and headers are borrowed until then.
class SendBatch {
 public:
  // This thread's.
  static SendBatch& mine();

  struct Message {
    base::ByteView header = {};
    base::ByteView payload = {};
    std::uint8_t padding = 0;  // zero bytes, at most 3
  };
  [[nodiscard]] bool full() const { return count_ == kBatch; }
  // `from`: the source address to leave from (IP_PKTINFO); none: the socket's own.
  void add(const base::Endpoint& to, const Message& message, const std::optional<base::IpAddress>& from = {});
  // Adds what was not sent to `failed`.
  void flush(int descriptor, NotSent& failed);

 private:
  SendBatch() = default;
  void set_source(std::size_t index, const base::IpAddress& from);

  static constexpr std::size_t kControl = 64;
  std::size_t count_ = 0;
  std::array<mmsghdr, kBatch> headers_{};
  std::array<std::array<iovec, 3>, kBatch> vectors_{};
  std::array<SocketAddress, kBatch> addresses_{};
  std::array<std::size_t, kBatch> payload_sizes_{};
  struct alignas(8) Control {
    std::array<std::uint8_t, kControl> bytes;
  };
  std::array<Control, kBatch> controls_{};
};

}  // namespace turnd::net
