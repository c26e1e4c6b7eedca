#include "signaling/protocol/socketio_decoder.h"

#include <utility>

namespace signaling::protocol {

SocketioDecoder::Decoded SocketioDecoder::add_text(std::string_view text) {
  if (unfinished_) return SocketioError::unexpected_text;
  if (text.size() > largest_) return SocketioError::too_large;
  auto packet = parse_socketio(text);
  if (!packet) return packet.error();
  SocketioMessage message{std::move(*packet), {}};
  if (message.packet.attachments == 0) return std::optional(std::move(message));
  size_ = text.size();
  data_ = message.packet.data;
  message.packet.data = data_;
  unfinished_ = std::move(message);
  return std::optional<SocketioMessage>();
}

SocketioDecoder::Decoded SocketioDecoder::add_binary(std::string bytes) {
  if (!unfinished_) return SocketioError::unexpected_binary;
  if (bytes.size() > largest_ - size_) return SocketioError::too_large;
  size_ += bytes.size();
  unfinished_->attachments.push_back(std::move(bytes));
  if (unfinished_->attachments.size() < unfinished_->packet.attachments) return std::optional<SocketioMessage>();
  return std::exchange(unfinished_, std::nullopt);
}

}  // namespace signaling::protocol
