#include "signaling/net/http_exchange.h"

#include <utility>

namespace signaling::net {

HttpExchange::~HttpExchange() {
  if (is_answered_.load()) return;
  loop_.post([session = session_] {
    if (const auto waiting = session.lock()) waiting->give_up();
  });
}

void HttpExchange::answer(Response response) {
  if (is_answered_.exchange(true)) return;
  if (!loop_.is_current()) {
    loop_.post([session = session_, response = std::move(response)]() mutable {
      if (const auto waiting = session.lock()) waiting->answer(std::move(response));
    });
    return;
  }
  if (const auto waiting = session_.lock()) waiting->answer(std::move(response));
}

void HttpExchange::upgrade(Upgrade upgrade, std::unique_ptr<SocketEvents> events) {
  if (is_answered_.exchange(true)) return;
  if (!loop_.is_current()) {
    // Shared only because a std::function has to be copyable.
    auto held = std::make_shared<std::unique_ptr<SocketEvents>>(std::move(events));
    loop_.post([session = session_, upgrade = std::move(upgrade), held] {
      if (const auto waiting = session.lock()) waiting->upgrade(upgrade, std::move(*held));
    });
    return;
  }
  if (const auto waiting = session_.lock()) waiting->upgrade(upgrade, std::move(events));
}

void HttpExchange::on_gone(std::function<void()> gone) {
  const auto waiting = session_.lock();
  if (waiting && !is_answered_.load()) waiting->on_gone(std::move(gone));
}

}  // namespace signaling::net
