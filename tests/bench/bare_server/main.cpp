// bare_server: the smallest epoll WebSocket server that still does the work. It marks what a program can reach on this
// kernel: no JSON, no protocol, no storage, no limits, no time-outs.
//
//   E...  echoed        J<room>  joins a room, answered        F...  to the others of the room
//
// A GET that is no upgrade is answered with a fixed body.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <CLI/CLI.hpp>
#include <array>
#include <charconv>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <unordered_map>

#include "signaling/net/frame.h"
#include "tests/bench/bare_server/connection.h"

namespace signaling::bare {
namespace {

using turnd::posix::FileDescriptor;

constexpr std::size_t kLargestInput = 1 << 18;
constexpr int kBacklog = 4096;

struct Options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;
  std::uint16_t tls_port = 0;  // 0: none
  std::string certificate, key;
};

std::string accept_key(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, 20> digest{};
  unsigned size = digest.size();
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  std::array<unsigned char, 32> encoded{};
  EVP_EncodeBlock(encoded.data(), digest.data(), digest.size());
  return reinterpret_cast<const char*>(encoded.data());
}

FileDescriptor listen_on(const std::string& address, std::uint16_t port) {
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // what it accepts inherits it
  sockaddr_in local{};
  local.sin_family = AF_INET;
  local.sin_port = htons(port);
  inet_pton(AF_INET, address.c_str(), &local.sin_addr);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0 ||
      ::listen(socket.get(), kBacklog) != 0)
    throw std::runtime_error("cannot listen on port " + std::to_string(port));
  return socket;
}

class Server {
 public:
  explicit Server(const Options& options)
      : epoll_(epoll_create1(EPOLL_CLOEXEC)), plain_(listen_on(options.address, options.port)), buffer_(kLargestInput) {
    watch(plain_.get(), &plain_, EPOLLIN, EPOLL_CTL_ADD);
    if (options.tls_port == 0) return;
    tls_.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_set_mode(tls_.get(),
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(tls_.get(), SSL_SESS_CACHE_OFF);  // tickets alone: no state here
    if (SSL_CTX_use_certificate_chain_file(tls_.get(), options.certificate.c_str()) != 1 ||
        SSL_CTX_use_PrivateKey_file(tls_.get(), options.key.c_str(), SSL_FILETYPE_PEM) != 1)
      throw std::runtime_error("cannot read the certificate or its key");
    secure_ = listen_on(options.address, options.tls_port);
    watch(secure_.get(), &secure_, EPOLLIN, EPOLL_CTL_ADD);
  }

  [[noreturn]] void run() {
    std::array<epoll_event, 256> ready;
    for (;;) {
      const int count = epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()), -1);
      for (int i = 0; i < count; ++i) on_ready(ready[static_cast<std::size_t>(i)]);
      for (std::size_t i = 0; i < to_write_.size(); ++i) write(*to_write_[i]);
      to_write_.clear();
      gone_.clear();
    }
  }

 private:
  struct FreeTls {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };

  void watch(int descriptor, void* who, std::uint32_t events, int operation) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = who;
    epoll_ctl(epoll_.get(), operation, descriptor, &event);
  }
  void on_ready(const epoll_event& event) {
    if (event.data.ptr == &plain_ || event.data.ptr == &secure_)
      return accept(*static_cast<FileDescriptor*>(event.data.ptr));
    auto& connection = *static_cast<Connection*>(event.data.ptr);
    if (connection.is_gone) return;
    if ((event.events & EPOLLOUT) != 0) queue(connection);
    if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read(connection);
  }
  void accept(const FileDescriptor& listener) {
    for (;;) {
      FileDescriptor socket(::accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (!socket) return;
      SSL* const tls = &listener == &secure_ ? SSL_new(tls_.get()) : nullptr;
      if (tls != nullptr) {
        SSL_set_fd(tls, socket.get());
        SSL_set_accept_state(tls);
      }
      auto connection = std::make_unique<Connection>(std::move(socket), tls);
      watch(connection->descriptor(), connection.get(), EPOLLIN, EPOLL_CTL_ADD);
      connections_.emplace(connection.get(), std::move(connection));
    }
  }
  void read(Connection& connection) {
    const Connection::Input input = connection.read(buffer_);
    std::span<char> rest = input.bytes;
    bool is_good = input.progress == Connection::Progress::open;
    while (is_good && !rest.empty()) {
      const std::size_t used = connection.is_upgraded ? take_frame(connection, rest, is_good)
                                                      : take_request(connection, {rest.data(), rest.size()});
      if (used == 0) break;
      rest = rest.subspan(used);
    }
    if (!is_good) return drop(connection);
    if (!input.bytes.empty()) connection.keep_unread({rest.data(), rest.size()});
  }
  std::size_t take_request(Connection& connection, std::string_view bytes) {
    const std::size_t end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) return 0;
    constexpr std::string_view field = "Sec-WebSocket-Key: ";
    const std::size_t key = bytes.find(field);
    if (key < end) {
      const std::size_t value = key + field.size();
      connection.answer(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
          accept_key(bytes.substr(value, bytes.find("\r\n", value) - value)) + "\r\n\r\n");
      connection.is_upgraded = true;
    } else {
      connection.answer(
          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"status\":\"ok\"}");
    }
    queue(connection);
    return end + 4;
  }
  std::size_t take_frame(Connection& connection, std::span<char> bytes, bool& is_good) {
    const auto frame = net::take_frame(bytes, kLargestInput);
    if (!frame) {
      is_good = frame.error() == net::FrameFault::incomplete;
      return 0;
    }
    if (frame->opcode == net::Opcode::close) is_good = false;
    if (frame->opcode == net::Opcode::ping) answer(connection, net::Opcode::pong, frame->payload);
    if (frame->opcode == net::Opcode::text && !frame->payload.empty()) on_text(connection, frame->payload);
    return frame->size;
  }
  void on_text(Connection& connection, std::string_view text) {
    if (text.front() == 'F') return fan_out(connection, text);
    if (text.front() == 'J' && connection.room < 0) {
      (void)std::from_chars(text.data() + 1, text.data() + text.size(), connection.room);
      auto& members = rooms_[connection.room];
      connection.place = members.size();
      members.push_back(&connection);
    }
    answer(connection, net::Opcode::text, text);
  }
  void answer(Connection& connection, net::Opcode opcode, std::string_view payload) {
    connection.answer(net::frame_head(opcode, payload.size()).text());
    connection.answer(payload);
    queue(connection);
  }
  void fan_out(const Connection& from, std::string_view text) {
    std::string frame(net::frame_head(net::Opcode::text, text.size()).text());
    frame += text;
    const auto shared = std::make_shared<const std::string>(std::move(frame));
    for (Connection* member : rooms_[from.room]) {
      if (member == &from) continue;
      member->owe(shared);
      queue(*member);
    }
  }
  void queue(Connection& connection) {
    if (!std::exchange(connection.is_queued, true)) to_write_.push_back(&connection);
  }
  void write(Connection& connection) {
    connection.is_queued = false;
    if (connection.is_gone) return;
    const bool is_blocked = !connection.write_owed();
    if (is_blocked == std::exchange(connection.watches_writing, is_blocked)) return;
    watch(connection.descriptor(), &connection, is_blocked ? EPOLLIN | EPOLLOUT : EPOLLIN, EPOLL_CTL_MOD);
  }
  // Its memory stays until the end of the turn: it may be queued.
  void drop(Connection& connection) {
    if (connection.room >= 0) {
      auto& members = rooms_[connection.room];
      members[connection.place] = members.back();
      members[connection.place]->place = connection.place;
      members.pop_back();
    }
    connection.is_gone = true;
    gone_.push_back(std::move(connections_.extract(&connection).mapped()));
  }

  FileDescriptor epoll_, plain_, secure_;
  std::unique_ptr<SSL_CTX, FreeTls> tls_;
  std::unordered_map<Connection*, std::unique_ptr<Connection>> connections_;
  std::unordered_map<std::int64_t, std::vector<Connection*>> rooms_;
  std::vector<Connection*> to_write_;
  std::vector<std::unique_ptr<Connection>> gone_;
  std::vector<char> buffer_;
};

}  // namespace
}  // namespace signaling::bare

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  signaling::bare::Options options;
  CLI::App app("The least that a WebSocket server can do, for comparison.", "bare_server");
  app.add_option("--address", options.address, "127.0.0.1");
  app.add_option("--port", options.port, "8080");
  app.add_option("--tls-port", options.tls_port, "Also over TLS");
  app.add_option("--certificate", options.certificate, "PEM file");
  app.add_option("--key", options.key, "PEM file");
  CLI11_PARSE(app, argc, argv);
  try {
    signaling::bare::Server(options).run();
  } catch (const std::exception& error) {
    std::cerr << "bare_server: " << error.what() << '\n';
    return 1;
  }
}
