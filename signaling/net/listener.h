// Listener: one listening socket in the loop.
#pragma once

#include <functional>

#include "signaling/net/loop.h"
#include "signaling/net/server.h"
#include "turnd/posix/file_descriptor.h"

namespace signaling::net {

[[nodiscard]] base::Result<turnd::posix::FileDescriptor, ListenError> open_listening_socket(const Listen& listen);
[[nodiscard]] base::Endpoint local_endpoint(int descriptor);

class Listener final : public ReadyHandler {
 public:
  using OnAccepted = std::function<void(turnd::posix::FileDescriptor socket, const base::Endpoint& peer)>;
  Listener(Loop& loop, turnd::posix::FileDescriptor socket, OnAccepted on_accepted);
  ~Listener() override;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  void on_ready(std::uint32_t events) override;

 private:
  // Without a descriptor for it a connection can be neither served nor refused: one is kept for that.
  void refuse_one();

  Loop& loop_;
  turnd::posix::FileDescriptor socket_;
  turnd::posix::FileDescriptor spare_;
  OnAccepted on_accepted_;
};

}  // namespace signaling::net
