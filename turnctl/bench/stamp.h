// Stamp: what every payload of a measurement begins with.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "turnd/base/byte_reader.h"
#include "turnd/base/byte_writer.h"
#include "turnd/base/bytes.h"

namespace turnctl::bench {

// | magic, 32 bits | way, 32 bits | time of sending, 64 bits, in nanoseconds of this process's clock |
struct Stamp {
  static constexpr std::size_t kSize = 16;
  static constexpr std::uint32_t kMagic = 0x74'75'72'6E;  // not the first bits of STUN or ChannelData

  std::uint32_t way = 0;  // by which it was sent
  std::chrono::nanoseconds sent{};

  // `payload` has room for it.
  void write(turnd::base::MutableBytes payload) const {
    const auto time = static_cast<std::uint64_t>(sent.count());
    turnd::base::ByteWriter out(payload);
    out.u32(kMagic);
    out.u32(way);
    out.u32(static_cast<std::uint32_t>(time >> 32));
    out.u32(static_cast<std::uint32_t>(time));
  }
  // nullopt: no payload of a measurement.
  [[nodiscard]] static std::optional<Stamp> read(turnd::base::ByteView payload) {
    turnd::base::ByteReader in(payload);
    const bool is_ours = in.u32() == kMagic;
    Stamp stamp;
    stamp.way = in.u32();
    const std::uint64_t high = in.u32();
    stamp.sent = std::chrono::nanoseconds(static_cast<std::int64_t>(high << 32 | in.u32()));
    return in.ok() && is_ours ? std::optional(stamp) : std::nullopt;
  }
};

}  // namespace turnctl::bench
