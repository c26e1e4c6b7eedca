// Opens the sockets on which the control plane listens (operations.md D52, D53).
#pragma once

#include <sys/types.h>

#include <string>

#include "turnd/base/endpoint.h"
#include "turnd/base/result.h"
#include "turnd/posix/file_descriptor.h"

namespace turnd::admin {

// One sentence for the operator: which path or address, why, and what to do (D40).
struct OpenError {
  std::string what;
  std::string why;
  std::string remedy;
};

// A listening socket, not blocking, and what it is.
struct Listener {
  posix::FileDescriptor descriptor;
  int family = 0;  // AF_UNIX, AF_INET or AF_INET6
};

// Which file a socket is: a path may name another one later.
struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

// The control socket: 0660 and of group turnd, whatever the umask. A stale socket at the path is replaced; a live one
// and anything that is no socket is left alone and an error.
[[nodiscard]] base::Result<Listener, OpenError> open_unix_listener(const std::string& path);
// What is at the path now; all zero: nothing.
[[nodiscard]] FileIdentity identity_of(const std::string& path);

[[nodiscard]] base::Result<Listener, OpenError> open_tcp_listener(const base::Endpoint& endpoint);

}  // namespace turnd::admin
