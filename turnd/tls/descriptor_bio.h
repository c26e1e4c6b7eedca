// A BIO on a socket that somebody else owns; OpenSSL's own raises SIGPIPE, and reads a record in two calls.
#pragma once

#include "turnd/base/bytes.h"
#include "turnd/tls/openssl_types.h"

namespace turnd::tls {

// What the BIO reads from and writes to; it outlives the BIO.
struct DescriptorSource {
  int descriptor = -1;
  // Read ahead: bytes of the stream that were taken from the descriptor already. While it stands, the BIO reads
  // nothing else.
  base::ByteView ahead = {};
  bool reads_ahead = false;
};

// Non-blocking when the descriptor is. Null when there is no memory.
[[nodiscard]] BioPointer make_descriptor_bio(DescriptorSource& source);

}  // namespace turnd::tls
