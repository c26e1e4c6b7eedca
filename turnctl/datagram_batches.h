// DatagramBatches: several datagrams of one size sent with one call, and several received with one.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "turnd/base/bytes.h"

namespace turnctl {

// For connected UDP sockets; one thread. What is received is cut after kLargest bytes.
class DatagramBatches {
 public:
  static constexpr std::size_t kMost = 64;  // a GSO send is cut into no more (UDP_MAX_SEGMENTS)
  static constexpr std::size_t kLargest = 512;

  // The same datagram, at most kMost times. As one message that the kernel cuts (UDP GSO), or one by one. Returns
  // how many left, as far as this machine goes: all but those for which it has no room now. What it reports of the
  // way or of the other end (an ICMP error) is their loss.
  [[nodiscard]] std::size_t send(int descriptor, turnd::base::ByteView datagram, std::size_t times);
  // Everything that is there.
  using Take = std::function<void(turnd::base::ByteView)>;
  void receive(int descriptor, const Take& take);

 private:
  // How many of `times` have left when a call for them has failed.
  [[nodiscard]] static std::size_t left_despite(int error, std::size_t times);
  [[nodiscard]] static std::size_t send_one_by_one(int descriptor, turnd::base::ByteView datagram, std::size_t times);

  bool cuts_ = true;
  std::array<std::uint8_t, kMost * kLargest> out_{};
  std::array<std::array<std::uint8_t, kLargest>, kMost> in_{};
  std::array<iovec, kMost> pieces_{};
  std::array<mmsghdr, kMost> messages_{};
};

}  // namespace turnctl
