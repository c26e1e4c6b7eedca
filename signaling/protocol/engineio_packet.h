// Engine.IO v4 packets, as WebSocket messages carry them and as polling bodies join them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "turnd/base/result.h"

namespace signaling::protocol {

// The digit that begins a text packet.
enum class EngineioType : std::uint8_t { open, close, ping, pong, message, upgrade, noop };

struct EngineioPacket {
  EngineioType type = EngineioType::message;
  std::string data;        // text, or the bytes of a binary message
  bool is_binary = false;  // only messages can be

  friend bool operator==(const EngineioPacket&, const EngineioPacket&) = default;
};

enum class EngineioError { empty, unknown_type, bad_base64 };

// One text message of a WebSocket; a binary one is a message packet as it stands.
[[nodiscard]] turnd::base::Result<EngineioPacket, EngineioError> parse_engineio_text(std::string_view text);
void append_engineio_text(std::string& out, EngineioType type, std::string_view data = {});

// A polling body: packets joined by the record separator; binary ones are a `b` and their base64.
inline constexpr char kEngineioSeparator = '\x1e';

void append_engineio_binary(std::string& out, std::string_view bytes);

// Reads a polling body packet by packet, so that a body of small packets costs no more memory than itself. Borrows it.
class EngineioPayloadReader {
 public:
  explicit EngineioPayloadReader(std::string_view body) : rest_(body) {}

  // nullopt at the end of the body, and after an error. An empty body is an error: it has no packet.
  [[nodiscard]] std::optional<turnd::base::Result<EngineioPacket, EngineioError>> next();

 private:
  std::string_view rest_;
  bool is_done_ = false;
};

}  // namespace signaling::protocol
