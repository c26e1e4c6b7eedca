// A bounded big-endian cursor over bytes from the network; the only way decoders read.
#pragma once

#include <cstddef>
#include <cstdint>

#include "turnd/base/bytes.h"

namespace turnd::base {

// Failure is sticky: read everything, then ask `ok()` once. After a failure every
// read returns zero or an empty view, so no caller can act on half a value by accident.
class ByteReader {
 public:
  explicit ByteReader(ByteView bytes) : rest_(bytes) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(number<1>()); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number<2>()); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number<4>()); }
  std::uint64_t u64() { return number<8>(); }

  ByteView bytes(std::size_t count) {
    if (!take(count)) return {};
    const ByteView taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  void skip(std::size_t count) { (void)bytes(count); }

  [[nodiscard]] ByteView rest() const { return rest_; }
  [[nodiscard]] std::size_t remaining() const { return rest_.size(); }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  template <std::size_t Size>
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes(Size)) value = value << 8 | byte;
    return value;
  }
  bool take(std::size_t count) {
    if (rest_.size() >= count) return ok_;
    ok_ = false;
    rest_ = {};
    return false;
  }

  ByteView rest_;
  bool ok_ = true;
};

}  // namespace turnd::base
