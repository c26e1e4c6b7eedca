#include "turnctl/datagram_batches.h"

#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace turnctl {

using turnd::base::ByteView;

std::size_t DatagramBatches::send(int descriptor, ByteView datagram, std::size_t times) {
  if (times == 1 || !cuts_) return send_one_by_one(descriptor, datagram, times);
  const auto size = static_cast<std::uint16_t>(datagram.size());
  for (std::size_t i = 0; i < times; ++i)
    std::ranges::copy(datagram, out_.begin() + static_cast<std::ptrdiff_t>(i * datagram.size()));
  iovec piece{out_.data(), times * datagram.size()};
  alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof size)> control{};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_UDP;
  header->cmsg_type = UDP_SEGMENT;
  header->cmsg_len = CMSG_LEN(sizeof size);
  std::memcpy(CMSG_DATA(header), &size, sizeof size);
  if (sendmsg(descriptor, &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) return times;
  if (errno != EINVAL && errno != EIO && errno != ENOPROTOOPT) return left_despite(errno, times);
  cuts_ = false;  // this kernel or this route does not
  return send_one_by_one(descriptor, datagram, times);
}

std::size_t DatagramBatches::left_despite(int error, std::size_t times) {
  const bool is_full = error == EAGAIN || error == ENOBUFS || error == ENOMEM;
  return is_full ? 0 : times;
}

std::size_t DatagramBatches::send_one_by_one(int descriptor, ByteView datagram, std::size_t times) {
  std::size_t left = 0;
  for (std::size_t i = 0; i < times; ++i) {
    const auto sent = ::send(descriptor, datagram.data(), datagram.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    left += sent >= 0 ? 1 : left_despite(errno, 1);
  }
  return left;
}

void DatagramBatches::receive(int descriptor, const Take& take) {
  for (int count = kMost; count == static_cast<int>(kMost);) {
    for (std::size_t i = 0; i < kMost; ++i) {
      pieces_[i] = {in_[i].data(), in_[i].size()};
      messages_[i] = {};
      messages_[i].msg_hdr.msg_iov = &pieces_[i];
      messages_[i].msg_hdr.msg_iovlen = 1;
    }
    count = recvmmsg(descriptor, messages_.data(), kMost, MSG_DONTWAIT, nullptr);
    for (std::size_t i = 0; static_cast<int>(i) < count; ++i) take(ByteView(in_[i]).first(messages_[i].msg_len));
  }
}

}  // namespace turnctl
