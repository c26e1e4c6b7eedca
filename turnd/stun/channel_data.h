// ChannelData messages (RFC 8656 s12.4): four bytes of header, then application data.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "turnd/base/bytes.h"
#include "turnd/stun/turn_attributes.h"

namespace turnd::stun {

inline constexpr std::size_t kChannelHeaderSize = 4;
// RFC 8656 s12: what a client may bind. 0x5000-0x7FFF is reserved.
inline constexpr std::uint16_t kFirstChannel = 0x4000;
inline constexpr std::uint16_t kLastChannel = 0x4FFF;

constexpr bool is_channel_number(ChannelNumberValue number) {
  return number.value >= kFirstChannel && number.value <= kLastChannel;
}

struct ChannelDataView {
  ChannelNumberValue channel;
  base::ByteView payload;  // borrowed, without padding
};

// What the first four bytes say.
//   40 01 04 B0   channel 0x4001, 1200 bytes follow
struct ChannelDataHeader {
  ChannelNumberValue channel;
  std::uint16_t length = 0;
};
// The datagram holds kChannelHeaderSize bytes at least.
[[nodiscard]] inline ChannelDataHeader read_channel_data_header(base::ByteView datagram) {
  const auto u16 = [&](std::size_t at) { return static_cast<std::uint16_t>(datagram[at] << 8 | datagram[at + 1]); };
  return {{u16(0)}, u16(2)};
}

// Over UDP and DTLS the datagram may carry bytes after the payload (padding), which are ignored; fewer
// bytes than the length says is malformed. Over streams the framer delivers exactly one message.
[[nodiscard]] inline std::optional<ChannelDataView> parse_channel_data(base::ByteView datagram) {
  if (datagram.size() < kChannelHeaderSize) return std::nullopt;
  const ChannelDataHeader header = read_channel_data_header(datagram);
  if (datagram.size() - kChannelHeaderSize < header.length) return std::nullopt;
  return ChannelDataView{header.channel, datagram.subspan(kChannelHeaderSize, header.length)};
}

[[nodiscard]] inline std::array<std::uint8_t, kChannelHeaderSize> channel_data_header(ChannelNumberValue channel,
                                                                                      std::size_t payload_size) {
  return {static_cast<std::uint8_t>(channel.value >> 8), static_cast<std::uint8_t>(channel.value & 0xFF),
          static_cast<std::uint8_t>(payload_size >> 8 & 0xFF), static_cast<std::uint8_t>(payload_size & 0xFF)};
}

// Bytes of zero padding after `size` bytes on a stream transport (RFC 8656 s12.5); none on UDP and DTLS.
constexpr std::size_t stream_padding(std::size_t size) { return (4 - size % 4) % 4; }

}  // namespace turnd::stun
