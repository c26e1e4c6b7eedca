// ReceiveBatch: datagrams received with one system call; those that the kernel merged are told apart again.
#pragma once

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>

#include "turnd/base/bytes.h"
#include "turnd/base/endpoint.h"
#include "turnd/net/kernel_features.h"
#include "turnd/posix/socket_address.h"
#include "turnd/turn/header_fields.h"

namespace turnd::net {

// Asks the kernel to hand over datagrams that came together as one message (UDP_GRO), where it can.
void ask_for_merging(int descriptor, const KernelFeatures& kernel);
// Asks it to tell TTL, DSCP and ECN of each message. Kernels since 6.9, and those of before that were mended, merge only
// datagrams that have the same.
void ask_for_header_fields(int descriptor, base::Family family);

// One a worker thread, used by all of its sockets in turn: a datagram is borrowed until the next receive on any of
// them. A message is one datagram, or a run of them from one sender, all of one size but the last:
//   message   | datagram 0 | datagram 1 | last |
class ReceiveBatch {
 public:
  static constexpr std::size_t kMessages = 64;

  // This thread's.
  static ReceiveBatch& mine();

  // How many messages came, 0 when there is none (or an error of the socket, which is then cleared).
  [[nodiscard]] std::size_t receive(int descriptor);
  [[nodiscard]] base::Endpoint from(std::size_t message) const { return addresses_[message].endpoint(); }
  // The address it was sent to, where the socket asks for IP_PKTINFO.
  [[nodiscard]] const std::optional<base::IpAddress>& sent_to(std::size_t message) const {
    return told_[message].sent_to;
  }
  // Where the socket asks for them.
  [[nodiscard]] std::optional<turn::HeaderFields> header_fields(std::size_t message) const {
    const Told& told = told_[message];
    return told.ttl ? std::optional(turn::HeaderFields{*told.ttl, told.traffic_class}) : std::nullopt;
  }
  // Calls `take` with each datagram of the message, in order; nothing is copied.
  template <class Take>
  void for_each_datagram(std::size_t message, Take take) const {
    base::ByteView rest = bytes(message);
    const std::size_t size = told_[message].datagram_size;
    do {
      const base::ByteView datagram = rest.first(std::min(size, rest.size()));
      rest = rest.subspan(datagram.size());
      take(datagram);
    } while (!rest.empty());
  }

 private:
  ReceiveBatch();
  [[nodiscard]] base::ByteView bytes(std::size_t message) const;

  // A whole UDP datagram fits, and so does a run of them; the odd size spreads the slots over the cache's sets.
  static constexpr std::size_t kSlot = 65'536 + 192;
  // Address, size of the datagrams, hop limit, traffic class.
  static constexpr std::size_t kControl = CMSG_SPACE(sizeof(in6_pktinfo)) + 3 * CMSG_SPACE(sizeof(int));

  // What the control messages of a message say.
  struct Told {
    std::size_t datagram_size = kSlot;  // of all but the last
    std::optional<base::IpAddress> sent_to;
    std::optional<std::uint8_t> ttl;
    std::uint8_t traffic_class = 0;
  };
  static Told read_controls(const msghdr& header);
  static void read_v4(const cmsghdr& control, Told& into);
  static void read_v6(const cmsghdr& control, Told& into);

  std::unique_ptr<std::uint8_t[]> memory_;
  std::size_t written_ = kMessages;  // headers to be set anew
  std::array<mmsghdr, kMessages> headers_{};
  std::array<iovec, kMessages> vectors_{};
  std::array<posix::SocketAddress, kMessages> addresses_{};
  struct alignas(8) Control {
    std::array<std::uint8_t, kControl> bytes;
  };
  std::array<Control, kMessages> controls_{};
  std::array<Told, kMessages> told_{};
};

}  // namespace turnd::net
