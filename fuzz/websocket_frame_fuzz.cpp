// A client's bytes are frames within their bounds; an incomplete one changes nothing, and what is masked comes back.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "signaling/net/frame.h"

namespace {

using signaling::net::FrameFault;

constexpr std::size_t kMostPayload = 1024;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::string before = bytes.substr(at);
    const auto frame = signaling::net::take_frame({bytes.data() + at, bytes.size() - at}, kMostPayload);
    if (!frame) {
      if (bytes.substr(at) != before) std::abort();
      break;
    }
    if (frame->size > before.size() || frame->payload.size() > kMostPayload) std::abort();
    if (frame->payload.data() + frame->payload.size() != bytes.data() + at + frame->size) std::abort();
    if (signaling::net::is_control(frame->opcode) && (!frame->is_final || frame->payload.size() > 125)) std::abort();
    (void)signaling::net::is_valid_utf8(frame->payload);
    // Cut anywhere it is incomplete.
    std::string part = before.substr(0, frame->size - 1);
    const auto shorter = signaling::net::take_frame(part, kMostPayload);
    if (shorter || shorter.error() != FrameFault::incomplete) std::abort();
    at += frame->size;
  }
  return 0;
}
