// TcpListener: one worker's listening socket on one TCP address.
#pragma once

#include <memory>
#include <optional>

#include "turnd/base/clock.h"
#include "turnd/base/result.h"
#include "turnd/net/poller.h"
#include "turnd/net/settings.h"
#include "turnd/net/socket_error.h"
#include "turnd/posix/file_descriptor.h"

namespace turnd::net {

// Without descriptors or memory for another connection it rests: the connection stays in the kernel's queue, and
// would wake the poller without end (security.md R-FD). It is taken when the rest is over and there is room again.
class TcpListener final : public EventHandler {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    // A connection, non-blocking. Letting it go closes it.
    virtual void on_connection(posix::FileDescriptor socket, const base::IpAddress& client, const Listen& at,
                               const base::Now& now) = 0;
  };
  [[nodiscard]] static base::Result<std::unique_ptr<TcpListener>, SocketError> open(const Listen& at, Poller& poller,
                                                                                    Owner& owner);
  ~TcpListener() override;
  [[nodiscard]] const Listen& at() const { return at_; }
  [[nodiscard]] base::Endpoint local() const;  // the bound address, its port chosen by the kernel where it was 0
  void on_ready(std::uint32_t events, const base::Now& now) override;

  // When it goes on; none: it is not resting.
  [[nodiscard]] std::optional<base::TimePoint> rests_until() const { return rests_until_; }
  void on_time(const base::Now& now);

 private:
  TcpListener(const Listen& at, posix::FileDescriptor socket, Poller& poller, Owner& owner)
      : at_(at), socket_(std::move(socket)), poller_(poller), owner_(owner) {}
  void rest(const base::Now& now);

  Listen at_;
  posix::FileDescriptor socket_;
  Poller& poller_;
  Owner& owner_;
  std::optional<base::TimePoint> rests_until_;
};

}  // namespace turnd::net
