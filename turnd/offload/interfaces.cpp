#include "turnd/offload/interfaces.h"

#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "turnd/offload/netlink_socket.h"
#include "turnd/posix/file_descriptor.h"
#include "turnd/net/interfaces.h"

namespace turnd::offload {
namespace {

std::string driver_of(int socket, ifreq request) {
  ethtool_drvinfo driver{};
  driver.cmd = ETHTOOL_GDRVINFO;
  request.ifr_data = reinterpret_cast<char*>(&driver);
  if (ioctl(socket, SIOCETHTOOL, &request) != 0) return {};
  return {driver.driver, strnlen(driver.driver, sizeof driver.driver)};
}

std::uint8_t hop_limit_of(std::optional<int> value) {
  return value && *value > 0 && *value < 256 ? static_cast<std::uint8_t>(*value) : std::uint8_t{64};
}

// The sockets say it themselves: a sandbox may hide /proc/sys.
std::uint8_t hop_limit_v4(int socket) {
  int value = 0;
  socklen_t size = sizeof value;
  const bool told = getsockopt(socket, IPPROTO_IP, IP_TTL, &value, &size) == 0;
  return hop_limit_of(told ? std::optional(value) : std::nullopt);
}

// net.ipv6.conf.<interface>.hop_limit, which routers also set by their advertisements (RFC 4861 s6.3.4).
std::uint8_t hop_limit_v6(int interface) {
  constexpr std::uint32_t kHopLimit = 1;  // in the list of the interface's values (DEVCONF_HOPLIMIT)
  auto socket = NetlinkSocket::open(NETLINK_ROUTE);
  ifinfomsg link{};
  link.ifi_index = interface;
  NetlinkQuestion question(RTM_GETLINK, link);
  question.add(IFLA_EXT_MASK, std::uint32_t{RTEXT_FILTER_SKIP_STATS});
  const nlmsghdr* answer = socket ? socket->ask(question) : nullptr;
  const rtattr* families = answer ? find_attribute(*answer, sizeof link, IFLA_AF_SPEC) : nullptr;
  const rtattr* ipv6 = families ? find_attribute(*families, AF_INET6) : nullptr;
  const auto values =
      value_of<std::array<int, kHopLimit + 1>>(ipv6 ? find_attribute(*ipv6, IFLA_INET6_CONF) : nullptr);
  return hop_limit_of(values ? std::optional((*values)[kHopLimit]) : std::nullopt);
}

std::optional<Interface> inspect(int socket, const std::string& name) {
  ifreq request{};
  std::strncpy(request.ifr_name, name.c_str(), IFNAMSIZ - 1);
  const auto index = static_cast<int>(if_nametoindex(name.c_str()));
  if (index == 0 || ioctl(socket, SIOCGIFHWADDR, &request) != 0 || request.ifr_hwaddr.sa_family != ARPHRD_ETHER)
    return std::nullopt;
  if (ioctl(socket, SIOCGIFMTU, &request) != 0) return std::nullopt;
  return Interface{.index = index,
                   .name = name,
                   .mtu = static_cast<std::uint32_t>(request.ifr_mtu),
                   .hop_limit_v4 = hop_limit_v4(socket),
                   .hop_limit_v6 = hop_limit_v6(index),
                   .driver = driver_of(socket, request)};
}

}  // namespace

std::vector<Interface> interfaces_with(const std::vector<base::IpAddress>& addresses) {
  const posix::FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  std::vector<Interface> found;
  for (const net::InterfaceAddress& each : net::interface_addresses()) {
    const bool is_known = std::ranges::find(found, each.interface, &Interface::name) != found.end();
    if (is_known || !each.up || each.loopback || std::ranges::find(addresses, each.address) == addresses.end()) continue;
    if (auto interface = inspect(socket.get(), each.interface)) found.push_back(std::move(*interface));
  }
  return found;
}

}  // namespace turnd::offload
