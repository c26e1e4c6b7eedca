#include "signaling/net/server.h"

#include <array>
#include <unordered_map>
#include <utility>

#include "signaling/net/connection.h"
#include "signaling/net/http_session.h"
#include "signaling/net/listener.h"

namespace signaling::net {

using turnd::posix::FileDescriptor;

namespace {

constexpr std::size_t kReadBuffer = 64 * 1024;

}  // namespace

class Server::Impl final : public ConnectionOwner {
 public:
  Impl(Loop& loop, HttpSettings settings)
      : loop_(loop), settings_(std::make_shared<const HttpSettings>(std::move(settings))), buffer_(kReadBuffer) {
    loop_.at_turn_end([this] { flush(); });
  }

  base::Result<base::Endpoint, ListenError> listen(const Listen& listen, HttpHandler& handler) {
    auto socket = open_listening_socket(listen);
    if (!socket) return socket.error();
    const base::Endpoint endpoint = local_endpoint(socket->get());
    listeners_.push_back(std::make_unique<Listener>(
        loop_, std::move(*socket),
        [this, &handler, tls = listen.tls](FileDescriptor accepted, const base::Endpoint& peer) {
          accept(std::move(accepted), peer, handler, tls);
        }));
    return endpoint;
  }

  void set_tls(std::shared_ptr<const turnd::tls::ServerContext> context) { tls_ = std::move(context); }
  void set_settings(HttpSettings settings) { settings_ = std::make_shared<const HttpSettings>(std::move(settings)); }

  void stop_accepting() {
    listeners_.clear();
    for (const auto& connection : all()) connection->wind_down();
  }
  void drop_all() {
    for (const auto& connection : all()) connection->end();
  }
  [[nodiscard]] std::size_t connections() const { return connections_.size(); }

  void flush_later(std::shared_ptr<Connection> connection) override { to_flush_.push_back(std::move(connection)); }
  void gone(Connection& connection) override {
    connections_.erase(&connection);
    counters_.connections.store(connections_.size(), std::memory_order_relaxed);
  }
  std::span<char> read_buffer() override { return buffer_; }
  Counters& counters() override { return counters_; }

 private:
  void accept(FileDescriptor socket, const base::Endpoint& peer, HttpHandler& handler, bool tls) {
    std::unique_ptr<turnd::tls::TlsStream> stream;
    if (tls) {
      if (tls_) stream = turnd::tls::TlsStream::accept(tls_->tls(), socket.get());
      if (!stream) return;
    }
    auto connection = std::make_shared<Connection>(loop_, *this, Transport(std::move(socket), std::move(stream)));
    auto session = std::make_shared<HttpSession>(*connection, HttpSurroundings{&handler, settings_}, peer);
    if (!connection->start(std::move(session), settings_->header_timeout)) return;
    counters_.accepted.fetch_add(1, std::memory_order_relaxed);
    connections_.emplace(connection.get(), std::move(connection));
    counters_.connections.store(connections_.size(), std::memory_order_relaxed);
  }

  // What a flush queues (the next part of a file) is written in the next round of the same turn.
  void flush() {
    for (int round = 0; round < kRounds && !to_flush_.empty(); ++round) {
      flushing_.swap(to_flush_);
      for (const auto& connection : flushing_) connection->flush();
      flushing_.clear();
    }
    if (!to_flush_.empty()) loop_.post([] {});  // come back at once
  }

  [[nodiscard]] std::vector<std::shared_ptr<Connection>> all() const {
    std::vector<std::shared_ptr<Connection>> copy;
    copy.reserve(connections_.size());
    for (const auto& [key, connection] : connections_) copy.push_back(connection);
    return copy;
  }

  static constexpr int kRounds = 2;
  Loop& loop_;
  std::shared_ptr<const HttpSettings> settings_;
  std::shared_ptr<const turnd::tls::ServerContext> tls_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::unordered_map<Connection*, std::shared_ptr<Connection>> connections_;
  std::vector<std::shared_ptr<Connection>> to_flush_, flushing_;
  std::vector<char> buffer_;
  Counters counters_;
};

Server::Server(Loop& loop, HttpSettings settings) : impl_(std::make_unique<Impl>(loop, std::move(settings))) {}

Server::~Server() { impl_->drop_all(); }

base::Result<base::Endpoint, ListenError> Server::listen(const Listen& listen, HttpHandler& handler) {
  return impl_->listen(listen, handler);
}
void Server::set_tls(std::shared_ptr<const turnd::tls::ServerContext> context) { impl_->set_tls(std::move(context)); }
void Server::set_settings(HttpSettings settings) { impl_->set_settings(std::move(settings)); }
void Server::stop_accepting() { impl_->stop_accepting(); }
std::size_t Server::connections() const { return impl_->connections(); }
void Server::drop_all() { impl_->drop_all(); }
const Counters& Server::counters() const { return impl_->counters(); }

}  // namespace signaling::net
