// STUN and TURN URIs (RFC 7064, RFC 7065), as browsers take them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "turnd/base/transport.h"

namespace turnctl {

struct TurnUri {
  std::string host;  // a name or an IP literal, without brackets
  std::uint16_t port = 3478;
  turnd::base::Transport transport = turnd::base::Transport::udp;
  bool relays = true;  // turn: and turns:; stun: and stuns: end after Binding
};

// "turn:host:port?transport=udp|tcp", "turns:", "stun:", "stuns:". Without a port 3478, with TLS or DTLS
// 5349; turn: without transport is UDP, turns: is TLS over TCP. nullopt: not of that form.
[[nodiscard]] std::optional<TurnUri> parse_turn_uri(std::string_view text);

}  // namespace turnctl
