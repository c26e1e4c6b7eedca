#include "signaling/room/room.h"

#include <algorithm>

namespace signaling::room {

using protocol::FrameWriter;
using protocol::JsonWriter;
using protocol::ServerType;

Member* Room::find(std::string_view peer_id) const {
  const auto found = by_peer.find(std::string(peer_id));
  return found == by_peer.end() ? nullptr : found->second;
}

Member* Room::find_person(std::string_view person_id) const {
  for (const auto& member : members) {
    if (member->session->person.id == person_id) return member.get();
  }
  return nullptr;
}

Member* Room::find_participant(std::int64_t participant_id) const {
  for (const auto& member : members) {
    if (member->participant_id == participant_id) return member.get();
  }
  return nullptr;
}

void write_media(JsonWriter& out, const protocol::MediaState& media) {
  out.begin_object();
  out.boolean("audio", media.audio).boolean("video", media.video).boolean("screen", media.screen);
  if (!media.tracks.empty()) out.raw("tracks", media.tracks);
  out.end_object();
}

void write_peer(JsonWriter& out, const Member& peer, Part readers_part) {
  out.begin_object();
  out.text("peerId", peer.peer_id);
  out.text("userId", peer.session->person.id);
  out.text("name", peer.name);
  out.text("role", to_string(peer.role));
  write_media(out.key("media"), peer.media);
  out.boolean("hand", peer.hand);
  out.boolean("polite", readers_part == Part::newcomer);
  out.boolean("initiator", readers_part == Part::newcomer);
  if (peer.away) out.boolean("away", true);
  out.end_object();
}

void write_settings(JsonWriter& out, const protocol::MeetingSettings& settings) {
  out.begin_object();
  out.boolean("waitingRoom", settings.waiting_room);
  out.boolean("allowUnmute", settings.allow_unmute);
  out.boolean("allowScreenShare", settings.allow_screen_share);
  out.boolean("enableChat", settings.enable_chat);
  out.boolean("enableReactions", settings.enable_reactions);
  out.integer("maxParticipants", settings.max_participants);
  out.boolean("joinBeforeHost", settings.join_before_host);
  out.end_object();
}

void write_permissions(JsonWriter& out, const Member& of, const HubSettings& settings) {
  const bool host = of.role == protocol::Role::host;
  const bool moderator = of.is_moderator();
  const protocol::MeetingSettings& allowed = of.room.facts.settings;
  const std::pair<std::string_view, bool> bits[] = {
      {"chat", moderator || allowed.enable_chat},
      {"react", moderator || allowed.enable_reactions},
      {"screen", moderator || allowed.allow_screen_share},
      {"audio", moderator || !of.muted || allowed.allow_unmute},
      {"video", true},
      {"record", host},
      {"admit", moderator},
      {"mute", moderator},
      {"kick", moderator},
      {"settings", moderator},
      {"role", host},
      {"end", host || (moderator && settings.co_hosts_end)},
  };
  out.begin_array();
  for (const auto& [name, granted] : bits) {
    if (granted) out.text(name);
  }
  out.end_array();
}

void write_request(JsonWriter& out, const JoinRequest& request) {
  out.begin_object();
  out.text("requestId", request.request_id);
  out.text("name", request.name);
  out.text_or_null("userId", request.user_id);
  out.boolean("guest", request.is_guest);
  out.text("reason", to_string(request.reason));
  out.time("requestedAt", request.requested_at);
  out.end_object();
}

void write_page(JsonWriter& out, const ChatPage& page, PageEnd keep) {
  constexpr std::size_t most_bytes = 256 * 1024;
  std::vector<std::string> lines;
  std::size_t bytes = 0;
  bool all = true;
  const std::size_t count = page.lines.size();
  for (std::size_t i = 0; i < count && all; ++i) {
    std::string text;
    JsonWriter line(text);
    line.begin_object();
    write_members(line, page.lines[keep == PageEnd::newest ? count - 1 - i : i]);
    line.end_object();
    bytes += text.size() + 1;
    all = bytes <= most_bytes;
    if (all) lines.push_back(std::move(text));
  }
  if (keep == PageEnd::newest) std::reverse(lines.begin(), lines.end());
  out.text("conversationId", page.conversation_id);
  out.integer("epoch", page.epoch);
  out.integer("lastSeq", page.last_seq);
  out.key("messages").begin_array();
  for (const std::string& line : lines) out.raw(line);
  out.end_array();
  out.boolean("complete", page.complete && all);
}

namespace {

void write_room(JsonWriter& out, const Room& room) {
  out.begin_object();
  out.text("kind", room.is_call ? "call" : "meeting");
  out.text("title", room.facts.title);
  out.text("status", to_string(room.facts.status));
  out.boolean("locked", room.facts.locked);
  out.boolean("recording", room.facts.recording);
  write_settings(out.key("settings"), room.facts.settings);
  out.time("startedAt", room.facts.started_at);
  out.text_or_null("spotlight", room.spotlight);
  out.end_object();
}

}  // namespace

protocol::SharedFrame joined_frame(std::string_view id, const Member& self, const Admission& admission,
                                   const HubSettings& settings) {
  const Room& room = self.room;
  FrameWriter frame(ServerType::joined, id);
  JsonWriter& out = frame.json();
  out.text("meetingId", room.facts.meeting_id).text("code", room.facts.code).text("roomId", room.facts.meeting_id);
  out.text("selfId", self.peer_id).text("role", to_string(self.role));
  write_permissions(out.key("permissions"), self, settings);
  out.integer("rev", static_cast<std::int64_t>(room.rev));
  write_room(out.key("room"), room);
  out.key("peers").begin_array();
  for (const auto& peer : room.members) {
    // Towards one who came later the reader is the earlier one: so it is after a silent replace (G41).
    if (peer.get() != &self) write_peer(out, *peer, peer->seat < self.seat ? Part::newcomer : Part::earlier);
  }
  out.end_array();
  out.raw("iceServers", admission.ice.servers).integer("iceTtl", admission.ice.ttl_s);
  out.text("iceTransportPolicy", room.facts.relay_only ? "relay" : "all");
  out.key("chat").begin_object();
  write_page(out, admission.chat, PageEnd::newest);
  out.end_object();
  return frame.finish();
}

}  // namespace signaling::room
