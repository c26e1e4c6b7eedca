// HttpExchange: brings an answer from any thread to the session that waits for it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "signaling/net/exchange.h"
#include "signaling/net/http_session.h"
#include "signaling/net/loop.h"

namespace signaling::net {

// The loop outlives it.
class HttpExchange final : public Exchange {
 public:
  HttpExchange(Loop& loop, std::weak_ptr<HttpSession> session) : loop_(loop), session_(std::move(session)) {}
  ~HttpExchange() override;

  void answer(Response response) override;
  void upgrade(Upgrade upgrade, std::unique_ptr<SocketEvents> events) override;
  void on_gone(std::function<void()> gone) override;

 private:
  Loop& loop_;
  std::weak_ptr<HttpSession> session_;
  std::atomic<bool> is_answered_ = false;
};

}  // namespace signaling::net
