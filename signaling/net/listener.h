// Listener: one listening socket in the loop.
#pragma once

#include <functional>

#include "signaling/net/descriptor.h"
#include "signaling/net/loop.h"
#include "signaling/net/server.h"

namespace signaling::net {

[[nodiscard]] base::Result<Descriptor, ListenError> open_listening_socket(const Listen& listen);
[[nodiscard]] base::Endpoint local_endpoint(int descriptor);

class Listener final : public ReadyHandler {
 public:
  using OnAccepted = std::function<void(Descriptor socket, const base::Endpoint& peer)>;
  Listener(Loop& loop, Descriptor socket, OnAccepted on_accepted);
  ~Listener() override;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  void on_ready(std::uint32_t events) override;

 private:
  // Without a descriptor for it a connection can be neither served nor refused: one is kept for that.
  void refuse_one();

  Loop& loop_;
  Descriptor socket_;
  Descriptor spare_;
  OnAccepted on_accepted_;
};

}  // namespace signaling::net
