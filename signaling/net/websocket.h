// WebSocket: an open connection as the application sees it, and what the application hears of it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "signaling/net/shared_text.h"

namespace signaling::net {

// RFC 6455 s7.4; the 44xx and 45xx codes are the application's.
namespace close_code {
inline constexpr std::uint16_t kNormal = 1000, kGoingAway = 1001, kProtocolError = 1002, kUnsupported = 1003,
                               kNone = 1005,  // a close frame without a code
    kAbnormal = 1006,                         // no close frame
    kNotUtf8 = 1007, kPolicy = 1008, kTooLarge = 1009, kInternal = 1011, kSlow = 4500;
}  // namespace close_code

enum class Importance : std::uint8_t {
  normal,
  droppable,  // the first to go when the reader is slow
};

// How a connection ended.
struct SocketEnd {
  enum class Cause : std::uint8_t {
    by_client,  // its close frame, or that of both
    by_server,  // close() or drop()
    lost,       // the TCP connection ended without a close frame
    silent,     // no answer to a ping
    slow,       // its queue overflowed
    violation,  // it broke the protocol
  };
  Cause cause = Cause::lost;
  std::uint16_t code = close_code::kAbnormal;  // the client's; kNone, kAbnormal
};

// On the loop's thread only. It may be held after its end: then every call does nothing.
class WebSocket {
 public:
  virtual ~WebSocket() = default;
  // One text message, body and tail joined: the body may be shared with other recipients, the tail (at most kMaxTail
  // bytes) is this one's own. Written at the end of the turn, together with everything else that is queued.
  static constexpr std::size_t kMaxTail = 32;
  virtual void send(SharedText body, std::string_view tail = {}, Importance importance = Importance::normal) = 0;
  virtual void send_binary(SharedText body) = 0;
  // Sends what is queued and a close frame, then waits a little for the client's. on_close follows, nothing else.
  virtual void close(std::uint16_t code, std::string_view reason) = 0;
  // Ends it as if the cable had been cut; on_close is called before this returns.
  virtual void drop() = 0;
  [[nodiscard]] virtual std::size_t queued_bytes() const = 0;
};

// Declared by the server, implemented by the application: one for each socket, which owns it until on_close returns.
// Called on the loop's thread; every call of WebSocket is allowed in it. Views are valid during the call.
class SocketEvents {
 public:
  virtual ~SocketEvents() = default;
  virtual void on_open(const std::shared_ptr<WebSocket>& socket) = 0;
  virtual void on_text(std::string_view text) = 0;  // valid UTF-8
  virtual void on_binary(std::string_view) {}       // only with Upgrade::binary
  virtual void on_ping() {}                         // answered already; for those who count
  // The last call. `socket` must not be used after it.
  virtual void on_close(const SocketEnd& end) = 0;
};

// How a request becomes a WebSocket. 0 switches a limit off.
struct Upgrade {
  std::string protocol{};  // the chosen Sec-WebSocket-Protocol; empty: none
  std::size_t max_message = 64 * 1024;
  bool binary = false;  // otherwise a binary message ends with 1003
  std::size_t max_queue_bytes = 1024 * 1024;
  std::chrono::milliseconds max_queue_time{10'000};
  std::chrono::milliseconds ping_interval{25'000};
  std::chrono::milliseconds ping_timeout{20'000};
  SharedText slow_farewell{};  // a last text before the close frame 4500
};

}  // namespace signaling::net
