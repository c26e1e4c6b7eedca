// SpareDescriptor: one descriptor kept back, so that a full table of files does not leave connections waiting.
#pragma once

#include <fcntl.h>

#include "turnd/net/file_descriptor.h"

namespace turnd::net {

// accept() fails with EMFILE while the connection stays in the queue and keeps waking the poller. Giving up the
// spare one lets the connection be taken and closed: the client sees it, and nothing spins (security.md R-FD).
class SpareDescriptor {
 public:
  SpareDescriptor() { take_back(); }
  void give_up() { spare_.reset(); }
  void take_back() { spare_ = FileDescriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

 private:
  FileDescriptor spare_;
};

}  // namespace turnd::net
