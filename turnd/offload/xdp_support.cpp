#include "turnd/offload/xdp_support.h"

#include <linux/genetlink.h>
#include <linux/netconf.h>
#include <sys/socket.h>

#include <array>

#include "turnd/offload/netlink_socket.h"

namespace turnd::offload {
namespace {

constexpr std::uint32_t kLoopback = 1;  // the index of lo, in every network namespace

// Of the family "netdev" (Linux 6.3), whose header is newer than those of Debian 12.
constexpr std::array<std::uint8_t, 7> kNetdev{'n', 'e', 't', 'd', 'e', 'v', 0};
constexpr std::uint8_t kGetDevice = 1;
constexpr std::uint16_t kDeviceInterface = 1;
constexpr std::uint16_t kDeviceXdpFeatures = 3;
constexpr std::uint64_t kTakesFrames = 1U << 2U;  // NETDEV_XDP_ACT_NDO_XMIT

std::optional<std::uint16_t> netdev_family(NetlinkSocket& socket) {
  NetlinkQuestion question(GENL_ID_CTRL, genlmsghdr{.cmd = CTRL_CMD_GETFAMILY, .version = 1, .reserved = 0});
  question.add(CTRL_ATTR_FAMILY_NAME, kNetdev);
  const nlmsghdr* answer = socket.ask(question);
  if (answer == nullptr) return std::nullopt;
  return value_of<std::uint16_t>(find_attribute(*answer, GENL_HDRLEN, CTRL_ATTR_FAMILY_ID));
}

// Nothing where the kernel does not tell.
std::optional<std::uint64_t> xdp_features(int interface) {
  auto socket = NetlinkSocket::open(NETLINK_GENERIC);
  const auto family = socket ? netdev_family(*socket) : std::nullopt;
  if (!family) return std::nullopt;
  NetlinkQuestion question(*family, genlmsghdr{.cmd = kGetDevice, .version = 1, .reserved = 0});
  question.add(kDeviceInterface, static_cast<std::uint32_t>(interface));
  const nlmsghdr* answer = socket->ask(question);
  return answer ? value_of<std::uint64_t>(find_attribute(*answer, GENL_HDRLEN, kDeviceXdpFeatures)) : std::nullopt;
}

}  // namespace

std::optional<std::string> why_no_frames_leave(const Interface& interface) {
  const auto features = xdp_features(interface.index);
  if (features) {
    if ((*features & kTakesFrames) != 0) return std::nullopt;
    return interface.driver == "veth" ? "the other end of this veth takes no frames (it needs GRO or an XDP program)"
                                      : "its driver (" + interface.driver + ") sends no frames of XDP";
  }
  // A veth whose other end takes no frames loses them, and before Linux 6.3 nobody can tell.
  if (interface.driver == "veth") return "this kernel does not tell whether the other end of a veth takes frames";
  return std::nullopt;
}

bool answers_ways_out(base::Family family) {
  auto socket = NetlinkSocket::open(NETLINK_ROUTE);
  if (!socket) return false;
  const std::uint8_t number = family == base::Family::ipv4 ? AF_INET : AF_INET6;
  NetlinkQuestion question(RTM_GETNETCONF, netconfmsg{.ncm_family = number});
  question.add(NETCONFA_IFINDEX, kLoopback);
  const nlmsghdr* answer = socket->ask(question);
  return answer != nullptr &&
         value_of<int>(find_attribute(*answer, sizeof(netconfmsg), NETCONFA_FORWARDING)).value_or(0) != 0;
}

std::string key_for_ways_out(base::Family family) {
  return "net." + std::string(base::to_string(family)) + ".conf.lo.forwarding";
}

}  // namespace turnd::offload
