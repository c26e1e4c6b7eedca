// TcpListener: one worker's listening socket on one TCP address.
#pragma once

#include <memory>

#include "turnd/base/result.h"
#include "turnd/net/file_descriptor.h"
#include "turnd/net/poller.h"
#include "turnd/net/settings.h"
#include "turnd/net/socket_error.h"
#include "turnd/net/spare_descriptor.h"

namespace turnd::net {

class TcpListener final : public EventHandler {
 public:
  class Owner {
   public:
    virtual ~Owner() = default;
    // A connection, non-blocking. Letting it go closes it.
    virtual void on_connection(FileDescriptor socket, const base::IpAddress& client, const Listen& at,
                               const base::Now& now) = 0;
    virtual SpareDescriptor& spare_descriptor() = 0;
  };
  [[nodiscard]] static base::Result<std::unique_ptr<TcpListener>, SocketError> open(const Listen& at, Poller& poller,
                                                                                     Owner& owner);
  ~TcpListener() override;
  [[nodiscard]] const Listen& at() const { return at_; }
  void on_ready(std::uint32_t events, const base::Now& now) override;

 private:
  TcpListener(const Listen& at, FileDescriptor socket, Poller& poller, Owner& owner)
      : at_(at), socket_(std::move(socket)), poller_(poller), owner_(owner) {}
  void refuse_one();

  Listen at_;
  FileDescriptor socket_;
  Poller& poller_;
  Owner& owner_;
};

}  // namespace turnd::net
