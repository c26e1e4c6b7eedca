// Socket.IO v5 packets: `<type>[<attachments>-][/namespace,][ack id][JSON]`, read strictly and written.
//
// The JSON is checked and stays text: what only comes back or goes on is never built.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "turnd/base/result.h"

namespace signaling::protocol {

// The digit that begins a packet.
enum class SocketioType : std::uint8_t { connect, disconnect, event, ack, connect_error, binary_event, binary_ack };

inline constexpr std::string_view kMainNamespace = "/";
// A client may announce as many; without a bound one packet of 20 bytes would have the server wait for millions.
inline constexpr std::size_t kMostAttachments = 10;

struct SocketioPacket {
  SocketioType type = SocketioType::event;
  std::string name_space{kMainNamespace};
  std::optional<std::uint64_t> ack_id;
  // JSON, borrowed from the text that was parsed; empty: none. CONNECT: an object or none. Events: an array that begins
  // with the name. Acknowledgements: an array. Binary values are left as their placeholders,
  // {"_placeholder":true,"num":N}.
  std::string_view data;
  std::size_t attachments = 0;  // binary messages that follow

  friend bool operator==(const SocketioPacket&, const SocketioPacket&) = default;
};

enum class SocketioError {
  empty,
  unknown_type,
  bad_attachments,  // no number, more than kMostAttachments, or a placeholder that names none of them
  bad_ack_id,
  bad_json,
  bad_data,       // JSON that this type cannot carry
  reserved_name,  // an event that clients raise themselves
  unexpected_text,
  unexpected_binary,
  too_large,
};

[[nodiscard]] std::string_view to_string(SocketioError error);

[[nodiscard]] turnd::base::Result<SocketioPacket, SocketioError> parse_socketio(std::string_view text);
// The text of the packet alone: its attachments follow as binary messages.
void append_socketio(std::string& out, const SocketioPacket& packet);

// The data of an event that was parsed, apart: its name as JSON, and the arguments with commas between them.
struct SocketioEvent {
  std::string_view name, arguments;
};
[[nodiscard]] SocketioEvent split_event(std::string_view data);

// Whether the ecosystem keeps this event name for itself.
[[nodiscard]] bool is_reserved_event(std::string_view name);

}  // namespace signaling::protocol
