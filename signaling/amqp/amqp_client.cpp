#include "signaling/amqp/amqp_client.h"

#include <algorithm>
#include <utility>

#include "signaling/amqp/amqp_connection.h"

namespace signaling::amqp {

using turnd::base::Result;

Client::Client(Settings settings) : settings_(std::move(settings)) {}
Client::~Client() = default;

// A connection that was idle may have ended long ago: that is no failure yet.
Result<Confirmed, Error> Client::publish(const Message& message) {
  if (connection_) {
    if (auto confirmed = connection_->publish(message)) return confirmed;
    connection_.reset();
  }
  if (Clock::now() < not_before_) return Error{"the broker could not be reached a moment ago"};
  auto confirmed = publish_on_a_fresh_one(message);
  if (!confirmed) fall_back();
  return confirmed;
}

Result<Confirmed, Error> Client::publish_on_a_fresh_one(const Message& message) {
  auto connected = connect();
  return connected ? connection_->publish(message) : connected;
}

Result<Confirmed, Error> Client::connect() {
  auto opened = Connection::open(settings_);
  if (!opened) return opened.error();
  connection_ = std::move(*opened);
  if (std::exchange(was_connected_, true)) ++reconnects_;
  pause_ = {};
  return Confirmed{};
}

void Client::fall_back() {
  connection_.reset();
  pause_ = std::clamp(pause_ * 2, settings_.first_pause, settings_.last_pause);
  not_before_ = Clock::now() + pause_;
}

}  // namespace signaling::amqp
