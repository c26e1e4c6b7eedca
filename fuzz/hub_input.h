// Input: the bytes of one run, taken one by one; check: what must hold after each.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace signaling::room {

inline void check(bool holds) {
  if (!holds) std::abort();
}

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}
  [[nodiscard]] bool empty() const { return at_ == end_; }
  std::uint8_t byte() { return at_ == end_ ? std::uint8_t{0} : *at_++; }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

}  // namespace signaling::room
