// HttpHandler: the application behind the server, and Exchange: a request's one answer.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "signaling/net/http.h"
#include "signaling/net/websocket.h"

namespace signaling::net {

// Answered exactly once, by answer() or upgrade(); one that is given up unanswered becomes a 500.
class Exchange {
 public:
  virtual ~Exchange() = default;
  // From any thread, at any time. Nothing happens when the client has gone.
  virtual void answer(Response response) = 0;
  // 101, then `events` hears of the socket. From any thread. The request has passed upgrade_fault().
  virtual void upgrade(Upgrade upgrade, std::unique_ptr<SocketEvents> events) = 0;
  // On the loop's thread: `gone` is called there when the client goes before it was answered. For answers that wait.
  virtual void on_gone(std::function<void()> gone) = 0;
};

// What the server refuses by itself: broken, too large or too slow requests.
struct Refusal {
  unsigned status = 400;  // 400, 408, 413, 431, 500, 505
  std::string_view why;
};

struct BodyPlan {
  std::uint64_t max_bytes = 1024 * 1024;  // decided from Content-Length before reading (R10)
  std::string directory{};                // not empty: the body goes to a file in there
  std::shared_ptr<void> kept{};           // let go when the request was handled, or will never be
};

// Called on the loop's thread.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  // The head is complete (target, fields, addresses), the body is still to come.
  virtual BodyPlan plan_body(const Request& head) = 0;
  virtual void handle(Request request, std::shared_ptr<Exchange> exchange) = 0;
  // `head` is empty when it was the head that is refused.
  virtual Response refuse(const Refusal& refusal, const Request& head) = 0;
};

// What is wrong with a request to speak WebSocket; empty: nothing (RFC 6455 s4.2.1). `is_websocket_attempt` tells the
// two apart: a plain GET is no attempt.
[[nodiscard]] bool is_websocket_attempt(const Request& request);
[[nodiscard]] std::string_view upgrade_fault(const Request& request);
// Whether Sec-WebSocket-Protocol offers `protocol`; whether it offers any.
[[nodiscard]] bool offers_protocol(const Request& request, std::string_view protocol);
[[nodiscard]] bool offers_any_protocol(const Request& request);

}  // namespace signaling::net
