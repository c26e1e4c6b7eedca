#include "turnd/stun/fingerprint.h"

#include <array>

namespace turnd::stun {
namespace {

constexpr std::uint32_t kPolynomial = 0xEDB88320;  // ITU V.42, reflected
constexpr std::uint32_t kXor = 0x5354554E;         // "STUN"

// Eight bytes a step (slicing-by-8): nobody has to be known for the CRC of a large indication to be computed, so it
// must not cost more than what follows it. Table k holds the effect of a byte with k more bytes behind it.
constexpr std::size_t kStep = 8;
using Table = std::array<std::uint32_t, 256>;

constexpr std::uint32_t shift_byte(std::uint32_t value) {
  for (int bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? value >> 1 ^ kPolynomial : value >> 1;
  return value;
}

constexpr std::array<Table, kStep> make_tables() {
  std::array<Table, kStep> tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (Table& table : tables) table[byte] = value = shift_byte(value);
  }
  return tables;
}
constexpr auto kTables = make_tables();

constexpr std::uint32_t little_endian(base::ByteView four) {
  return static_cast<std::uint32_t>(four[0]) | static_cast<std::uint32_t>(four[1]) << 8 |
         static_cast<std::uint32_t>(four[2]) << 16 | static_cast<std::uint32_t>(four[3]) << 24;
}

// The effect of four bytes with `behind` more bytes of the step behind them.
constexpr std::uint32_t shift_word(std::uint32_t word, std::size_t behind) {
  return kTables[behind + 3][word & 0xFF] ^ kTables[behind + 2][word >> 8 & 0xFF] ^
         kTables[behind + 1][word >> 16 & 0xFF] ^ kTables[behind][word >> 24];
}

}  // namespace

std::uint32_t fingerprint_of(base::ByteView before) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (; before.size() >= kStep; before = before.subspan(kStep))
    crc = shift_word(crc ^ little_endian(before.first(4)), 4) ^ shift_word(little_endian(before.subspan(4)), 0);
  for (const std::uint8_t byte : before) crc = crc >> 8 ^ kTables[0][(crc ^ byte) & 0xFF];
  return ~crc ^ kXor;
}

}  // namespace turnd::stun
