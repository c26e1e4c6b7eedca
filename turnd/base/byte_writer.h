// A bounded big-endian cursor that fills a caller's buffer; the only way encoders write.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "turnd/base/bytes.h"

namespace turnd::base {

// Overflow is sticky: nothing is written past the buffer, and `ok()` says so at the end.
class ByteWriter {
 public:
  explicit ByteWriter(MutableBytes into) : into_(into) {}

  void u8(std::uint8_t value) { number<1>(value); }
  void u16(std::uint16_t value) { number<2>(value); }
  void u32(std::uint32_t value) { number<4>(value); }
  void u64(std::uint64_t value) { number<8>(value); }

  void bytes(ByteView value) {
    if (MutableBytes at = reserve(value.size()); !at.empty()) std::ranges::copy(value, at.begin());
  }
  void zeros(std::size_t count) { std::ranges::fill(reserve(count), std::uint8_t{0}); }

  // Overwrites two bytes written earlier (a length field that is known only now).
  void patch_u16(std::size_t offset, std::uint16_t value) {
    if (offset + 2 > used_) {
      ok_ = false;
      return;
    }
    into_[offset] = static_cast<std::uint8_t>(value >> 8);
    into_[offset + 1] = static_cast<std::uint8_t>(value & 0xFF);
  }

  [[nodiscard]] std::size_t size() const { return used_; }
  [[nodiscard]] ByteView written() const { return into_.first(used_); }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  MutableBytes reserve(std::size_t count) {
    if (!ok_ || into_.size() - used_ < count) {
      ok_ = false;
      return {};
    }
    const MutableBytes at = into_.subspan(used_, count);
    used_ += count;
    return at;
  }
  template <std::size_t Size>
  void number(std::uint64_t value) {
    const MutableBytes at = reserve(Size);
    for (std::size_t i = 0; i < at.size(); ++i) at[i] = static_cast<std::uint8_t>(value >> (8 * (Size - 1 - i)) & 0xFF);
  }

  MutableBytes into_;
  std::size_t used_ = 0;
  bool ok_ = true;
};

}  // namespace turnd::base
