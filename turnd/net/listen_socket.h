// Opening a listening socket, and saying why it could not be.
#pragma once

#include "turnd/base/result.h"
#include "turnd/net/settings.h"
#include "turnd/net/socket_error.h"
#include "turnd/posix/file_descriptor.h"

namespace turnd::net {

// Non-blocking, bound, SO_REUSEPORT (one a worker), IPv6 alone on an IPv6 address; a wildcard datagram socket
// tells to which address a datagram came. `type`: SOCK_DGRAM or SOCK_STREAM.
[[nodiscard]] base::Result<posix::FileDescriptor, SocketError> open_listen_socket(const Listen& at, int type);

// Another process (or an earlier configuration of ours) holds the address. To be asked before the first worker
// opens it: SO_REUSEPORT would share the port with a second server of the same user.
[[nodiscard]] bool is_listen_address_taken(const Listen& at);

[[nodiscard]] SocketError listen_error(const Listen& at, int error);

}  // namespace turnd::net
