// Puts the packets of one Socket.IO connection together: texts, and the binary messages that belong to them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/protocol/socketio_packet.h"

namespace signaling::protocol {

// A packet with everything that came after it. Its data is borrowed: from the text that it came in, or with attachments
// from the decoder, until its next call.
struct SocketioMessage {
  SocketioPacket packet;
  std::vector<std::string> attachments;  // as many as the packet announces, in the order of their numbers
};

// After an error the connection is over: nothing says where the next packet begins. Not moved once it is in use.
class SocketioDecoder {
 public:
  // The most bytes that one packet has with its attachments.
  explicit SocketioDecoder(std::size_t largest) : largest_(largest) {}

  using Decoded = turnd::base::Result<std::optional<SocketioMessage>, SocketioError>;
  // nullopt while attachments are missing.
  [[nodiscard]] Decoded add_text(std::string_view text);
  [[nodiscard]] Decoded add_binary(std::string bytes);

 private:
  std::size_t largest_;
  std::size_t size_ = 0;  // of the unfinished message
  std::string data_;      // of its packet
  std::optional<SocketioMessage> unfinished_;
};

}  // namespace signaling::protocol
