// Socket.IO: lines are the messages of one connection; what is read keeps its bounds and comes back when written again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "signaling/protocol/socketio_decoder.h"

namespace {

using namespace signaling::protocol;

constexpr std::size_t kLargest = 4096;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const SocketioMessage& message) {
  require(message.attachments.size() == message.packet.attachments && message.attachments.size() <= kMostAttachments);
  std::string text;
  append_socketio(text, message.packet);
  const auto again = parse_socketio(text);
  require(again.has_value());
  std::string text_again;
  append_socketio(text_again, *again);
  require(text == text_again);
}

}  // namespace

// A line that begins with `b` is a binary message, any other a text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  SocketioDecoder decoder(kLargest);
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    const auto message =
        line.starts_with('b') ? decoder.add_binary(std::string(line.substr(1))) : decoder.add_text(line);
    if (!message) return 0;
    if (*message) check(**message);
  }
  return 0;
}
