#include "turnd/net/receive_batch.h"

#include <netinet/udp.h>

#include <cstring>

namespace turnd::net {
namespace {

// The value of a control message of a received one; none: it is not there.
template <class Value>
std::optional<Value> control_value(const msghdr& header, int level, int type) {
  auto* in = const_cast<msghdr*>(&header);
  for (cmsghdr* each = CMSG_FIRSTHDR(in); each; each = CMSG_NXTHDR(in, each)) {
    if (each->cmsg_level != level || each->cmsg_type != type) continue;
    Value value{};
    std::memcpy(&value, CMSG_DATA(each), sizeof value);
    return value;
  }
  return std::nullopt;
}

}  // namespace

void ask_for_merging(int descriptor, const KernelFeatures& kernel) {
  const int one = 1;
  if (kernel.udp_gro) (void)setsockopt(descriptor, IPPROTO_UDP, UDP_GRO, &one, sizeof one);
}

ReceiveBatch& ReceiveBatch::mine() {
  thread_local ReceiveBatch batch;
  return batch;
}

ReceiveBatch::ReceiveBatch() : memory_(std::make_unique_for_overwrite<std::uint8_t[]>(kSlot * kMessages)) {
  for (std::size_t i = 0; i < kMessages; ++i) {
    vectors_[i] = {memory_.get() + i * kSlot, kSlot};
    headers_[i].msg_hdr.msg_iov = &vectors_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
    headers_[i].msg_hdr.msg_name = &addresses_[i].generic;
    headers_[i].msg_hdr.msg_control = controls_[i].bytes.data();
  }
}

std::size_t ReceiveBatch::receive(int descriptor) {
  // Only those that the kernel wrote to last time.
  for (std::size_t i = 0; i < written_; ++i) {
    headers_[i].msg_hdr.msg_namelen = sizeof(sockaddr_in6);
    headers_[i].msg_hdr.msg_controllen = kControl;
  }
  const int count = recvmmsg(descriptor, headers_.data(), kMessages, MSG_DONTWAIT, nullptr);
  written_ = count > 0 ? static_cast<std::size_t>(count) : 0;
  // A receive that failed may have written to the first one.
  const std::size_t received = written_;
  written_ = std::max<std::size_t>(written_, 1);
  return received;
}

base::ByteView ReceiveBatch::bytes(std::size_t message) const {
  return {static_cast<const std::uint8_t*>(vectors_[message].iov_base), headers_[message].msg_len};
}

std::size_t ReceiveBatch::datagram_size(std::size_t message) const {
  // The kernel says so only of what it merged; nothing less than one byte is ever a size to cut by.
  const auto size = control_value<int>(headers_[message].msg_hdr, IPPROTO_UDP, UDP_GRO);
  return size && *size > 0 ? static_cast<std::size_t>(*size) : kSlot;
}

std::optional<base::IpAddress> ReceiveBatch::sent_to(std::size_t message) const {
  const msghdr& header = headers_[message].msg_hdr;
  if (const auto info = control_value<in_pktinfo>(header, IPPROTO_IP, IP_PKTINFO))
    return posix::to_address(info->ipi_addr);
  if (const auto info = control_value<in6_pktinfo>(header, IPPROTO_IPV6, IPV6_PKTINFO))
    return posix::to_address(info->ipi6_addr);
  return std::nullopt;
}

}  // namespace turnd::net
