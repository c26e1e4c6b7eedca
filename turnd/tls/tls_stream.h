// TlsStream: the server's side of one TLS connection on a non-blocking descriptor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "turnd/base/bytes.h"
#include "turnd/tls/descriptor_bio.h"
#include "turnd/tls/openssl_types.h"

namespace turnd::tls {

enum class IoStatus : std::uint8_t {
  done,        // the handshake is complete, or bytes were moved
  want_read,   // call again when more has come
  want_write,  // call again when the descriptor is writable
  closed,      // the peer ended the connection (close_notify)
  failed,      // broken by the peer or by the network
};
struct IoResult {
  IoStatus status{};
  std::size_t bytes = 0;  // read or written: > 0 exactly when done
};

// One thread's. No call blocks, none raises SIGPIPE. It neither owns nor closes the descriptor, which outlives it.
class TlsStream {
 public:
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  // Of plaintext (RFC 8446 s5.1).
  static constexpr std::size_t kLargestRecord = 16 * 1024;

  // Null when there is no memory. The stream keeps what it needs of `context` alive.
  [[nodiscard]] static std::unique_ptr<TlsStream> accept(SSL_CTX* context, int descriptor);

  [[nodiscard]] IoResult handshake();
  // At most one record's worth.
  [[nodiscard]] IoResult read(base::MutableBytes into);
  // The records of one read of the descriptor, decrypted one behind the other. `ciphertext` is lent for the call;
  // `into` takes kLargestRecord more than it. What is left, when TLS must write first (want_write) or has ended, makes
  // has_pending() true: it is for another call, and not for the descriptor, to tell.
  [[nodiscard]] IoResult read_batch(base::MutableBytes into, base::MutableBytes ciphertext);
  // Bytes wait inside although the descriptor is not readable.
  [[nodiscard]] bool has_pending() const;
  // May take a part. After want_write the next write must begin with the same bytes and be no shorter.
  [[nodiscard]] IoResult write(base::ByteView bytes);
  // Says goodbye (close_notify) without waiting for an answer; nothing where there is nobody to say it to.
  void shut_down();

  // What ALPN chose; empty when nothing was offered.
  [[nodiscard]] std::string_view protocol() const;

 private:
  explicit TlsStream(int descriptor) : source_{.descriptor = descriptor} {}
  [[nodiscard]] bool connect_bio();
  // Sets what to decrypt next; anything but done: there is nothing.
  [[nodiscard]] IoStatus fetch(base::MutableBytes ciphertext);

  DescriptorSource source_;
  base::Bytes kept_;               // ciphertext that OpenSSL did not take yet
  std::optional<IoStatus> ended_;  // how; told after what came before
  SslPointer ssl_;                 // uses the source: destroyed first
};

// What a call into OpenSSL on `ssl` returned; empties the thread's error queue.
[[nodiscard]] IoStatus io_status(SSL& ssl, int returned);

}  // namespace turnd::tls
