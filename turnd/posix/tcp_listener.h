// Opens a TCP socket that listens.
#pragma once

#include <system_error>

#include "turnd/base/endpoint.h"
#include "turnd/base/result.h"
#include "turnd/posix/file_descriptor.h"

namespace turnd::posix {

// Not blocking; on an IPv6 address for IPv6 alone. Port 0 asks for any.
[[nodiscard]] base::Result<FileDescriptor, std::error_code> open_tcp_listener(const base::Endpoint& at);

}  // namespace turnd::posix
