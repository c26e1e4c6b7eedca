// A server on a loopback port with its loop on a thread, and a blocking client.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "signaling/net/server.h"
#include "turnd/posix/file_descriptor.h"

namespace signaling::net {

class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    is_connected_ = ::connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  [[nodiscard]] bool is_connected() const { return is_connected_; }
  void send(std::string_view bytes) { (void)::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  void finish_sending() { (void)::shutdown(socket_.get(), SHUT_WR); }

  // Until `enough` of what has come, the end of the stream, or 5 s.
  std::string read_until(const std::function<bool(const std::string&)>& enough) {
    while (!enough(buffer_) && !is_over_) {
      pollfd ready{socket_.get(), POLLIN, 0};
      if (::poll(&ready, 1, 5000) != 1) break;
      char bytes[64 * 1024];
      const ssize_t size = ::recv(socket_.get(), bytes, sizeof bytes, 0);
      if (size <= 0)
        is_over_ = true;
      else
        buffer_.append(bytes, static_cast<std::size_t>(size));
    }
    return std::exchange(buffer_, {});
  }
  std::string read_bytes(std::size_t count) {
    return read_until([count](const std::string& all) { return all.size() >= count; });
  }
  std::string read_to_end() {
    return read_until([](const std::string&) { return false; });
  }
  // One answer with a Content-Length; what follows stays for the next call.
  std::string read_answer() {
    std::string all = read_until([](const std::string& text) { return size_of_answer(text) != 0; });
    const std::size_t size = size_of_answer(all);
    if (size != 0 && size < all.size()) {
      buffer_ = all.substr(size);
      all.resize(size);
    }
    return all;
  }
  [[nodiscard]] bool is_over() const { return is_over_; }

 private:
  static std::size_t size_of_answer(const std::string& text) {
    const std::size_t end = text.find("\r\n\r\n");
    if (end == std::string::npos) return 0;
    const std::size_t at = text.find("Content-Length: ");
    const std::size_t body = at < end ? std::stoul(text.substr(at + 16)) : 0;
    return text.size() >= end + 4 + body ? end + 4 + body : 0;
  }
  turnd::posix::FileDescriptor socket_;
  bool is_connected_ = false;
  bool is_over_ = false;
  std::string buffer_;
};

class RunningServer {
 public:
  explicit RunningServer(HttpHandler& handler, const HttpSettings& settings = {}) : server_(loop_, settings) {
    const auto endpoint = server_.listen({.endpoint = *base::Endpoint::parse("127.0.0.1:0")}, handler);
    port_ = endpoint ? endpoint->port : std::uint16_t{0};
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~RunningServer() { stop(); }
  // The loop runs no more, and can still be used.
  void stop() {
    if (!thread_.joinable()) return;
    loop_.stop();
    thread_.join();
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] Loop& loop() { return loop_; }
  [[nodiscard]] Server& server() { return server_; }
  // Runs on the loop's thread; its result here.
  template <class Call>
  auto on_loop(Call call) {
    auto task = std::make_shared<std::packaged_task<decltype(call())()>>(std::move(call));
    auto result = task->get_future();
    loop_.post([task] { (*task)(); });
    return result.get();
  }

 private:
  Loop loop_;
  Server server_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace signaling::net
