#include "turnd/offload/interfaces.h"

#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "turnd/net/interfaces.h"
#include "turnd/posix/file_descriptor.h"

namespace turnd::offload {
namespace {

std::string driver_of(int socket, ifreq request) {
  ethtool_drvinfo driver{};
  driver.cmd = ETHTOOL_GDRVINFO;
  request.ifr_data = reinterpret_cast<char*>(&driver);
  if (ioctl(socket, SIOCETHTOOL, &request) != 0) return {};
  return {driver.driver, strnlen(driver.driver, sizeof driver.driver)};
}

std::optional<Interface> inspect(int socket, const std::string& name) {
  ifreq request{};
  std::strncpy(request.ifr_name, name.c_str(), IFNAMSIZ - 1);
  const auto index = static_cast<int>(if_nametoindex(name.c_str()));
  if (index == 0 || ioctl(socket, SIOCGIFHWADDR, &request) != 0 || request.ifr_hwaddr.sa_family != ARPHRD_ETHER)
    return std::nullopt;
  Interface interface;
  interface.index = index;
  interface.name = name;
  std::memcpy(interface.ethernet_address.data(), request.ifr_hwaddr.sa_data, interface.ethernet_address.size());
  if (ioctl(socket, SIOCGIFMTU, &request) != 0) return std::nullopt;
  interface.mtu = static_cast<std::uint32_t>(request.ifr_mtu);
  interface.driver = driver_of(socket, request);
  return interface;
}

}  // namespace

std::vector<Interface> interfaces_with(const std::vector<base::IpAddress>& addresses) {
  const posix::FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  std::vector<Interface> found;
  for (const net::InterfaceAddress& each : net::interface_addresses()) {
    const bool is_known = std::ranges::find(found, each.interface, &Interface::name) != found.end();
    if (is_known || !each.up || each.loopback || std::ranges::find(addresses, each.address) == addresses.end())
      continue;
    if (auto interface = inspect(socket.get(), each.interface)) found.push_back(std::move(*interface));
  }
  return found;
}

}  // namespace turnd::offload
