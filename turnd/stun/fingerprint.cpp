#include "turnd/stun/fingerprint.h"

#include <array>

namespace turnd::stun {
namespace {

constexpr std::uint32_t kPolynomial = 0xEDB88320;  // ITU V.42, reflected
constexpr std::uint32_t kXor = 0x5354554E;         // "STUN"

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? value >> 1 ^ kPolynomial : value >> 1;
    table[i] = value;
  }
  return table;
}
constexpr auto kTable = make_table();

}  // namespace

std::uint32_t fingerprint_of(base::ByteView before) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const std::uint8_t byte : before) crc = crc >> 8 ^ kTable[(crc ^ byte) & 0xFF];
  return ~crc ^ kXor;
}

}  // namespace turnd::stun
