// RFC 6455 frames: the head of what a server sends, and a client's frames taken apart in place.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "turnd/base/result.h"

namespace signaling::net {

enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };
[[nodiscard]] constexpr bool is_control(Opcode opcode) { return opcode >= Opcode::close; }

inline constexpr std::size_t kMaxControlPayload = 125;  // s5.5

// Final and unmasked, as a server's frames are.
struct FrameHead {
  std::array<char, 10> bytes;
  std::uint8_t size = 0;
  [[nodiscard]] std::string_view text() const { return {bytes.data(), size}; }
};
[[nodiscard]] FrameHead frame_head(Opcode opcode, std::size_t payload);

struct Frame {
  Opcode opcode = Opcode::text;
  bool is_final = true;
  std::string_view payload;  // unmasked, in the bytes that were given
  std::size_t size = 0;      // of the whole frame
};
enum class FrameFault : std::uint8_t {
  incomplete,  // call again with more
  protocol,    // 1002
  too_large,   // 1009: decided at the head
};
// The first frame of `bytes`; a complete one is unmasked in place.
[[nodiscard]] turnd::base::Result<Frame, FrameFault> take_frame(std::span<char> bytes, std::size_t max_payload);

// What a client may put into a close frame (s7.4).
[[nodiscard]] bool is_sendable_close_code(std::uint16_t code);

// Of a text message or the reason of a close (s8.1).
[[nodiscard]] bool is_valid_utf8(std::string_view text);

}  // namespace signaling::net
