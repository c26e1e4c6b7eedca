// FiveTuple: what names an allocation (RFC 8656 s3.2).
#pragma once

#include <compare>
#include <cstdint>

#include "turnd/base/endpoint.h"
#include "turnd/base/transport.h"

namespace turnd::turn {

struct FiveTuple {
  base::Endpoint client;
  base::Endpoint server;  // the address that the client sent to, also on a wildcard listener
  base::Transport transport{};
  friend auto operator<=>(const FiveTuple&, const FiveTuple&) = default;
};

// Equality without a branch for each part: packets are compared with what they will nearly always match. 0: the same.
[[nodiscard]] inline std::uint64_t difference(const base::IpAddress& a, const base::IpAddress& b) {
  const auto of_a = a.words();
  const auto of_b = b.words();
  return (of_a[0] ^ of_b[0]) | (of_a[1] ^ of_b[1]) | static_cast<std::uint64_t>(a.family() != b.family());
}
[[nodiscard]] inline std::uint64_t difference(const base::Endpoint& a, const base::Endpoint& b) {
  return difference(a.address, b.address) | static_cast<std::uint64_t>(a.port ^ b.port);
}
[[nodiscard]] inline std::uint64_t difference(const FiveTuple& a, const FiveTuple& b) {
  return difference(a.client, b.client) | difference(a.server, b.server) |
         static_cast<std::uint64_t>(a.transport != b.transport);
}
template <class Name>
[[nodiscard]] bool is_same(const Name& a, const Name& b) {
  return difference(a, b) == 0;
}

// Keyed, so that nobody can choose five-tuples that collide. Inline: the data path computes it per packet.
[[nodiscard]] inline std::uint64_t hash_value(const FiveTuple& tuple, std::uint64_t key) {
  const auto client = tuple.client.address.words();
  const auto server = tuple.server.address.words();
  const auto fold = [](std::uint64_t a, std::uint64_t b) {
    return a * b ^ static_cast<std::uint64_t>(static_cast<unsigned __int128>(a) * b >> 64);
  };
  const std::uint64_t rest = static_cast<std::uint64_t>(tuple.client.port) |
                             static_cast<std::uint64_t>(tuple.server.port) << 16 |
                             static_cast<std::uint64_t>(tuple.transport) << 32 |
                             static_cast<std::uint64_t>(tuple.client.address.family()) << 40;
  const std::uint64_t first = fold(client[0] ^ key, server[0] ^ 0xA0761D6478BD642FULL);
  const std::uint64_t second =
      fold(client[1] ^ rest ^ 0xE7037ED1A0B428DBULL, server[1] ^ first ^ 0x8EBC6AF09C88C6E3ULL);
  return fold(second ^ key, 0x589965CC75374CC3ULL);
}
[[nodiscard]] inline std::uint64_t hash_value(const FiveTuple& tuple) { return hash_value(tuple, 0); }

}  // namespace turnd::turn
