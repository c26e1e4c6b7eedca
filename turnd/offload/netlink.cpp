#include "turnd/offload/netlink.h"

#include <net/if.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace turnd::offload {
namespace {

std::optional<std::uint32_t> mtu_of(const nlmsghdr& answer) {
  const rtattr* metrics = find_attribute(answer, sizeof(rtmsg), RTA_METRICS);
  const auto mtu = metrics ? value_of<std::uint32_t>(find_attribute(*metrics, RTAX_MTU)) : std::nullopt;
  return mtu == 0U ? std::nullopt : mtu;
}

WayOut read_way(const nlmsghdr& answer) {
  const auto* route = static_cast<const rtmsg*>(NLMSG_DATA(&answer));
  if (route->rtm_type == RTN_LOCAL) return {WayOut::Kind::local, 0, std::nullopt};
  const auto interface = value_of<int>(find_attribute(answer, sizeof(rtmsg), RTA_OIF));
  if (route->rtm_type != RTN_UNICAST || !interface) return {};
  return {WayOut::Kind::interface, *interface, mtu_of(answer)};
}

std::optional<int> interface_down(const nlmsghdr& change, std::size_t size) {
  if (size < NLMSG_LENGTH(sizeof(ifinfomsg))) return std::nullopt;
  if (change.nlmsg_type != RTM_NEWLINK && change.nlmsg_type != RTM_DELLINK) return std::nullopt;
  const auto* link = static_cast<const ifinfomsg*>(NLMSG_DATA(&change));
  if (link->ifi_family != AF_UNSPEC) return std::nullopt;  // a bridge's port
  if (change.nlmsg_type == RTM_NEWLINK && (link->ifi_flags & IFF_UP) != 0) return std::nullopt;
  return link->ifi_index;
}

}  // namespace

base::Result<RouteTable, int> RouteTable::open() {
  auto socket = NetlinkSocket::open(NETLINK_ROUTE);
  if (!socket) return socket.error();
  return RouteTable(std::move(*socket));
}

WayOut RouteTable::find(const base::IpAddress& source, const base::IpAddress& destination) {
  rtmsg route{};
  route.rtm_family = destination.is_v4() ? AF_INET : AF_INET6;
  route.rtm_dst_len = route.rtm_src_len = static_cast<unsigned char>(8 * destination.octets().size());
  NetlinkQuestion question(RTM_GETROUTE, route);
  question.add(RTA_DST, destination.octets());
  question.add(RTA_SRC, source.octets());
  const nlmsghdr* answer = socket_.ask(question);
  return answer != nullptr && answer->nlmsg_type == RTM_NEWROUTE ? read_way(*answer) : WayOut{};
}

base::Result<RouteMonitor, int> RouteMonitor::open() {
  constexpr std::array kChanges{RTNLGRP_LINK,       RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE,
                                RTNLGRP_IPV6_ROUTE, RTNLGRP_IPV4_RULE,   RTNLGRP_IPV6_RULE};
  std::uint32_t groups = 0;
  for (const rtnetlink_groups each : kChanges) groups |= 1U << (static_cast<unsigned>(each) - 1U);
  posix::FileDescriptor socket = open_netlink(NETLINK_ROUTE, SOCK_NONBLOCK, groups);
  if (!socket) return errno;
  return RouteMonitor(std::move(socket));
}

RouteMonitor::Changes RouteMonitor::take_changes() {
  Changes changes;
  alignas(nlmsghdr) std::array<char, 8192> message{};  // the kernel tells of one change in each
  for (;;) {
    const ssize_t size = recv(socket_.get(), message.data(), message.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    // Too many changes at once are a change as well.
    if (size < 0 && errno != ENOBUFS) return changes;
    changes.any = true;
    if (size < 0) continue;
    const auto* change = reinterpret_cast<const nlmsghdr*>(message.data());
    if (const auto down = interface_down(*change, static_cast<std::size_t>(size))) changes.down.push_back(*down);
  }
}

}  // namespace turnd::offload
