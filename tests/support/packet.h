// UDP packets in Ethernet frames, byte by byte, with their checksums: what tests of the program in the kernel hand it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "turnd/base/bytes.h"
#include "turnd/base/endpoint.h"

namespace turnd::support {

inline constexpr std::size_t kEthernet = 14;
// To which the frames are addressed: an interface that is to take them for its own has this address.
inline constexpr std::array<std::uint8_t, 6> kReceiver{2, 0, 0, 0, 0, 0x0A};

struct Packet {
  base::Endpoint source;
  base::Endpoint destination;
  base::Bytes payload;
  std::uint8_t hop_limit = 64;
  bool dont_fragment = false;
  std::uint8_t traffic_class = 0;  // IPv4: type of service
};
[[nodiscard]] base::Bytes frame(const Packet& packet);
// The same with only the pseudo-header summed, as a sender on this machine leaves it to the hardware.
[[nodiscard]] base::Bytes frame_without_checksum(const Packet& packet);

// ChannelData (RFC 8656 s12.4).
[[nodiscard]] base::Bytes channel_data(std::uint16_t number, std::string_view payload);
[[nodiscard]] base::Bytes bytes(std::string_view text);

// IPv4's is chosen afresh for each packet that may be fragmented.
void clear_identification(base::Bytes& frame);

}  // namespace turnd::support
