// HeaderFields: what of a packet's IP header is relayed (RFC 8656 s13, s14: the preferred behaviours).
#pragma once

#include <cstdint>
#include <optional>

namespace turnd::turn {

// The same in IPv4 and IPv6. Only UDP packets have them: what comes in or leaves over a stream or DTLS has none, and
// what leaves without them has those of this machine.
struct HeaderFields {
  std::uint8_t ttl = 0;            // IPv6: hop limit
  std::uint8_t traffic_class = 0;  // DSCP and ECN; IPv4: type of service
  friend bool operator==(const HeaderFields&, const HeaderFields&) = default;
};

// Whether the packet that came with these goes no further.
[[nodiscard]] constexpr bool is_last_hop(const std::optional<HeaderFields>& came) { return came && came->ttl <= 1; }

// What it leaves with when this was not its last hop.
[[nodiscard]] constexpr std::optional<HeaderFields> next_hop(std::optional<HeaderFields> came) {
  if (came) --came->ttl;
  return came;
}

}  // namespace turnd::turn
