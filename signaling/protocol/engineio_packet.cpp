#include "signaling/protocol/engineio_packet.h"

#include "turnd/base/bytes.h"
#include "turnd/crypto/base64.h"

namespace signaling::protocol {
namespace {

constexpr char kBinaryMark = 'b';

turnd::base::Result<EngineioPacket, EngineioError> parse_payload_packet(std::string_view text) {
  if (!text.starts_with(kBinaryMark)) return parse_engineio_text(text);
  const auto bytes = turnd::crypto::from_base64(text.substr(1));
  if (!bytes) return EngineioError::bad_base64;
  return EngineioPacket{EngineioType::message, std::string(turnd::base::as_text(*bytes)), true};
}

}  // namespace

turnd::base::Result<EngineioPacket, EngineioError> parse_engineio_text(std::string_view text) {
  if (text.empty()) return EngineioError::empty;
  if (text[0] < '0' || text[0] > '6') return EngineioError::unknown_type;
  return EngineioPacket{static_cast<EngineioType>(text[0] - '0'), std::string(text.substr(1)), false};
}

void append_engineio_text(std::string& out, EngineioType type, std::string_view data) {
  out += static_cast<char>('0' + static_cast<int>(type));
  out += data;
}

void append_engineio_binary(std::string& out, std::string_view bytes) {
  out += kBinaryMark;
  out += turnd::crypto::to_base64(turnd::base::as_bytes(bytes));
}

std::optional<turnd::base::Result<EngineioPacket, EngineioError>> EngineioPayloadReader::next() {
  if (is_done_) return std::nullopt;
  const std::size_t end = rest_.find(kEngineioSeparator);
  auto packet = parse_payload_packet(rest_.substr(0, end));
  is_done_ = end == std::string_view::npos || packet.has_error();
  if (!is_done_) rest_.remove_prefix(end + 1);
  return packet;
}

}  // namespace signaling::protocol
