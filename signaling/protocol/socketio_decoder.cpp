#include "signaling/protocol/socketio_decoder.h"

#include <utility>

namespace signaling::protocol {

SocketioDecoder::Decoded SocketioDecoder::add_text(std::string_view text) {
  if (unfinished_) return SocketioError::unexpected_text;
  if (text.size() > largest_) return SocketioError::too_large;
  auto packet = parse_socketio(text);
  if (!packet) return packet.error();
  size_ = text.size();
  unfinished_.emplace(SocketioMessage{std::move(*packet), {}});
  return take_if_whole();
}

SocketioDecoder::Decoded SocketioDecoder::add_binary(std::string bytes) {
  if (!unfinished_) return SocketioError::unexpected_binary;
  if (bytes.size() > largest_ - size_) return SocketioError::too_large;
  size_ += bytes.size();
  unfinished_->attachments.push_back(std::move(bytes));
  return take_if_whole();
}

SocketioDecoder::Decoded SocketioDecoder::take_if_whole() {
  if (unfinished_->attachments.size() < unfinished_->packet.attachments) return std::optional<SocketioMessage>();
  return std::exchange(unfinished_, std::nullopt);
}

}  // namespace signaling::protocol
