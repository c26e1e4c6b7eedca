#include "turnd/net/relay_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "turnd/posix/socket_address.h"

namespace turnd::net {
namespace {

constexpr int kTries = 16;

// The kernel may fragment, and never sets DF by itself: a relay passes on what it was given.
void set_discovery(int descriptor, const base::IpAddress& address, int v4_mode, int v6_mode) {
  if (address.is_v4())
    (void)setsockopt(descriptor, IPPROTO_IP, IP_MTU_DISCOVER, &v4_mode, sizeof v4_mode);
  else
    (void)setsockopt(descriptor, IPPROTO_IPV6, IPV6_MTU_DISCOVER, &v6_mode, sizeof v6_mode);
}

// 0 or errno.
int bind_socket(const base::Endpoint& at, posix::FileDescriptor& into) {
  posix::FileDescriptor descriptor(socket(posix::family_of(at.address), SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!descriptor) return errno;
  const int one = 1;
  if (at.address.is_v6()) (void)setsockopt(descriptor.get(), IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
  set_discovery(descriptor.get(), at.address, IP_PMTUDISC_DONT, IPV6_PMTUDISC_DONT);
  const posix::SocketAddress address(at);
  if (bind(descriptor.get(), &address.generic, address.size) != 0) return errno;
  into = std::move(descriptor);
  return 0;
}

struct Claimed {
  turn::PortClaim port;
  std::optional<turn::PortClaim> next;
};

std::optional<Claimed> claim(turn::OpenRelay& request, const turn::RelayPorts& ports, const base::RandomSource& random,
                             base::TimePoint now) {
  if (request.reserved) {
    Claimed reserved{std::move(*request.reserved), std::nullopt};
    request.reserved.reset();
    return reserved;
  }
  if (request.choice == turn::PortChoice::even_reserve_next) {
    auto pair = ports.claim_pair(request.family, now, random);
    if (!pair) return std::nullopt;
    return Claimed{std::move(pair->even), std::move(pair->next)};
  }
  const auto parity =
      request.choice == turn::PortChoice::even ? turn::RelayPorts::Parity::even : turn::RelayPorts::Parity::any;
  auto port = ports.claim(request.family, parity, now, random);
  if (!port) return std::nullopt;
  return Claimed{std::move(*port), std::nullopt};
}

}  // namespace

base::Result<BoundPort, turn::OpenError> bind_relay_port(turn::OpenRelay& request, const turn::RelayPorts& ports,
                                                         const base::RandomSource& random, base::TimePoint now) {
  // A reserved port is this one or none.
  const bool is_reserved = request.reserved.has_value();
  const int tries = is_reserved ? 1 : kTries;
  for (int i = 0; i < tries; ++i) {
    auto claimed = claim(request, ports, random, now);
    if (!claimed) return turn::OpenError::no_port;
    posix::FileDescriptor socket;
    const int error = bind_socket(claimed->port.bound(), socket);
    if (error == 0) return BoundPort{std::move(claimed->port), std::move(socket), std::move(claimed->next)};
    if (error == EMFILE || error == ENFILE) {
      if (is_reserved) request.reserved = std::move(claimed->port);
      return turn::OpenError::no_descriptor;
    }
    if (error != EADDRINUSE) return turn::OpenError::failed;
    std::move(claimed->port).abandon_as_foreign(now);
  }
  return turn::OpenError::no_port;
}

void RelaySocket::set_fragmentation(turn::Fragmentation fragmentation) {
  if (fragmentation == fragmentation_) return;
  fragmentation_ = fragmentation;
  const bool forbidden = fragmentation == turn::Fragmentation::forbidden;
  set_discovery(descriptor(), claim_.bound().address, forbidden ? IP_PMTUDISC_DO : IP_PMTUDISC_DONT,
                forbidden ? IPV6_PMTUDISC_DO : IPV6_PMTUDISC_DONT);
}

}  // namespace turnd::net
