#include "turnd/net/stream_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <unordered_map>
#include <utility>
#include <vector>

#include "turnd/net/stream_session.h"
#include "turnd/net/tcp_listener.h"

namespace turnd::net {

struct StreamServer::State final : public StreamSession::Owner, public TcpListener::Owner {
  State(const StreamServer::Surroundings& around, const ClientLimits& client_limits)
      : limits(client_limits), sessions_around{around.poller, around.registry, around.inbox, around.counters,
                                               limits,        half_open,       memory} {}

  ClientLimits limits;
  HalfOpen<StreamSession> half_open;
  ReadMemory memory;
  StreamSession::Surroundings sessions_around;
  std::shared_ptr<const tls::ServerContext> context;
  std::vector<std::unique_ptr<TcpListener>> listeners;
  std::unordered_map<const StreamSession*, std::unique_ptr<StreamSession>> sessions;

  void on_connection(posix::FileDescriptor socket, const base::IpAddress& client, const Listen& at,
                     const base::Now& now) override {
    if (half_open.from(client) >= limits.half_open_per_ip) return;  // closed at once
    while (half_open.size() >= limits.half_open) end(*half_open.first(), now);
    const int one = 1;
    (void)setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    auto session = std::make_unique<StreamSession>(
        std::move(socket), StreamSession::Origin{at.endpoint, at.transport, context}, sessions_around, *this, now);
    const StreamSession* key = session.get();
    sessions.emplace(key, std::move(session));
  }

  void on_session_over(StreamSession& session, const base::Now& now) override { end(session, now); }

  void end(StreamSession& session, const base::Now& now) {
    const auto found = sessions.find(&session);
    const std::unique_ptr<StreamSession> over = std::move(found->second);
    sessions.erase(found);
    sessions_around.inbox.on_client_closed(over->id(), now);
  }
};

StreamServer::StreamServer(const Surroundings& around, const ClientLimits& limits)
    : state_(std::make_unique<State>(around, limits)) {}
StreamServer::~StreamServer() = default;

std::optional<SocketError> StreamServer::listen(const Listen& at) {
  auto listener = TcpListener::open(at, state_->sessions_around.poller, *state_);
  if (!listener) return listener.error();
  state_->listeners.push_back(std::move(*listener));
  return std::nullopt;
}

void StreamServer::stop_listening(const Listen& at) {
  std::erase_if(state_->listeners, [&](const auto& listener) { return listener->at() == at; });
}

std::size_t StreamServer::connections_at(const Listen& at) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      state_->sessions, [&](const auto& entry) { return entry.second->listener() == at.endpoint; }));
}

void StreamServer::replace_context(std::shared_ptr<const tls::ServerContext> context) {
  state_->context = std::move(context);
}

void StreamServer::on_time(const base::Now& now) {
  for (const auto& listener : state_->listeners) listener->on_time(now);
  while (const auto deadline = state_->half_open.next_deadline()) {
    if (*deadline > now.monotonic) return;
    StreamSession& session = *state_->half_open.first();
    session.give_up();
    state_->end(session, now);
  }
}

std::optional<base::TimePoint> StreamServer::next_deadline() const {
  auto next = state_->half_open.next_deadline();
  for (const auto& listener : state_->listeners)
    if (const auto rest = listener->rests_until(); rest && (!next || *rest < *next)) next = rest;
  return next;
}

std::optional<base::Endpoint> StreamServer::local(const Listen& at) const {
  const auto found = std::ranges::find_if(state_->listeners, [&](const auto& each) { return each->at() == at; });
  return found == state_->listeners.end() ? std::nullopt : std::optional((*found)->local());
}

}  // namespace turnd::net
