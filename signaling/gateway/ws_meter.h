// WsMeter: what goes over the sockets of /ws, for the metrics.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "signaling/net/loop.h"
#include "signaling/net/websocket.h"
#include "signaling/room/effects.h"

namespace signaling::gateway {

// On the loop's thread.
class WsMeter {
 public:
  static constexpr std::size_t kTypes = static_cast<std::size_t>(protocol::ServerType::message) + 1;
  // A signal of one browser has been given to the socket of another, that long after the turn began in which it came.
  using Relayed = std::function<void(net::Duration)>;

  WsMeter(net::Loop& loop, Relayed relayed) : loop_(loop), relayed_(std::move(relayed)) {}

  void opened(const net::WebSocket& socket) { sockets_.insert(&socket); }
  void closed(const net::WebSocket& socket) { sockets_.erase(&socket); }
  void received(std::string_view text) { bytes_ += text.size(); }
  void sent(const protocol::ServerFrame& frame, std::string_view tail) {
    bytes_ += frame.body.size() + tail.size();
    ++sent_[static_cast<std::size_t>(frame.type)];
    if (relayed_ && is_signal(frame.type)) relayed_(net::Clock::now() - loop_.now());
  }

  [[nodiscard]] std::size_t sockets() const { return sockets_.size(); }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }  // of messages, both ways
  [[nodiscard]] std::uint64_t sent(protocol::ServerType type) const { return sent_[static_cast<std::size_t>(type)]; }
  [[nodiscard]] std::size_t queued_bytes() const {
    std::size_t bytes = 0;
    for (const net::WebSocket* socket : sockets_) bytes += socket->queued_bytes();
    return bytes;
  }

 private:
  static bool is_signal(protocol::ServerType type) {
    using enum protocol::ServerType;
    return type == offer || type == answer || type == description || type == ice_candidate;
  }

  net::Loop& loop_;
  const Relayed relayed_;
  std::unordered_set<const net::WebSocket*> sockets_;
  std::array<std::uint64_t, kTypes> sent_{};
  std::uint64_t bytes_ = 0;
};

}  // namespace signaling::gateway
