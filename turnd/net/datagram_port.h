// How DTLS shares the UDP listener's socket: datagrams in, datagrams out, nothing else.
#pragma once

#include "turnd/base/bytes.h"
#include "turnd/base/clock.h"
#include "turnd/base/endpoint.h"

namespace turnd::net {

struct DatagramRoute {
  base::Endpoint client;
  base::Endpoint server;  // the address that the client sent to: answers leave from it
};

// The listener's sending side. Never blocks; false: dropped by the kernel.
class DatagramSender {
 public:
  virtual ~DatagramSender() = default;
  [[nodiscard]] virtual bool send(const DatagramRoute& route, base::ByteView datagram) = 0;
};

// Receives the datagrams whose first byte is a DTLS record's (RFC 7983).
class DtlsDemultiplexer {
 public:
  virtual ~DtlsDemultiplexer() = default;
  virtual void on_dtls_datagram(const DatagramRoute& route, base::ByteView datagram, const base::Now& now) = 0;
};

}  // namespace turnd::net
