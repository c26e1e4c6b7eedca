// Room: the people in one meeting or call, and what each sees of the others.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "signaling/protocol/server_frame.h"
#include "signaling/room/meeting_facts.h"
#include "signaling/room/session.h"

namespace signaling::room {

struct Room;

struct Member {
  Member(Room& in, Session& of) : room(in), session(&of) {}

  Room& room;
  Session* session;  // never null; may be away
  std::string peer_id;
  std::string name;
  protocol::Role role = protocol::Role::participant;
  protocol::MediaState media;
  bool hand = false;
  bool muted = false;  // by a host: may not unmute where settings forbid it
  bool away = false;
  std::int64_t participant_id = 0;
  std::uint64_t seat = 0;  // counts up: a later joiner has a higher one

  [[nodiscard]] bool is_moderator() const { return protocol::is_moderator(role); }
};

struct Room {
  MeetingFacts facts;
  bool is_call = false;
  bool ending = false;  // asked to end by a member; the answer ends it
  bool closed = false;  // everybody is being sent away: nobody hears of the others' leaving
  int pins = 0;         // kept, though it may be empty for a moment
  std::uint64_t rev = 0;
  std::string spotlight;                         // a peerId; empty: none
  std::string recorder;                          // the peerId of who records; empty: nobody
  std::int64_t call_seq = 0;                     // of the lines of a call, which are not stored
  std::vector<std::unique_ptr<Member>> members;  // longest present first
  std::unordered_map<std::string, Member*> by_peer;
  std::map<std::string, JoinRequest, std::less<>> requests;  // open ones
  std::vector<SessionKey> waiting;
  // Offers of a newcomer that wait for the answer, by (newcomer, earlier member): until when (G45).
  std::map<std::pair<std::string, std::string>, TimePoint> outstanding;

  [[nodiscard]] Member* find(std::string_view peer_id) const;
  [[nodiscard]] Member* find_person(std::string_view person_id) const;
  [[nodiscard]] Member* find_participant(std::int64_t participant_id) const;
  // Nobody needs it.
  [[nodiscard]] bool is_empty() const { return members.empty() && waiting.empty() && pins == 0; }
};

// The part of a peer in a negotiation, told to the one who reads it (G41).
enum class Part : std::uint8_t { newcomer, earlier };

// {peerId,userId,name,role,media,hand,polite,initiator,away?}
void write_peer(protocol::JsonWriter& out, const Member& peer, Part readers_part);
void write_media(protocol::JsonWriter& out, const protocol::MediaState& media);
void write_settings(protocol::JsonWriter& out, const protocol::MeetingSettings& settings);
// The array of names of 2.6.
void write_permissions(protocol::JsonWriter& out, const Member& of, const HubSettings& settings);
void write_request(protocol::JsonWriter& out, const JoinRequest& request);
// Lines of the page from the newest, or from the oldest, as many as fit (G87): {conversationId,epoch,lastSeq,messages}
// members into an open object; `complete` too when asked for.
enum class PageEnd : std::uint8_t { newest, oldest };
void write_page(protocol::JsonWriter& out, const ChatPage& page, PageEnd keep);

// `joined`: the whole of what a newcomer is told. `id`: of the request; empty: a push.
[[nodiscard]] protocol::SharedFrame joined_frame(std::string_view id, const Member& self, const Admission& admission,
                                                 const HubSettings& settings);

}  // namespace signaling::room
