// HttpClient: a blocking client of the control plane that sends exactly the bytes it is told to, for tests.
#pragma once

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace turnd::admin {

struct HttpReply {
  int status = 0;
  std::string header;
  std::string body;

  // "" when there is none.
  [[nodiscard]] std::string field(const std::string& name) const {
    const std::size_t at = header.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    const std::size_t from = at + name.size() + 4;
    return header.substr(from, header.find("\r\n", from) - from);
  }
};

class HttpClient {
 public:
  // Not connected yet.
  HttpClient() : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    // Only a test that fails waits so long.
    const timeval patience{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  }
  explicit HttpClient(const std::string& path) : HttpClient() { connect(path); }
  ~HttpClient() { ::close(socket_); }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  void connect(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      ADD_FAILURE() << path << ": " << std::strerror(errno);
  }
  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;  // closed: what comes next tells
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  // Reads until `end` is in the input and takes everything up to it; "" when the connection ended before.
  std::string read_until(std::string_view end) {
    for (;;) {
      if (const std::size_t at = input_.find(end); at != std::string::npos) return take(at + end.size());
      if (!receive()) return "";
    }
  }
  std::string read_exactly(std::size_t size) {
    while (input_.size() < size)
      if (!receive()) return "";
    return take(size);
  }
  // The other end closed it, without another byte.
  bool is_closed() { return input_.empty() && !receive(); }

  HttpReply read_reply(bool has_body = true) {
    HttpReply reply;
    reply.header = read_until("\r\n\r\n");
    if (reply.header.size() < 12) return reply;
    reply.status = std::stoi(reply.header.substr(9, 3));
    const std::string length = reply.field("Content-Length");
    if (has_body && !length.empty()) reply.body = read_exactly(std::stoul(length));
    return reply;
  }

  // The data of the next chunk of a chunked body.
  std::string read_chunk() {
    const std::string size = read_until("\r\n");
    if (size.empty()) return "";
    const std::string data = read_exactly(std::stoul(size, nullptr, 16));
    read_exactly(2);
    return data;
  }

  HttpReply request(std::string_view method, std::string_view target, std::string_view body = {}) {
    std::string text = std::string(method) + ' ' + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n";
    if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    send(text + "\r\n" + std::string(body));
    return read_reply(method != "HEAD");
  }

 private:
  bool receive() {
    char buffer[16384];
    const ssize_t received = ::recv(socket_, buffer, sizeof buffer, 0);
    if (received < 0 && errno == EAGAIN) ADD_FAILURE() << "nothing came";
    if (received <= 0) return false;
    input_.append(buffer, static_cast<std::size_t>(received));
    return true;
  }
  std::string take(std::size_t size) {
    std::string taken = input_.substr(0, size);
    input_.erase(0, size);
    return taken;
  }

  int socket_;
  std::string input_;
};

}  // namespace turnd::admin
