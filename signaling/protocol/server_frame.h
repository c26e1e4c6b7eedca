// ServerFrame: a message to clients, serialised once for all of them; FrameWriter builds one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "signaling/protocol/failure.h"
#include "signaling/protocol/json_writer.h"

namespace signaling::protocol {

// What the server can say (2.3). The three last are 004's spellings, for clients that use such spellings themselves.
enum class ServerType : std::uint8_t {
  hello,
  auth_ok,
  ok,
  error,
  pong,
  joined,
  waiting,
  admitted,
  denied,
  peer_joined,
  peer_updated,
  peer_away,
  peer_back,
  peer_left,
  offer,
  answer,
  description,
  ice_candidate,
  ice_update,
  chat,
  chat_edited,
  chat_deleted,
  chat_reacted,
  chat_cleared,
  chat_read,
  conversation_changed,
  typing,
  reaction,
  hand,
  data,
  caption,
  room_updated,
  meeting_started,
  meeting_ended,
  join_request,
  join_request_handled,
  invited,
  call,
  moderation,
  recording,
  notification,
  presence,
  log,
  stats,
  auth_expiring,
  going_away,
  bye,
  user_joined,
  user_left,
  message,
};
// As on the wire: "peer-joined".
[[nodiscard]] std::string_view to_string(ServerType type);

// `body` is the JSON object without its closing brace: what follows (tail()) is the recipient's own (Y1).
struct ServerFrame {
  ServerType type;
  std::string body;
};
using SharedFrame = std::shared_ptr<const ServerFrame>;

// What closes the object. s: the recipient's session sequence; 0: none.
[[nodiscard]] std::string tail(std::uint64_t s);
// The whole text, for tests and for those who do not share bodies.
[[nodiscard]] std::string whole_text(const ServerFrame& frame, std::uint64_t s = 0);

class FrameWriter {
 public:
  explicit FrameWriter(ServerType type);
  // A reply: `id` is the request's as JSON text; empty: none.
  FrameWriter(ServerType type, std::string_view id);

  FrameWriter(const FrameWriter&) = delete;
  FrameWriter& operator=(const FrameWriter&) = delete;

  FrameWriter& text(std::string_view name, std::string_view value) { return json_.text(name, value), *this; }
  FrameWriter& text_or_null(std::string_view name, std::string_view value) {
    return json_.text_or_null(name, value), *this;
  }
  FrameWriter& integer(std::string_view name, std::int64_t value) { return json_.integer(name, value), *this; }
  FrameWriter& boolean(std::string_view name, bool value) { return json_.boolean(name, value), *this; }
  FrameWriter& raw(std::string_view name, std::string_view json) { return json_.raw(name, json), *this; }
  FrameWriter& null(std::string_view name) { return json_.null(name), *this; }
  FrameWriter& time(std::string_view name, WallTime value) { return json_.time(name, value), *this; }
  FrameWriter& time(std::string_view name, std::optional<WallTime> value) { return json_.time(name, value), *this; }
  // For what is nested.
  [[nodiscard]] JsonWriter& json() { return json_; }

  // Once, last.
  [[nodiscard]] SharedFrame finish() { return std::move(frame_); }

 private:
  std::shared_ptr<ServerFrame> frame_;
  JsonWriter json_;
};

// {type:"error",id?,code,message,retryable,retryAfterMs?,details?}
[[nodiscard]] SharedFrame error_frame(std::string_view id, const Failure& failure);

}  // namespace signaling::protocol
