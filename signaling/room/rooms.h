// Rooms: every room there is, and what its members hear of each other.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "signaling/room/core.h"
#include "signaling/room/room.h"

namespace signaling::room {

class Rooms {
 public:
  explicit Rooms(Core& core) : core_(core) {}

  [[nodiscard]] Room* find(std::string_view meeting_id);
  [[nodiscard]] Room* find_conversation(std::string_view conversation_id);
  // The room of that meeting, made if there is none. It goes when the last one leaves.
  Room& open(const MeetingFacts& facts);
  void remove_if_empty(Room& room);

  // Adds the session and tells the others.
  Member& enter(Room& room, Session& session, const Admission& admission, const JoinMeeting& wish);
  // Takes the member out and tells the others and the services. The room may be gone afterwards.
  void depart(Member& member, protocol::LeaveReason reason);

  void broadcast(Room& room, const protocol::SharedFrame& frame, const Member* except = nullptr);
  void broadcast_volatile(Room& room, const protocol::SharedFrame& frame, const Member* except = nullptr);
  void to_moderators(Room& room, const protocol::SharedFrame& frame);
  // A room-state change: rev + 1 (G6), and `write` adds what changed.
  template <class Write>
  void update_peer(Member& peer, Write write) {
    protocol::FrameWriter frame(protocol::ServerType::peer_updated);
    frame.text("peerId", peer.peer_id);
    write(frame);
    broadcast(peer.room, frame.integer("rev", next_rev(peer.room)).finish());
    show_seat(peer);
  }
  template <class Write>
  void update_room(Room& room, Write write) {
    protocol::FrameWriter frame(protocol::ServerType::room_updated);
    write(frame);
    broadcast(room, frame.integer("rev", next_rev(room)).finish());
  }
  // Gives a role and says so; the one concerned also hears his permissions (G54).
  void set_role(Member& member, protocol::Role role);
  // The requests that are open, to a host who has not seen them.
  void show_requests(Member& moderator);
  void announce_request(Room& room, const JoinRequest& request);
  // It is open no more: approved, denied, cancelled, expired. Nothing when it was not known.
  void close_request(Room& room, const std::string& request_id, std::string_view status, std::string_view by);
  void on_away(Session& session);
  void on_back(Session& session);
  // Set by the hub: the person's session is in that room's conversation no more, and nobody takes its place.
  std::function<void(const std::string& person_id, const std::string& conversation_id)> on_departed;

  [[nodiscard]] const std::unordered_map<std::string, std::unique_ptr<Room>>& all() const { return rooms_; }

 private:
  void show_seat(const Member& member);
  static std::int64_t next_rev(Room& room) { return static_cast<std::int64_t>(++room.rev); }
  void announce(const Member& newcomer);
  void say_left(Room& room, const Member& gone, protocol::LeaveReason reason);
  void stop_recording(Room& room);
  void find_successor(Room& room);
  void to_alias_clients(Room& room, protocol::ServerType type, const Member& about);

  Core& core_;
  std::unordered_map<std::string, std::unique_ptr<Room>> rooms_;  // by meeting id
  std::unordered_map<std::string, Room*> by_conversation_;
  std::uint64_t last_seat_ = 0;
};

}  // namespace signaling::room
