#include "turnd/offload/netlink_socket.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <utility>

namespace turnd::offload {
namespace {

constexpr timeval kPatience{.tv_sec = 0, .tv_usec = 200'000};

const rtattr* find(const rtattr* first, int left, std::uint16_t type) {
  for (const rtattr* each = first; RTA_OK(each, left); each = RTA_NEXT(each, left))
    if ((each->rta_type & NLA_TYPE_MASK) == type) return each;
  return nullptr;
}

}  // namespace

void NetlinkQuestion::add(std::uint16_t attribute, base::ByteView value) {
  auto* at = reinterpret_cast<rtattr*>(bytes_.data() + NLMSG_ALIGN(message().nlmsg_len));
  at->rta_type = attribute;
  at->rta_len = static_cast<unsigned short>(RTA_LENGTH(value.size()));
  std::memcpy(RTA_DATA(at), value.data(), value.size());
  message().nlmsg_len = NLMSG_ALIGN(message().nlmsg_len) + RTA_ALIGN(at->rta_len);
}

void NetlinkQuestion::add(std::uint16_t attribute, std::uint32_t value) {
  std::array<std::uint8_t, sizeof value> bytes{};
  std::memcpy(bytes.data(), &value, sizeof value);
  add(attribute, base::ByteView(bytes));
}

posix::FileDescriptor open_netlink(int protocol, int flags, std::uint32_t groups) {
  posix::FileDescriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | flags, protocol));
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = groups;
  if (socket && bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return {};
  return socket;
}

base::Result<NetlinkSocket, int> NetlinkSocket::open(int protocol) {
  posix::FileDescriptor socket = open_netlink(protocol, 0, 0);
  if (!socket || setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience) != 0) return errno;
  return NetlinkSocket(std::move(socket));
}

const nlmsghdr* NetlinkSocket::ask(NetlinkQuestion& question) {
  question.message().nlmsg_seq = ++sequence_;
  if (send(socket_.get(), question.bytes_.data(), question.message().nlmsg_len, 0) < 0) return nullptr;
  // An answer that came too late for an earlier question is passed over.
  for (int tries = 0; tries < 8; ++tries) {
    const ssize_t size = recv(socket_.get(), answer_.data(), answer_.size(), 0);
    if (size < static_cast<ssize_t>(sizeof(nlmsghdr))) return nullptr;
    const auto* header = reinterpret_cast<const nlmsghdr*>(answer_.data());
    if (!NLMSG_OK(header, static_cast<std::size_t>(size))) return nullptr;
    if (header->nlmsg_seq == sequence_) return header->nlmsg_type == NLMSG_ERROR ? nullptr : header;
  }
  return nullptr;
}

void NetlinkSocket::list(NetlinkQuestion& question, const std::function<void(const nlmsghdr&)>& take) {
  question.message().nlmsg_seq = ++sequence_;
  question.message().nlmsg_flags |= NLM_F_DUMP;
  if (send(socket_.get(), question.bytes_.data(), question.message().nlmsg_len, 0) < 0) return;
  for (ssize_t size = 0; (size = recv(socket_.get(), answer_.data(), answer_.size(), 0)) > 0;) {
    auto left = static_cast<std::size_t>(size);
    for (const auto* each = reinterpret_cast<const nlmsghdr*>(answer_.data()); NLMSG_OK(each, left);
         each = NLMSG_NEXT(each, left)) {
      if (each->nlmsg_seq != sequence_) continue;
      if (each->nlmsg_type == NLMSG_DONE || each->nlmsg_type == NLMSG_ERROR) return;
      take(*each);
    }
  }
}

const rtattr* find_attribute(const nlmsghdr& answer, std::size_t header_size, std::uint16_t type) {
  const std::size_t before = NLMSG_SPACE(header_size);
  if (answer.nlmsg_len < before) return nullptr;
  const char* first = reinterpret_cast<const char*>(&answer) + before;
  return find(reinterpret_cast<const rtattr*>(first), static_cast<int>(answer.nlmsg_len - before), type);
}

const rtattr* find_attribute(const rtattr& outer, std::uint16_t type) {
  return find(static_cast<const rtattr*>(RTA_DATA(&outer)), static_cast<int>(RTA_PAYLOAD(&outer)), type);
}

}  // namespace turnd::offload
