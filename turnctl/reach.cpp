#include "turnctl/reach.h"

#include <optional>
#include <utility>

#include "turnctl/turn_client.h"

namespace turnctl {

using turnd::base::Endpoint;
using turnd::base::Transport;
using Clock = std::chrono::steady_clock;

Outcome<Endpoint> reach(const TurnUri& uri, const TlsTrust& trust, Deadline deadline) {
  const auto addresses = resolve(uri.host);
  if (!addresses) return addresses.error();
  std::optional<Failure> first;
  for (std::size_t i = 0; i < addresses->size(); ++i) {
    const Endpoint server{(*addresses)[i], uri.port};
    const auto share = (deadline - Clock::now()) / static_cast<int>(2 * (addresses->size() - i));
    const auto link = open_link(server, uri.transport, trust, Clock::now() + share);
    const auto mapped = link ? TurnClient(**link, {}, Clock::now() + share).binding() : Outcome<Endpoint>(link.error());
    if (mapped) return server;
    if (!first) first = mapped.error();
  }
  return *first;
}

Outcome<std::unique_ptr<Link>> open_link(const Endpoint& server, Transport transport, const TlsTrust& trust,
                                         Deadline deadline) {
  auto connection = Connection::open(server, transport, deadline);
  if (!connection) return connection.error();
  if (transport == Transport::tls || transport == Transport::dtls)
    return secure_link(std::move(*connection), trust, deadline);
  return plain_link(std::move(*connection));
}

}  // namespace turnctl
