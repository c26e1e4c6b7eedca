// What the operator decides about sockets (turnd.yaml: listen, relay.addresses, relay.external, tls, workers).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "turnd/base/endpoint.h"
#include "turnd/base/transport.h"
#include "turnd/turn/settings.h"

namespace turnd::net {

// One line of `listen`. A default one whose family the machine lacks is skipped, a configured one refuses the start.
struct Listen {
  base::Transport transport{};
  base::Endpoint endpoint;
  enum class Origin : std::uint8_t { configured, built_in } origin = Origin::configured;
  friend bool operator==(const Listen&, const Listen&) = default;
};

// "udp://192.0.2.1:3478", as in `listen`.
std::string to_string(const Listen& listen);

// What a client may cost before it has an allocation (security.md T-SLOW, T-MEM).
struct ClientLimits {
  std::chrono::seconds handshake{10};      // TLS or DTLS handshake complete
  std::chrono::seconds first_message{10};  // first whole STUN message on a stream
  std::chrono::seconds no_allocation{60};  // a stream or DTLS client without an allocation
  std::uint32_t half_open = 4096;          // connections without an allocation, whole worker; the oldest goes first
  std::uint32_t half_open_per_ip = 64;
  std::size_t input_before_session = 4096;  // bytes of one unfinished message
  std::size_t input_with_session = 66 * 1024;
  std::size_t output = 256 * 1024;  // unsent bytes of a stream; relayed data beyond is dropped
};

struct Settings {
  std::vector<Listen> listen;
  std::vector<turn::RelayAddress> relay_addresses;
  turn::PortRange relay_ports{49152, 65535};
  ClientLimits clients;
};

}  // namespace turnd::net
