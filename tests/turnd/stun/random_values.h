// RandomValues: repeatable random input for property tests.
#pragma once

#include <array>
#include <cstdint>
#include <random>

#include "turnd/base/bytes.h"
#include "turnd/base/endpoint.h"
#include "turnd/stun/types.h"

namespace turnd::stun {

class RandomValues {
 public:
  // In [0, bound).
  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(engine_() % bound); }
  std::uint8_t u8() { return static_cast<std::uint8_t>(below(256)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(below(65'536)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(engine_() & 0xFFFF'FFFF); }
  base::Bytes bytes(std::size_t size) {
    base::Bytes bytes(size);
    for (std::uint8_t& byte : bytes) byte = u8();
    return bytes;
  }
  template <std::size_t Size>
  std::array<std::uint8_t, Size> array() {
    std::array<std::uint8_t, Size> bytes{};
    for (std::uint8_t& byte : bytes) byte = u8();
    return bytes;
  }
  base::Endpoint endpoint() {
    const bool v4 = below(2) == 0;
    return {v4 ? base::IpAddress::v4(array<4>()) : base::IpAddress::v6(array<16>()), u16()};
  }
  TransactionId transaction() { return array<12>(); }

 private:
  std::mt19937_64 engine_{8489};
};

}  // namespace turnd::stun
