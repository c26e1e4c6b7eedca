#include "turnd/net/receive_batch.h"

#include <netinet/udp.h>

#include <cstring>

namespace turnd::net {
namespace {

template <class Value>
Value value_of(const cmsghdr& control) {
  Value value{};
  std::memcpy(&value, CMSG_DATA(&control), sizeof value);
  return value;
}

void switch_on(int descriptor, int level, int option) {
  const int one = 1;
  (void)setsockopt(descriptor, level, option, &one, sizeof one);
}

}  // namespace

void ask_for_merging(int descriptor, const KernelFeatures& kernel) {
  if (kernel.udp_gro) switch_on(descriptor, IPPROTO_UDP, UDP_GRO);
}

void ask_for_header_fields(int descriptor, base::Family family) {
  if (family == base::Family::ipv4) {
    switch_on(descriptor, IPPROTO_IP, IP_RECVTTL);
    switch_on(descriptor, IPPROTO_IP, IP_RECVTOS);
  } else {
    switch_on(descriptor, IPPROTO_IPV6, IPV6_RECVHOPLIMIT);
    switch_on(descriptor, IPPROTO_IPV6, IPV6_RECVTCLASS);
  }
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
  for (std::size_t i = 0; i < received; ++i) told_[i] = read_controls(headers_[i].msg_hdr);
  written_ = std::max<std::size_t>(written_, 1);
  return received;
}

base::ByteView ReceiveBatch::bytes(std::size_t message) const {
  return {static_cast<const std::uint8_t*>(vectors_[message].iov_base), headers_[message].msg_len};
}

// In one pass, whatever the socket asks for.
ReceiveBatch::Told ReceiveBatch::read_controls(const msghdr& header) {
  Told told;
  auto* in = const_cast<msghdr*>(&header);
  for (cmsghdr* each = CMSG_FIRSTHDR(in); each; each = CMSG_NXTHDR(in, each)) {
    if (each->cmsg_level == IPPROTO_IP) {
      read_v4(*each, told);
    } else if (each->cmsg_level == IPPROTO_IPV6) {
      read_v6(*each, told);
    } else if (each->cmsg_level == IPPROTO_UDP && each->cmsg_type == UDP_GRO) {
      // The kernel says so only of what it merged; nothing less than one byte is ever a size to cut by.
      if (const int size = value_of<int>(*each); size > 0) told.datagram_size = static_cast<std::size_t>(size);
    }
  }
  return told;
}

void ReceiveBatch::read_v4(const cmsghdr& control, Told& into) {
  if (control.cmsg_type == IP_TTL)
    into.ttl = static_cast<std::uint8_t>(value_of<int>(control));
  else if (control.cmsg_type == IP_TOS)
    into.traffic_class = value_of<std::uint8_t>(control);
  else if (control.cmsg_type == IP_PKTINFO)
    into.sent_to = posix::to_address(value_of<in_pktinfo>(control).ipi_addr);
}

void ReceiveBatch::read_v6(const cmsghdr& control, Told& into) {
  if (control.cmsg_type == IPV6_HOPLIMIT)
    into.ttl = static_cast<std::uint8_t>(value_of<int>(control));
  else if (control.cmsg_type == IPV6_TCLASS)
    into.traffic_class = static_cast<std::uint8_t>(value_of<int>(control));
  else if (control.cmsg_type == IPV6_PKTINFO)
    into.sent_to = posix::to_address(value_of<in6_pktinfo>(control).ipi6_addr);
}

}  // namespace turnd::net
