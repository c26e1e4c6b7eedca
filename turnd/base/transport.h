// The transport between client and server (RFC 8656 s3.1); the relayed side is UDP.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace turnd::base {

enum class Transport : std::uint8_t { udp, tcp, tls, dtls };

inline constexpr std::array kTransports{Transport::udp, Transport::tcp, Transport::tls, Transport::dtls};

// A stream frames its messages itself and delivers in order (TCP, TLS); the others carry datagrams.
constexpr bool is_stream(Transport transport) { return transport == Transport::tcp || transport == Transport::tls; }

// "udp", "tcp", "tls", "dtls": label values and API members (operations.md D33).
constexpr std::string_view to_string(Transport transport) {
  switch (transport) {
    case Transport::udp:
      return "udp";
    case Transport::tcp:
      return "tcp";
    case Transport::tls:
      return "tls";
    case Transport::dtls:
      return "dtls";
  }
  return "";
}

}  // namespace turnd::base
