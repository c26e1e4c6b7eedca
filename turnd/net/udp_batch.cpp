#include "turnd/net/udp_batch.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace turnd::net {
namespace {

// What a failed send was, for the operator.
turn::DropReason reason_of(int error) {
  return error == EMSGSIZE ? turn::DropReason::too_big : turn::DropReason::send_failed;
}

// The socket takes no more now: what follows in the batch would fail too.
bool is_full(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS || error == ENOMEM; }

}  // namespace

ReceiveBatch& ReceiveBatch::mine() {
  thread_local ReceiveBatch batch;
  return batch;
}

ReceiveBatch::ReceiveBatch() : memory_(std::make_unique_for_overwrite<std::uint8_t[]>(kSlot * kBatch)) {
  for (std::size_t i = 0; i < kBatch; ++i) {
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
  const int count = recvmmsg(descriptor, headers_.data(), kBatch, MSG_DONTWAIT, nullptr);
  written_ = count > 0 ? static_cast<std::size_t>(count) : 0;
  // A receive that failed may have written to the first one.
  const std::size_t received = written_;
  written_ = std::max<std::size_t>(written_, 1);
  return received;
}

base::ByteView ReceiveBatch::datagram(std::size_t index) const {
  return {static_cast<const std::uint8_t*>(vectors_[index].iov_base), headers_[index].msg_len};
}

std::optional<base::IpAddress> ReceiveBatch::sent_to(std::size_t index) const {
  auto* header = const_cast<msghdr*>(&headers_[index].msg_hdr);
  for (const cmsghdr* each = CMSG_FIRSTHDR(header); each; each = CMSG_NXTHDR(header, const_cast<cmsghdr*>(each))) {
    if (each->cmsg_level == IPPROTO_IP && each->cmsg_type == IP_PKTINFO) {
      in_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(each), sizeof info);
      return to_address(info.ipi_addr);
    }
    if (each->cmsg_level == IPPROTO_IPV6 && each->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(each), sizeof info);
      return to_address(info.ipi6_addr);
    }
  }
  return std::nullopt;
}

SendBatch& SendBatch::mine() {
  thread_local SendBatch batch;
  return batch;
}

void SendBatch::add(const base::Endpoint& to, const Message& message, const std::optional<base::IpAddress>& from) {
  static constexpr std::array<std::uint8_t, 3> kZeros{};
  const auto as_vector = [](base::ByteView bytes) {
    return iovec{const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
  };
  auto& vectors = vectors_[count_];
  std::size_t used = 0;
  if (!message.header.empty()) vectors[used++] = as_vector(message.header);
  vectors[used++] = as_vector(message.payload);
  if (message.padding != 0) vectors[used++] = as_vector(base::ByteView(kZeros).first(message.padding));

  addresses_[count_] = SocketAddress(to);
  msghdr& header = headers_[count_].msg_hdr;
  header = {};
  header.msg_name = &addresses_[count_].generic;
  header.msg_namelen = addresses_[count_].size;
  header.msg_iov = vectors.data();
  header.msg_iovlen = used;
  if (from) set_source(count_, *from);
  payload_sizes_[count_] = message.payload.size();
  ++count_;
}

void SendBatch::set_source(std::size_t index, const base::IpAddress& from) {
  msghdr& header = headers_[index].msg_hdr;
  header.msg_control = controls_[index].bytes.data();
  header.msg_controllen = kControl;
  cmsghdr* control = CMSG_FIRSTHDR(&header);
  const auto put = [&](int level, int type, const auto& info) {
    control->cmsg_level = level;
    control->cmsg_type = type;
    control->cmsg_len = CMSG_LEN(sizeof info);
    std::memcpy(CMSG_DATA(control), &info, sizeof info);
    header.msg_controllen = CMSG_SPACE(sizeof info);
  };
  if (from.is_v4()) {
    in_pktinfo info{};
    info.ipi_spec_dst = to_in_addr(from);
    put(IPPROTO_IP, IP_PKTINFO, info);
  } else {
    in6_pktinfo info{};
    info.ipi6_addr = to_in6_addr(from);
    put(IPPROTO_IPV6, IPV6_PKTINFO, info);
  }
}

void SendBatch::flush(int descriptor, NotSent& failed) {
  std::size_t done = 0;
  const auto give_up = [&](std::size_t until, int error) {
    if (failed.packets == 0) failed.why = reason_of(error);
    for (; done < until; ++done) {
      ++failed.packets;
      failed.bytes += payload_sizes_[done];
    }
  };
  while (done < count_) {
    const int sent =
        sendmmsg(descriptor, headers_.data() + done, static_cast<unsigned>(count_ - done), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0)
      done += static_cast<std::size_t>(sent);
    else if (errno != EINTR)
      give_up(is_full(errno) ? count_ : done + 1, errno);
  }
  count_ = 0;
}

}  // namespace turnd::net
