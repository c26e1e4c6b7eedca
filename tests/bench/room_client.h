// RoomClient: a participant over signald.v1 whose reading and writing neither allocates nor calls what is counted.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace signaling::bench {

// Blocking; what does not come within 5 s throws. The clients' calls go past the C library, whose functions are
// counted.
class RoomClient {
 public:
  explicit RoomClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{5, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("nobody listens");
  }
  ~RoomClient() { ::close(socket_); }
  RoomClient(const RoomClient&) = delete;
  RoomClient& operator=(const RoomClient&) = delete;

  // Greeted as a guest, in the meeting.
  void enter(const std::string& name, const std::string& meeting) {
    write(
        "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    skip_head();
    write(frame(R"({"type":"auth","guest":{"name":")" + name + "\"}}"));
    hear("auth-ok");
    write(frame(R"({"type":"join","id":"j","meetingId":")" + meeting + "\"}"));
    hear("joined");
  }

  // Masked with zeros, which change nothing.
  [[nodiscard]] static std::string frame(const std::string& text) {
    std::string bytes(1, static_cast<char>(0x81));
    if (text.size() < 126) {
      bytes.push_back(static_cast<char>(0x80 | text.size()));
    } else {
      bytes.push_back(static_cast<char>(0x80 | 126));
      bytes.push_back(static_cast<char>(text.size() >> 8));
      bytes.push_back(static_cast<char>(text.size() & 0xFF));
    }
    return bytes + std::string(4, '\0') + text;
  }
  void write(std::string_view bytes) {
    const long size = ::syscall(SYS_write, socket_, bytes.data(), bytes.size());
    if (size != static_cast<long>(bytes.size())) throw std::runtime_error("not written");
  }
  // The next message of that type; others before it are left out. Valid until the next call.
  std::string_view hear(std::string_view type) {
    for (;;) {
      const std::string_view text = next();
      constexpr std::string_view start = R"({"type":")";
      if (text.starts_with(start) && text.substr(start.size()).starts_with(type) &&
          text.substr(start.size() + type.size()).starts_with('"'))
        return text;
    }
  }

 private:
  std::string_view next() {
    for (;;) {
      const std::string_view unread(buffer_.data() + first_, last_ - first_);
      const std::size_t head = unread.size() > 1 && byte(unread, 1) > 125 ? 4 : 2;
      if (unread.size() >= head) {
        const std::size_t size = head == 2 ? byte(unread, 1) : byte(unread, 2) * std::size_t{256} + byte(unread, 3);
        if (unread.size() >= head + size) {
          first_ += head + size;
          return unread.substr(head, size);
        }
      }
      read_more();
    }
  }
  static std::uint8_t byte(std::string_view text, std::size_t at) { return static_cast<std::uint8_t>(text[at]); }
  void skip_head() {
    for (;;) {
      const std::string_view unread(buffer_.data() + first_, last_ - first_);
      if (const std::size_t end = unread.find("\r\n\r\n"); end != std::string_view::npos) {
        first_ += end + 4;
        return;
      }
      read_more();
    }
  }
  void read_more() {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(first_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(last_), buffer_.begin());
    last_ -= first_;
    first_ = 0;
    const long size = ::syscall(SYS_read, socket_, buffer_.data() + last_, buffer_.size() - last_);
    if (size <= 0) throw std::runtime_error("nothing came");
    last_ += static_cast<std::size_t>(size);
  }

  int socket_;
  std::array<char, 64 * 1024> buffer_;
  std::size_t first_ = 0;
  std::size_t last_ = 0;
};

}  // namespace signaling::bench
