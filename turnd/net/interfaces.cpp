#include "turnd/net/interfaces.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
// After netinet/in.h: they then leave out what both define.
#include <linux/if_addr.h>
#include <linux/in6.h>

#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>
#include <string_view>
#include <system_error>

#include "turnd/posix/file_descriptor.h"
#include "turnd/posix/socket_address.h"

namespace turnd::net {
namespace {

// A root name server, which no machine has in a network of its own: reached by the default route. Port: discard.
const base::Endpoint kElsewhereV4{base::IpAddress::v4({198, 41, 0, 4}), 9};
const base::Endpoint kElsewhereV6{
    base::IpAddress::v6({0x20, 0x01, 0x05, 0x03, 0xBA, 0x3E, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0x30}), 9};

std::optional<base::IpAddress> parse_hex_address(std::string_view digits) {
  if (digits.size() != 32) return std::nullopt;
  std::array<std::uint8_t, 16> octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const auto [end, error] = std::from_chars(digits.data() + 2 * i, digits.data() + 2 * i + 2, octets[i], 16);
    if (error != std::errc{} || end != digits.data() + 2 * i + 2) return std::nullopt;
  }
  return base::IpAddress::v6(octets);
}

// /proc/net/if_inet6: address, interface index, prefix length, scope, flags (all in hex), name.
//   20010db8000000000000000000000010 02 40 00 01     eth0
std::set<base::IpAddress> temporary_addresses() {
  std::set<base::IpAddress> found;
  std::ifstream file("/proc/net/if_inet6");
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    std::string address, index, prefix, scope;
    unsigned flags = 0;
    if (!(fields >> address >> index >> prefix >> scope >> std::hex >> flags)) continue;
    const auto parsed = parse_hex_address(address);
    if (parsed && (flags & IFA_F_TEMPORARY) != 0) found.insert(*parsed);
  }
  return found;
}

base::IpAddress address_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return posix::to_address(v4.sin_addr);
  }
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  return posix::to_address(v6.sin6_addr);
}

int prefix_length_of(const sockaddr* mask) {
  int length = 0;
  if (mask == nullptr) return length;
  const base::IpAddress address = address_of(*mask);
  for (const std::uint8_t octet : address.octets()) length += std::popcount(octet);
  return length;
}

}  // namespace

std::vector<InterfaceAddress> interface_addresses() {
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(first, freeifaddrs);
  const std::set<base::IpAddress> temporary = temporary_addresses();
  std::vector<InterfaceAddress> found;
  for (const ifaddrs* each = first; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr) continue;
    if (each->ifa_addr->sa_family != AF_INET && each->ifa_addr->sa_family != AF_INET6) continue;
    const base::IpAddress address = address_of(*each->ifa_addr);
    found.push_back({.interface = each->ifa_name,
                     .address = address,
                     .prefix_length = prefix_length_of(each->ifa_netmask),
                     .up = (each->ifa_flags & IFF_UP) != 0,
                     .loopback = (each->ifa_flags & IFF_LOOPBACK) != 0,
                     .temporary = temporary.contains(address)});
  }
  return found;
}

std::optional<base::IpAddress> default_source(base::Family family) {
  const posix::SocketAddress elsewhere(family == base::Family::ipv4 ? kElsewhereV4 : kElsewhereV6);
  const posix::FileDescriptor probe(socket(elsewhere.generic.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!probe) return std::nullopt;
  if (family == base::Family::ipv6) {
    // A server is found at its lasting address; best effort, the caller sees which one it got.
    const int preference = IPV6_PREFER_SRC_PUBLIC;
    (void)setsockopt(probe.get(), IPPROTO_IPV6, IPV6_ADDR_PREFERENCES, &preference, sizeof preference);
  }
  if (connect(probe.get(), &elsewhere.generic, elsewhere.size) != 0) return std::nullopt;
  const base::IpAddress source = posix::local_endpoint(probe.get()).address;
  if (source.is_unspecified()) return std::nullopt;
  return source;
}

}  // namespace turnd::net
