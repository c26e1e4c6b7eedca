#include "turnd/net/dtls_server.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "turnd/crypto/random.h"
#include "turnd/net/dtls_association.h"

namespace turnd::net {
namespace {

// A cookie is used at once; it is good for one to two of these.
constexpr std::chrono::minutes kCookieLifetime{1};

constexpr std::uint8_t kHandshakeRecord = 22;  // RFC 6347 s4.1: type 1, version 2, epoch 2, sequence 6, length 2
constexpr std::size_t kRecordHeader = 13;
constexpr std::uint8_t kClientHello = 1;

// A ClientHello in the clear (epoch 0): the only thing that an unknown client may begin with.
bool is_client_hello(base::ByteView datagram) {
  return datagram.size() > kRecordHeader && datagram[0] == kHandshakeRecord && datagram[3] == 0 && datagram[4] == 0 &&
         datagram[kRecordHeader] == kClientHello;
}

struct ByRoute {
  bool operator()(const DatagramRoute& a, const DatagramRoute& b) const {
    return std::tie(a.client, a.server) < std::tie(b.client, b.server);
  }
};

}  // namespace

struct DtlsServer::State {
  State(const DtlsServer::Surroundings& around, const ClientLimits& client_limits)
      : limits(client_limits), associations_around{around.sender,   around.registry, around.inbox,
                                                   around.counters, limits,          half_open} {
    crypto::system_random(cookie_keys.current);
    cookie_keys.previous = cookie_keys.current;
  }

  ClientLimits limits;
  HalfOpen<DtlsAssociation> half_open;
  DtlsAssociation::Surroundings associations_around;
  std::shared_ptr<const tls::ServerContext> context;
  std::unique_ptr<tls::DtlsConnection> spare;  // looks at ClientHellos
  tls::CookieKeys cookie_keys;
  base::TimePoint next_cookie_key{};
  std::map<DatagramRoute, std::unique_ptr<DtlsAssociation>, ByRoute> associations;

  void end(const DatagramRoute& route, const base::Now& now) {
    const auto found = associations.find(route);
    const std::unique_ptr<DtlsAssociation> over = std::move(found->second);
    associations.erase(found);
    associations_around.inbox.on_client_closed(over->id(), now);
  }
  void rotate_cookie_key(const base::Now& now) {
    if (now.monotonic < next_cookie_key) return;
    cookie_keys.previous = cookie_keys.current;
    crypto::system_random(cookie_keys.current);
    next_cookie_key = now.monotonic + kCookieLifetime;
  }
  // The cookie fits: the spare connection is this client's.
  [[nodiscard]] bool fits(const DatagramRoute& route, base::ByteView datagram, const base::Now& now) {
    rotate_cookie_key(now);
    if (!spare) spare = tls::DtlsConnection::make(context->dtls());
    if (!spare) return false;
    const tls::CookieCheck check{&cookie_keys, to_string(route.client)};
    return spare->listen(datagram, check,
                         [&](base::ByteView answer) { (void)associations_around.sender.send(route, answer); });
  }
  void greet(const DatagramRoute& route, base::ByteView datagram, const base::Now& now) {
    if (!fits(route, datagram, now)) return;
    // RFC 6347 s4.2.8: a client that begins anew takes the place of its old association.
    if (associations.contains(route)) end(route, now);
    if (half_open.from(route.client.address) >= limits.half_open_per_ip) {
      spare.reset();
      return;
    }
    while (half_open.size() >= limits.half_open) end(DatagramRoute(half_open.first()->route()), now);
    auto association = std::make_unique<DtlsAssociation>(route, std::move(spare), associations_around, now);
    DtlsAssociation& begun = *association;
    associations.emplace(route, std::move(association));
    if (begun.on_datagram({}, now) == DtlsAssociation::Progress::over) end(route, now);
  }
};

DtlsServer::DtlsServer(const Surroundings& around, const ClientLimits& limits,
                       std::shared_ptr<const tls::ServerContext> context)
    : state_(std::make_unique<State>(around, limits)) {
  state_->context = std::move(context);
}
DtlsServer::~DtlsServer() = default;

void DtlsServer::on_dtls_datagram(const DatagramRoute& route, base::ByteView datagram, const base::Now& now) {
  const auto known = state_->associations.find(route);
  const bool is_unknown = known == state_->associations.end();
  // In an unfinished handshake a hello is the client's own, sent again: its association answers it.
  if (is_client_hello(datagram) && state_->context && (is_unknown || known->second->is_established())) {
    state_->greet(route, datagram, now);
    return;
  }
  if (is_unknown) {
    state_->associations_around.inbox.on_drop(turn::DropReason::malformed);
    return;
  }
  if (known->second->on_datagram(datagram, now) == DtlsAssociation::Progress::over) state_->end(route, now);
}

void DtlsServer::replace_context(std::shared_ptr<const tls::ServerContext> context) {
  state_->context = std::move(context);
  state_->spare.reset();
}

void DtlsServer::on_time(const base::Now& now) {
  while (const auto deadline = state_->half_open.next_deadline()) {
    if (*deadline > now.monotonic) return;
    DtlsAssociation& association = *state_->half_open.first();
    const DatagramRoute route = association.route();
    if (association.on_time(now) == DtlsAssociation::Progress::over) state_->end(route, now);
  }
}

std::optional<base::TimePoint> DtlsServer::next_deadline() const { return state_->half_open.next_deadline(); }

}  // namespace turnd::net
