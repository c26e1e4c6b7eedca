// Connection: one channel to a broker in confirm mode, with the exchanges declared.
#pragma once

#include <cstdint>
#include <memory>

#include "signaling/amqp/amqp_client.h"

namespace signaling::amqp {

// Of one thread.
class Connection {
 public:
  [[nodiscard]] static turnd::base::Result<std::unique_ptr<Connection>, Error> open(const Settings& settings);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] turnd::base::Result<Confirmed, Error> publish(const Message& message);

 private:
  class Impl;
  explicit Connection(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace signaling::amqp
