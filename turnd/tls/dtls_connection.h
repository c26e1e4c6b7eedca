// DtlsConnection: one DTLS server association over datagrams that its owner carries (RFC 6347).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "turnd/base/bytes.h"
#include "turnd/tls/dtls_cookie.h"
#include "turnd/tls/tls_stream.h"

namespace turnd::tls {

// OpenSSL on a BIO of ours: one write is one datagram. (A memory BIO would glue a flight into one.) One thread's.
class DtlsConnection {
 public:
  // Carries a datagram to the client; it may be lost.
  using Send = std::function<void(base::ByteView)>;

  // A connection that nobody has yet: it costs one SSL, whoever calls.
  [[nodiscard]] static std::unique_ptr<DtlsConnection> make(ssl_ctx_st* context);
  ~DtlsConnection();

  // Looks at a ClientHello: without a right cookie it answers with one and keeps nothing (false); with it the
  // connection is this client's from now on (true). `check` and `send` are used during the call only.
  [[nodiscard]] bool listen(base::ByteView datagram, const CookieCheck& check, const Send& send);
  // Where it sends from now on.
  void carry_by(Send send);

  // A datagram of this client. Then handshake() or read() until they want more.
  void receive(base::ByteView datagram);
  [[nodiscard]] IoResult handshake();
  [[nodiscard]] IoResult read(base::MutableBytes into);  // one record
  [[nodiscard]] IoResult write(base::ByteView message);  // one record, one datagram
  void shut_down();

  // Of the handshake's retransmissions; none: nothing waits for an answer.
  [[nodiscard]] std::optional<std::chrono::microseconds> retransmit_in() const;
  // False: too many have been lost.
  [[nodiscard]] bool retransmit();

 private:
  struct Carrier;
  DtlsConnection(ssl_st* ssl, std::unique_ptr<Carrier> carrier);
  [[nodiscard]] IoResult result_of(int returned);

  std::unique_ptr<Carrier> carrier_;
  ssl_st* ssl_;
};

}  // namespace turnd::tls
