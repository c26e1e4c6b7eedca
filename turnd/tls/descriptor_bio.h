// A BIO on a socket that somebody else owns; OpenSSL's own raises SIGPIPE.
#pragma once

#include "turnd/tls/openssl_types.h"

namespace turnd::tls {

// Non-blocking when the descriptor is. Null when there is no memory.
[[nodiscard]] BioPointer make_descriptor_bio(int descriptor);

}  // namespace turnd::tls
