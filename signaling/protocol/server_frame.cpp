#include "signaling/protocol/server_frame.h"

#include <array>
#include <boost/json/serialize.hpp>

namespace signaling::protocol {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 50> kNames = {
    "hello",
    "auth-ok",
    "ok",
    "error",
    "pong",
    "joined",
    "waiting",
    "admitted",
    "denied",
    "peer-joined",
    "peer-updated",
    "peer-away",
    "peer-back",
    "peer-left",
    "offer",
    "answer",
    "description",
    "ice-candidate",
    "ice-update",
    "chat",
    "chat-edited",
    "chat-deleted",
    "chat-reacted",
    "chat-cleared",
    "chat-read",
    "conversation-changed",
    "typing",
    "reaction",
    "hand",
    "data",
    "caption",
    "room-updated",
    "meeting-started",
    "meeting-ended",
    "join-request",
    "join-request-handled",
    "invited",
    "call",
    "moderation",
    "recording",
    "notification",
    "presence",
    "log",
    "stats",
    "auth-expiring",
    "going-away",
    "bye",
    "user_joined",
    "user_left",
    "message",
};
static_assert(kNames.size() == static_cast<std::size_t>(ServerType::message) + 1);

}  // namespace

std::string_view to_string(ServerType type) { return kNames[static_cast<std::size_t>(type)]; }

std::string tail(std::uint64_t s) {
  if (s == 0) return "}";
  return ",\"s\":" + std::to_string(s) + "}";
}

std::string whole_text(const ServerFrame& frame, std::uint64_t s) { return frame.body + tail(s); }

FrameWriter::FrameWriter(ServerType type)
    : frame_(std::make_shared<ServerFrame>(ServerFrame{type, std::string()})), json_(frame_->body) {
  json_.begin_object().text("type", to_string(type));
}

FrameWriter::FrameWriter(ServerType type, std::string_view id) : FrameWriter(type) {
  if (!id.empty()) json_.raw("id", id);
}

SharedFrame error_frame(std::string_view id, const Failure& failure) {
  FrameWriter frame(ServerType::error, id);
  frame.text("code", to_string(failure.code));
  frame.text("message", failure.message.empty() ? default_message(failure.code) : failure.message);
  frame.boolean("retryable", retryable(failure.code));
  if (failure.retry_after) frame.integer("retryAfterMs", failure.retry_after->count());
  if (!failure.details.empty()) frame.raw("details", boost::json::serialize(failure.details));
  return frame.finish();
}

}  // namespace signaling::protocol
