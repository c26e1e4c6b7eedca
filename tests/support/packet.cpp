#include "tests/support/packet.h"

#include <algorithm>

namespace turnd::support {
namespace {

void put16(base::Bytes& out, std::size_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

std::uint32_t sum(base::ByteView of) {
  std::uint32_t total = 0;
  for (std::size_t i = 0; i < of.size(); i += 2)
    total += static_cast<std::uint32_t>(of[i] << 8) + (i + 1 < of.size() ? of[i + 1] : 0U);
  return total;
}

std::uint16_t fold(std::uint32_t total) {
  while (total >> 16 != 0) total = (total & 0xFFFF) + (total >> 16);
  return static_cast<std::uint16_t>(total);
}

void append(base::Bytes& out, base::ByteView more) { out.insert(out.end(), more.begin(), more.end()); }

base::Bytes ip_header(const Packet& packet, std::size_t udp_length) {
  base::Bytes out;
  if (packet.source.address.is_v4()) {
    out = {0x45, packet.traffic_class};
    put16(out, 20 + udp_length);
    put16(out, 0);  // identification
    put16(out, packet.dont_fragment ? 0x4000 : 0);
    out.insert(out.end(), {packet.hop_limit, 17, 0, 0});
  } else {
    const unsigned first = 6U << 12 | static_cast<unsigned>(packet.traffic_class) << 4;
    put16(out, first);
    put16(out, 0);  // the rest of the flow label
    put16(out, udp_length);
    out.insert(out.end(), {17, packet.hop_limit});
  }
  append(out, packet.source.address.octets());
  append(out, packet.destination.address.octets());
  if (packet.source.address.is_v4()) {
    const auto check = static_cast<std::uint16_t>(~fold(sum(out)));
    out[10] = static_cast<std::uint8_t>(check >> 8);
    out[11] = static_cast<std::uint8_t>(check);
  }
  return out;
}

std::uint32_t pseudo_sum(const Packet& packet, std::size_t udp_length) {
  return sum(packet.source.address.octets()) + sum(packet.destination.address.octets()) + 17 +
         static_cast<std::uint32_t>(udp_length);
}

base::Bytes udp_header(const Packet& packet, std::size_t length, std::uint16_t check) {
  base::Bytes out;
  put16(out, packet.source.port);
  put16(out, packet.destination.port);
  put16(out, length);
  put16(out, check);
  return out;
}

base::Bytes assemble(const Packet& packet, std::uint16_t check) {
  const std::size_t length = 8 + packet.payload.size();
  base::Bytes out(kReceiver.begin(), kReceiver.end());
  append(out, base::Bytes{2, 0, 0, 0, 0, 2});
  put16(out, packet.source.address.is_v4() ? 0x0800 : 0x86DD);
  append(out, ip_header(packet, length));
  append(out, udp_header(packet, length, check));
  append(out, packet.payload);
  return out;
}

}  // namespace

base::Bytes frame(const Packet& packet) {
  const std::size_t length = 8 + packet.payload.size();
  const auto check = static_cast<std::uint16_t>(
      ~fold(pseudo_sum(packet, length) + sum(udp_header(packet, length, 0)) + sum(packet.payload)));
  return assemble(packet, check == 0 ? 0xFFFF : check);
}

base::Bytes frame_without_checksum(const Packet& packet) {
  return assemble(packet, fold(pseudo_sum(packet, 8 + packet.payload.size())));
}

base::Bytes channel_data(std::uint16_t number, std::string_view payload) {
  base::Bytes out;
  put16(out, number);
  put16(out, payload.size());
  append(out, bytes(payload));
  return out;
}

base::Bytes bytes(std::string_view text) { return {text.begin(), text.end()}; }

void clear_identification(base::Bytes& frame) {
  if (frame.size() < kEthernet + 20 || frame[kEthernet] != 0x45) return;
  const std::uint32_t id = static_cast<std::uint32_t>(frame[kEthernet + 4] << 8) + frame[kEthernet + 5];
  const std::uint32_t check = static_cast<std::uint32_t>(frame[kEthernet + 10] << 8) + frame[kEthernet + 11];
  const auto without = static_cast<std::uint16_t>(~fold((~check & 0xFFFF) + (~id & 0xFFFF)));
  frame[kEthernet + 4] = frame[kEthernet + 5] = 0;
  frame[kEthernet + 10] = static_cast<std::uint8_t>(without >> 8);
  frame[kEthernet + 11] = static_cast<std::uint8_t>(without);
}

}  // namespace turnd::support
