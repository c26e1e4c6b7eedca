#include "turnd/offload/netlink.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace turnd::offload {
namespace {

constexpr timeval kPatience{.tv_sec = 0, .tv_usec = 200'000};

struct Request {
  nlmsghdr header{};
  rtmsg route{};
  std::array<char, 64> attributes{};
};

void add_address(Request& request, unsigned short type, base::ByteView octets) {
  auto* attribute = reinterpret_cast<rtattr*>(reinterpret_cast<char*>(&request) + NLMSG_ALIGN(request.header.nlmsg_len));
  attribute->rta_type = type;
  attribute->rta_len = static_cast<unsigned short>(RTA_LENGTH(octets.size()));
  std::memcpy(RTA_DATA(attribute), octets.data(), octets.size());
  request.header.nlmsg_len = NLMSG_ALIGN(request.header.nlmsg_len) + RTA_ALIGN(attribute->rta_len);
}

net::FileDescriptor open_socket(int flags, std::uint32_t groups) {
  net::FileDescriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | flags, NETLINK_ROUTE));
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = groups;
  if (socket && bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return {};
  return socket;
}

std::optional<std::uint32_t> read_mtu(const rtattr* metrics) {
  int left = static_cast<int>(RTA_PAYLOAD(metrics));
  for (const auto* each = static_cast<const rtattr*>(RTA_DATA(metrics)); RTA_OK(each, left); each = RTA_NEXT(each, left)) {
    if (each->rta_type != RTAX_MTU || RTA_PAYLOAD(each) < sizeof(std::uint32_t)) continue;
    std::uint32_t mtu = 0;
    std::memcpy(&mtu, RTA_DATA(each), sizeof mtu);
    if (mtu != 0) return mtu;
  }
  return std::nullopt;
}

WayOut read_way(const nlmsghdr& header) {
  const auto* route = static_cast<const rtmsg*>(NLMSG_DATA(&header));
  if (route->rtm_type == RTN_LOCAL) return {WayOut::Kind::local, 0, std::nullopt};
  if (route->rtm_type != RTN_UNICAST) return {};
  WayOut way;
  int left = static_cast<int>(RTM_PAYLOAD(&header));
  for (const rtattr* each = RTM_RTA(route); RTA_OK(each, left); each = RTA_NEXT(each, left)) {
    if (each->rta_type == RTA_OIF) {
      std::memcpy(&way.interface, RTA_DATA(each), sizeof way.interface);
      way.kind = WayOut::Kind::interface;
    } else if (each->rta_type == RTA_METRICS) {
      way.mtu = read_mtu(each);
    }
  }
  return way;
}

}  // namespace

base::Result<RouteTable, int> RouteTable::open() {
  net::FileDescriptor socket = open_socket(0, 0);
  if (!socket || setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience) != 0) return errno;
  return RouteTable(std::move(socket));
}

WayOut RouteTable::find(const base::IpAddress& source, const base::IpAddress& destination) {
  Request request;
  request.header.nlmsg_len = NLMSG_LENGTH(sizeof(rtmsg));
  request.header.nlmsg_type = RTM_GETROUTE;
  request.header.nlmsg_flags = NLM_F_REQUEST;
  request.header.nlmsg_seq = ++sequence_;
  request.route.rtm_family = destination.is_v4() ? AF_INET : AF_INET6;
  const auto bits = static_cast<unsigned char>(8 * destination.octets().size());
  request.route.rtm_dst_len = bits;
  request.route.rtm_src_len = bits;
  add_address(request, RTA_DST, destination.octets());
  add_address(request, RTA_SRC, source.octets());
  if (send(socket_.get(), &request, request.header.nlmsg_len, 0) < 0) return {};

  // An answer that came too late for an earlier question is passed over.
  for (int tries = 0; tries < 8; ++tries) {
    alignas(nlmsghdr) std::array<char, 4096> answer{};
    const ssize_t size = recv(socket_.get(), answer.data(), answer.size(), 0);
    if (size < static_cast<ssize_t>(sizeof(nlmsghdr))) return {};
    const auto& header = *reinterpret_cast<const nlmsghdr*>(answer.data());
    if (!NLMSG_OK(&header, static_cast<std::size_t>(size))) return {};
    if (header.nlmsg_seq != sequence_) continue;
    return header.nlmsg_type == RTM_NEWROUTE ? read_way(header) : WayOut{};
  }
  return {};
}

base::Result<RouteMonitor, int> RouteMonitor::open() {
  net::FileDescriptor socket = open_socket(
      SOCK_NONBLOCK, RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE);
  if (!socket) return errno;
  return RouteMonitor(std::move(socket));
}

bool RouteMonitor::take_changes() {
  bool changed = false;
  std::array<char, 8192> ignored{};
  for (;;) {
    const ssize_t size = recv(socket_.get(), ignored.data(), ignored.size(), MSG_TRUNC);
    if (size < 0 && errno == EINTR) continue;
    // Too many changes at once are a change as well.
    if (size < 0 && errno != ENOBUFS) return changed;
    changed = true;
  }
}

}  // namespace turnd::offload
