#include "turnd/net/send_batch.h"

#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace turnd::net {
namespace {

// What the kernel takes as one message: UDP_MAX_SEGMENTS of older ones, and an IPv4 packet of 64 KiB less its headers.
constexpr std::size_t kMostDatagramsOfRun = 64;
constexpr std::size_t kMostBytesOfRun = 65'507;

// What a failed send was, for the operator.
turn::DropReason reason_of(int error) {
  return error == EMSGSIZE ? turn::DropReason::too_big : turn::DropReason::send_failed;
}

// The socket takes no more now: what follows in the batch would fail too.
bool is_full(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS || error == ENOMEM; }

// A device without checksum offload, or a transformed route (EIO); datagrams above the path's MTU, which only leave
// fragmented (EMSGSIZE, before Linux 6.9 EINVAL). Each by itself they may leave, or fail for their own reason.
bool is_of_cutting(int error) { return error == EIO || error == EINVAL || error == EMSGSIZE; }

iovec as_vector(base::ByteView bytes) { return {const_cast<std::uint8_t*>(bytes.data()), bytes.size()}; }

// Appends a control message behind those that `header` has.
template <class Value>
void append_control(msghdr& header, int level, int type, const Value& value) {
  auto* control = reinterpret_cast<cmsghdr*>(static_cast<std::uint8_t*>(header.msg_control) + header.msg_controllen);
  control->cmsg_level = level;
  control->cmsg_type = type;
  control->cmsg_len = CMSG_LEN(sizeof value);
  std::memcpy(CMSG_DATA(control), &value, sizeof value);
  header.msg_controllen += CMSG_SPACE(sizeof value);
}

void append_source(msghdr& header, const base::IpAddress& from) {
  if (from.is_v4()) {
    in_pktinfo info{};
    info.ipi_spec_dst = posix::to_in_addr(from);
    append_control(header, IPPROTO_IP, IP_PKTINFO, info);
  } else {
    in6_pktinfo info{};
    info.ipi6_addr = posix::to_in6_addr(from);
    append_control(header, IPPROTO_IPV6, IPV6_PKTINFO, info);
  }
}

// As ints, which both families take (ip(7), ipv6(7)). A traffic class of 0 is what every socket of ours has by itself;
// its TTL depends on the route and on the interface.
void append_fields(msghdr& header, base::Family to, const turn::HeaderFields& fields) {
  const bool is_v4 = to == base::Family::ipv4;
  const int level = is_v4 ? IPPROTO_IP : IPPROTO_IPV6;
  append_control(header, level, is_v4 ? IP_TTL : IPV6_HOPLIMIT, int{fields.ttl});
  if (fields.traffic_class != 0) append_control(header, level, is_v4 ? IP_TOS : IPV6_TCLASS, int{fields.traffic_class});
}

// Calls sendmmsg until all have gone; one that is refused is told to `on_refused`, which returns the next to send.
template <class OnRefused>
void send_all(int descriptor, mmsghdr* headers, std::size_t count, OnRefused on_refused) {
  for (std::size_t done = 0; done < count;) {
    const int sent =
        sendmmsg(descriptor, headers + done, static_cast<unsigned>(count - done), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0)
      done += static_cast<std::size_t>(sent);
    else if (errno != EINTR)
      done = on_refused(done, errno);
  }
}

}  // namespace

void SendBatch::add(const base::Endpoint& to, const Message& message, const std::optional<base::IpAddress>& from) {
  static constexpr std::array<std::uint8_t, 3> kZeros{};
  const std::size_t size = message.header.size() + message.payload.size() + message.padding;
  if (!fits_run(to, size, from, message.fields)) begin_run(to, size, from, message.fields);
  Run& run = run_[runs_ - 1];
  run.bytes += size;
  run.is_closed = size < run.datagram_size;
  ++run.count;

  datagram_[datagrams_++] = {vectors_, message.payload.size()};
  if (!message.header.empty()) vector_[vectors_++] = as_vector(message.header);
  vector_[vectors_++] = as_vector(message.payload);
  if (message.padding != 0) vector_[vectors_++] = as_vector(base::ByteView(kZeros).first(message.padding));
}

bool SendBatch::fits_run(const base::Endpoint& to, std::size_t size, const From& from, const Fields& fields) const {
  if (runs_ == 0 || !has_gso_) return false;
  const Run& run = run_[runs_ - 1];
  return !run.is_closed && size != 0 && size <= run.datagram_size && run.count < kMostDatagramsOfRun &&
         run.bytes + size <= kMostBytesOfRun && run.to == to && run.from == from && run.fields == fields &&
         !refusals_.rests(to.address);
}

void SendBatch::begin_run(const base::Endpoint& to, std::size_t size, const From& from, const Fields& fields) {
  Run& run = run_[runs_++];
  run.to = to;
  run.from = from;
  run.fields = fields;
  run.address = posix::SocketAddress(to);
  run.first = datagrams_;
  run.count = 0;
  run.datagram_size = size;
  run.bytes = 0;
}

std::size_t SendBatch::vectors_until(std::size_t datagram) const {
  return datagram == datagrams_ ? vectors_ : datagram_[datagram].first_vector;
}

void SendBatch::set_control(std::size_t index, Cut cut) {
  const Run& run = run_[index];
  msghdr& header = header_[index].msg_hdr;
  header.msg_control = control_[index].bytes.data();
  header.msg_controllen = 0;
  if (run.from) append_source(header, *run.from);
  if (run.fields) append_fields(header, run.to.address.family(), *run.fields);
  if (cut == Cut::by_kernel)
    append_control(header, IPPROTO_UDP, UDP_SEGMENT, static_cast<std::uint16_t>(run.datagram_size));
  if (header.msg_controllen == 0) header.msg_control = nullptr;
}

std::size_t SendBatch::prepare_runs() {
  std::size_t cuts = 0;
  for (std::size_t i = 0; i < runs_; ++i) {
    Run& run = run_[i];
    const std::size_t begin = datagram_[run.first].first_vector;
    msghdr& header = header_[i].msg_hdr;
    header.msg_name = &run.address.generic;
    header.msg_namelen = run.address.size;
    header.msg_iov = &vector_[begin];
    header.msg_iovlen = vectors_until(run.first + run.count) - begin;
    set_control(i, run.count > 1 ? Cut::by_kernel : Cut::none);
    cuts += run.count > 1 ? 1 : 0;
  }
  return cuts;
}

std::size_t SendBatch::runs_to_cut(std::size_t from, std::size_t until) const {
  return static_cast<std::size_t>(std::count_if(run_.begin() + static_cast<std::ptrdiff_t>(from),
                                                run_.begin() + static_cast<std::ptrdiff_t>(until),
                                                [](const Run& run) { return run.count > 1; }));
}

void SendBatch::flush(int descriptor, NotSent& failed) {
  std::size_t cuts = prepare_runs();
  refusals_.on_flush();
  send_all(descriptor, header_.data(), runs_, [&](std::size_t index, int error) {
    const std::size_t next = on_refused(descriptor, index, error, failed);
    cuts -= runs_to_cut(index, next);
    return next;
  });
  if (cuts != 0) refusals_.on_cut();
  datagrams_ = vectors_ = runs_ = 0;
}

std::size_t SendBatch::on_refused(int descriptor, std::size_t index, int error, NotSent& failed) {
  const Run& run = run_[index];
  if (is_full(error)) {
    give_up(run.first, datagrams_, error, failed);
    return runs_;
  }
  if (run.count > 1 && is_of_cutting(error)) {
    if (error == EIO) {
      refusals_.on_refused(run.to.address);
      if (refused_) refused_->add();
    }
    send_apart(descriptor, index, failed);
  } else {
    give_up(run.first, run.first + run.count, error, failed);
  }
  return index + 1;
}

// The datagrams of one run, each by itself.
void SendBatch::send_apart(int descriptor, std::size_t index, NotSent& failed) {
  const Run& run = run_[index];
  set_control(index, Cut::none);
  std::array<mmsghdr, kDatagrams> headers{};
  for (std::size_t i = 0; i < run.count; ++i) {
    const std::size_t begin = datagram_[run.first + i].first_vector;
    headers[i].msg_hdr = header_[index].msg_hdr;
    headers[i].msg_hdr.msg_iov = &vector_[begin];
    headers[i].msg_hdr.msg_iovlen = vectors_until(run.first + i + 1) - begin;
  }
  send_all(descriptor, headers.data(), run.count, [&](std::size_t i, int error) {
    const std::size_t until = is_full(error) ? run.count : i + 1;
    give_up(run.first + i, run.first + until, error, failed);
    return until;
  });
}

void SendBatch::give_up(std::size_t from, std::size_t until, int error, NotSent& failed) const {
  if (failed.packets == 0) failed.why = reason_of(error);
  for (std::size_t i = from; i < until; ++i) {
    ++failed.packets;
    failed.bytes += datagram_[i].payload;
  }
}

}  // namespace turnd::net
