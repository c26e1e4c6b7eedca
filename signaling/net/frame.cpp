#include "signaling/net/frame.h"

#include <cstring>

#include "turnd/base/utf8.h"

namespace signaling::net {
namespace {

constexpr std::uint8_t kFinal = 0x80, kReserved = 0x70, kOpcode = 0x0F, kMasked = 0x80, kLength = 0x7F;
constexpr std::size_t kMask = 4;

std::uint64_t big_endian(const std::uint8_t* at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | at[i];
  return value;
}

bool is_known(std::uint8_t opcode) { return opcode <= 2 || (opcode >= 8 && opcode <= 10); }

void unmask(char* payload, std::size_t size, const std::uint8_t* mask) {
  std::uint64_t word = 0;
  std::memcpy(&word, mask, kMask);
  std::memcpy(reinterpret_cast<char*>(&word) + kMask, mask, kMask);
  std::size_t at = 0;
  for (; at + sizeof word <= size; at += sizeof word) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, payload + at, sizeof bytes);
    bytes ^= word;
    std::memcpy(payload + at, &bytes, sizeof bytes);
  }
  for (; at < size; ++at) payload[at] = static_cast<char>(payload[at] ^ static_cast<char>(mask[at % kMask]));
}

}  // namespace

//    0               1               2 ...
//   | F RSV opcode  | M length (7)  | length (16 or 64, when 126 or 127) | mask (32) | payload
FrameHead frame_head(Opcode opcode, std::size_t payload) {
  FrameHead head;
  head.bytes[0] = static_cast<char>(kFinal | static_cast<std::uint8_t>(opcode));
  std::size_t extra = 0;
  if (payload <= kMaxControlPayload) {
    head.bytes[1] = static_cast<char>(payload);
  } else if (payload <= 0xFFFF) {
    head.bytes[1] = 126;
    extra = 2;
  } else {
    head.bytes[1] = 127;
    extra = 8;
  }
  for (std::size_t i = 0; i < extra; ++i) head.bytes[2 + i] = static_cast<char>(payload >> (8 * (extra - 1 - i)));
  head.size = static_cast<std::uint8_t>(2 + extra);
  return head;
}

turnd::base::Result<Frame, FrameFault> take_frame(std::span<char> bytes, std::size_t max_payload) {
  if (bytes.size() < 2) return FrameFault::incomplete;
  const auto* at = reinterpret_cast<const std::uint8_t*>(bytes.data());
  // No extension is ever agreed on, and a client always masks (s5.1, s5.2).
  if ((at[0] & kReserved) != 0 || !is_known(at[0] & kOpcode) || (at[1] & kMasked) == 0) return FrameFault::protocol;
  Frame frame;
  frame.opcode = static_cast<Opcode>(at[0] & kOpcode);
  frame.is_final = (at[0] & kFinal) != 0;
  const std::uint8_t short_length = at[1] & kLength;
  if (is_control(frame.opcode) && (!frame.is_final || short_length > kMaxControlPayload)) return FrameFault::protocol;
  const std::size_t extra = short_length == 127 ? 8 : short_length == 126 ? 2 : 0;
  if (bytes.size() < 2 + extra) return FrameFault::incomplete;
  const std::uint64_t length = extra == 0 ? short_length : big_endian(at + 2, extra);
  if (extra == 8 && (length >> 63) != 0) return FrameFault::protocol;
  if (!is_control(frame.opcode) && length > max_payload) return FrameFault::too_large;
  const std::size_t head = 2 + extra + kMask;
  if (bytes.size() < head || bytes.size() - head < length) return FrameFault::incomplete;
  const auto size = static_cast<std::size_t>(length);
  unmask(bytes.data() + head, size, at + 2 + extra);
  frame.payload = {bytes.data() + head, size};
  frame.size = head + size;
  return frame;
}

bool is_sendable_close_code(std::uint16_t code) {
  if (code >= 3000 && code <= 4999) return true;
  return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

bool is_valid_utf8(std::string_view text) { return turnd::base::is_utf8(text); }

}  // namespace signaling::net
