// TlsStream: the server's side of one TLS connection on a non-blocking descriptor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "turnd/base/bytes.h"
#include "turnd/tls/openssl_types.h"
#include "turnd/tls/server_context.h"

namespace turnd::tls {

enum class StreamStatus : std::uint8_t {
  done,         // the handshake is complete, or bytes were moved
  wants_read,   // call again when the descriptor is readable
  wants_write,  // call again when it is writable
  closed,       // the peer ended the connection; nothing more comes
  failed,       // broken by the peer or by the network; close it
};

// One thread's. No call blocks, none raises SIGPIPE. It neither owns nor closes the descriptor, which outlives it.
class TlsStream {
 public:
  struct Moved {
    StreamStatus status{};
    std::size_t bytes = 0;  // > 0 exactly when done
  };

  TlsStream(std::shared_ptr<const ServerContext> context, int descriptor);

  [[nodiscard]] StreamStatus handshake();
  // At most one record's worth. What one record has left over is not signalled by the descriptor: ask has_buffered().
  [[nodiscard]] Moved read(base::MutableBytes into);
  [[nodiscard]] bool has_buffered() const;
  // May take a part. After wants_write the next write must begin with the same bytes, and not be shorter.
  [[nodiscard]] Moved write(base::ByteView bytes);
  // Says goodbye (close_notify) without waiting for an answer. Not after `failed`.
  void close();

  // What ALPN chose, empty when nothing was offered.
  [[nodiscard]] std::string_view protocol() const;

 private:
  [[nodiscard]] StreamStatus status_of(int result);
  std::shared_ptr<const ServerContext> context_;  // ALPN reads from it
  SslPointer ssl_;
};

}  // namespace turnd::tls
