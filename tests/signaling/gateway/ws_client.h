// WsClient: a native WebSocket client that blocks.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "tests/signaling/net/running_server.h"

namespace signaling::gateway {

namespace json = boost::json;

// Speaks RFC 6455 as a client has to: masked.
class WsClient {
 public:
  WsClient(std::uint16_t port, const std::string& fields = {}, const std::string& target = "/ws") : socket_(port) {
    socket_.send("GET " + target +
                 " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                 "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                 fields + "\r\n");
    const auto complete = [](const std::string& all) { return all.find("\r\n\r\n") != std::string::npos; };
    std::string all = socket_.read_until(complete);
    const std::size_t end = std::min(all.size(), all.find("\r\n\r\n") + 4);
    head_ = all.substr(0, end);
    buffer_ = all.substr(end);
  }
  [[nodiscard]] const std::string& head() const { return head_; }
  [[nodiscard]] bool is_open() const { return head_.starts_with("HTTP/1.1 101"); }

  void say(const std::string& text) { send_frame(0x81, text); }
  void close(std::uint16_t code) { send_frame(0x88, {static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)}); }

  // Waits for the next frame of that type and leaves out all before it; an empty object after 5 s or the end.
  json::object hear(std::string_view type) {
    for (;;) {
      const std::string text = next();
      if (text.empty()) return {};
      const json::value frame = json::parse(text);
      if (frame.as_object().at("type").as_string() != type) continue;
      if (const auto* s = frame.as_object().if_contains("s"); s != nullptr && type != "auth-ok") last_s = s->as_int64();
      return frame.as_object();
    }
  }
  // The same for texts that begin like that, as Engine.IO's do; empty after 5 s or the end.
  std::string hear_text(std::string_view prefix) {
    for (;;) {
      std::string text = next();
      if (text.empty() || text.starts_with(prefix)) return text;
    }
  }
  // Until the server closes: with which code, 0 without one.
  int hear_close() {
    while (!next().empty()) {
    }
    return close_code_;
  }
  [[nodiscard]] int close_code() const { return close_code_; }

  std::int64_t last_s = 0;

 private:
  void send_frame(int first, const std::string& payload) {
    std::string frame(1, static_cast<char>(first));
    if (payload.size() < 126) {
      frame.push_back(static_cast<char>(0x80 | payload.size()));
    } else {
      frame.push_back(static_cast<char>(0x80 | 126));
      frame.push_back(static_cast<char>(payload.size() >> 8));
      frame.push_back(static_cast<char>(payload.size() & 0xFF));
    }
    socket_.send(frame + std::string(4, '\0') + payload);  // a mask of zeros changes nothing
  }
  // The payload of the next text frame; empty at a close frame or the end.
  std::string next() {
    for (;;) {
      const auto size = [this] {
        if (buffer_.size() < 2) return std::size_t{0};
        const auto length = static_cast<unsigned char>(buffer_[1]);
        if (length < 126) return std::size_t{2} + length;
        if (buffer_.size() < 4) return std::size_t{0};
        return std::size_t{4} + static_cast<unsigned char>(buffer_[2]) * 256U + static_cast<unsigned char>(buffer_[3]);
      };
      while (size() == 0 || buffer_.size() < size()) {
        const std::string more = socket_.read_bytes(1);
        if (more.empty()) return {};
        buffer_ += more;
      }
      const std::size_t whole = size();
      const std::size_t header = static_cast<unsigned char>(buffer_[1]) < 126 ? 2 : 4;
      const int opcode = buffer_[0] & 0x0F;
      std::string payload = buffer_.substr(header, whole - header);
      buffer_.erase(0, whole);
      if (opcode == 1) return payload;
      if (opcode == 8 && payload.size() >= 2)
        close_code_ = static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
      if (opcode == 8) return {};
    }
  }

  net::Client socket_;
  std::string head_;
  std::string buffer_;
  int close_code_ = 0;
};

}  // namespace signaling::gateway
