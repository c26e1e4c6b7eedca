// Lane: one end of a measured way; a client of the server, or a peer.
#pragma once

#include <functional>

#include "turnd/base/bytes.h"

namespace turnctl::bench {

// One thread's.
class Lane {
 public:
  virtual ~Lane() = default;
  // Readable when something has come.
  [[nodiscard]] virtual int descriptor() const = 0;
  // Hands the payload to the kernel. False: it did not take it.
  [[nodiscard]] virtual bool send(turnd::base::ByteView payload) = 0;
  // Calls `take` with every payload that has come; never waits. False: the lane is broken.
  using Take = std::function<void(turnd::base::ByteView)>;
  [[nodiscard]] virtual bool receive(const Take& take) = 0;
};

}  // namespace turnctl::bench
