#include "signaling/room/relay.h"

#include <boost/json/parse.hpp>

#include "signaling/protocol/json_members.h"
#include "signaling/protocol/text_length.h"

namespace signaling::room {
namespace {

using protocol::ErrorCode;
using protocol::failure;
using protocol::FrameWriter;
using protocol::SdpType;
using protocol::ServerType;

constexpr std::size_t kLongestTopic = 64;

struct Spelling {
  ServerType type;
  std::string_view field;
};

Spelling spelling(protocol::RelayKind kind) {
  switch (kind) {
    case protocol::RelayKind::offer:
      return {ServerType::offer, "offer"};
    case protocol::RelayKind::answer:
      return {ServerType::answer, "answer"};
    case protocol::RelayKind::description:
      return {ServerType::description, "description"};
    case protocol::RelayKind::ice_candidate:
      return {ServerType::ice_candidate, "candidate"};
  }
  return {ServerType::offer, "offer"};
}

void write_hand(FrameWriter& out, const Member& member) { out.boolean("hand", member.hand); }

}  // namespace

Member* Relay::speaker(Session& session, const Asker& asker) {
  if (session.member == nullptr) core_.fail(asker, session.waiting ? ErrorCode::waiting : ErrorCode::not_joined);
  return session.member;
}

// Without a target: the only other one (004's front end never names one, G44).
Member* Relay::target(const Member& from, const std::string& target_id, const Asker& asker) {
  const Room& room = from.room;
  if (target_id.empty()) {
    if (room.members.size() == 2) return room.members[room.members[0].get() == &from ? 1 : 0].get();
    core_.fail(asker, ErrorCode::target_required);
    return nullptr;
  }
  Member* const found = room.find(target_id);
  if (found != nullptr && found != &from) return found;
  core_.fail(asker, ErrorCode::peer_not_found);
  return nullptr;
}

void Relay::relay(Session& session, const Asker& asker, const protocol::Relay& message) {
  session.hears_user_joined |= message.alias;
  Member* const from = speaker(session, asker);
  if (from == nullptr) return;
  Member* const to = target(*from, message.target_id, asker);
  if (to == nullptr) return;
  if (lost_to_glare(*from, *to, message.sdp)) {
    if (asker.id.empty()) return;
    FrameWriter ok(ServerType::ok, asker.id);
    return core_.reply(asker, ok.boolean("dropped", true).finish());
  }
  const Spelling spelt = spelling(message.kind);
  FrameWriter frame(spelt.type);
  frame.text("fromId", from->peer_id).text("targetId", to->peer_id).raw(spelt.field, message.value);
  if (!message.n.empty()) frame.raw("n", message.n);
  core_.push(*to->session, frame.finish());
  ++core_.counts.relayed;
  core_.ok(asker);
}

// While a newcomer's offer is unanswered, an offer of the earlier member to him is dropped, unless the earlier member
// does perfect negotiation and so waits for none of this (G45).
bool Relay::lost_to_glare(Member& from, Member& to, SdpType sdp) {
  if (sdp != SdpType::offer && sdp != SdpType::answer) return false;
  const bool from_newcomer = from.seat > to.seat;
  auto& outstanding = from.room.outstanding;
  if (from_newcomer) {
    if (sdp == SdpType::offer)
      outstanding[{from.peer_id, to.peer_id}] = core_.now.monotonic + core_.settings.glare_timeout;
    return false;
  }
  const auto offer = outstanding.find({to.peer_id, from.peer_id});
  if (offer == outstanding.end()) return false;
  const bool stands = sdp == SdpType::offer && offer->second > core_.now.monotonic;
  if (stands) return !from.session->perfect_negotiation;
  outstanding.erase(offer);
  return false;
}

void Relay::data(Session& session, const Asker& asker, const protocol::Data& data) {
  Member* const from = speaker(session, asker);
  if (from == nullptr) return;
  if (data.payload.size() > core_.settings.payload_bytes || protocol::characters(data.topic) > kLongestTopic)
    return core_.fail(asker, ErrorCode::too_large);
  Member* const to = data.target_id.empty() ? nullptr : target(*from, data.target_id, asker);
  if (to == nullptr && !data.target_id.empty()) return;
  FrameWriter writer(ServerType::data);
  writer.text("fromId", from->peer_id).text("topic", data.topic).raw("payload", data.payload);
  const protocol::SharedFrame frame = writer.finish();
  if (to != nullptr)
    data.is_volatile ? core_.push_volatile(*to->session, frame) : core_.push(*to->session, frame);
  else
    data.is_volatile ? rooms_.broadcast_volatile(from->room, frame, from) : rooms_.broadcast(from->room, frame, from);
  core_.ok(asker);
}

// Of nobody's peer.
void Relay::on_notice(const DataSent& notice) {
  Room* const room = rooms_.find(notice.meeting_id);
  if (room == nullptr) return;
  FrameWriter writer(ServerType::data);
  writer.null("fromId").text("topic", notice.topic).raw("payload", notice.payload);
  const protocol::SharedFrame frame = writer.finish();
  if (notice.participant_id == 0) return rooms_.broadcast(*room, frame);
  if (Member* const to = room->find_participant(notice.participant_id)) core_.push(*to->session, frame);
}

void Relay::media(Session& session, const Asker& asker, const protocol::Media& media) {
  Member* const member = speaker(session, asker);
  if (member == nullptr) return;
  const protocol::MeetingSettings& allowed = member->room.facts.settings;
  const bool free = member->is_moderator();
  if (media.change.screen.value_or(false) && !free && !allowed.allow_screen_share)
    return core_.fail(asker, ErrorCode::screen_share_disabled);
  if (media.change.audio.value_or(false) && !free && member->muted && !allowed.allow_unmute)
    return core_.fail(asker, failure(ErrorCode::forbidden, "A host has muted you"));
  if (media.change.audio.value_or(false)) member->muted = false;
  member->media = protocol::changed(member->media, media.change);
  rooms_.update_peer(*member, [&](FrameWriter& out) { write_media(out.json().key("media"), member->media); });
  core_.ok(asker);
}

void Relay::hand(Session& session, const Asker& asker, const protocol::Hand& hand) {
  Member* const member = speaker(session, asker);
  if (member == nullptr) return;
  member->hand = hand.raised;
  rooms_.update_peer(*member, [&](FrameWriter& out) { write_hand(out, *member); });
  FrameWriter frame(ServerType::hand);
  rooms_.broadcast(member->room, frame.text("peerId", member->peer_id).boolean("raised", hand.raised).finish());
  core_.ok(asker);
}

void Relay::reaction(Session& session, const Asker& asker, const protocol::Reaction& reaction) {
  Member* const member = speaker(session, asker);
  if (member == nullptr) return;
  if (!member->room.facts.settings.enable_reactions && !member->is_moderator())
    return core_.fail(asker, ErrorCode::reactions_disabled);
  FrameWriter frame(ServerType::reaction);
  frame.text("fromId", member->peer_id).text("kind", reaction.kind);
  rooms_.broadcast_volatile(member->room, frame.finish(), member);
  core_.ok(asker);
}

void Relay::caption(Session& session, const Asker& asker, const protocol::Caption& caption) {
  Member* const member = speaker(session, asker);
  if (member == nullptr) return;
  FrameWriter writer(ServerType::caption);
  writer.text("fromId", member->peer_id).text("text", caption.text).boolean("final", caption.final);
  const protocol::SharedFrame frame = writer.finish();
  caption.final ? rooms_.broadcast(member->room, frame, member)
                : rooms_.broadcast_volatile(member->room, frame, member);
  core_.ok(asker);
}

// Goes to the metrics, never to others; peers that are not here are left out (G49a).
void Relay::stats(Session& session, const Asker& asker, const protocol::PeerStats& stats) {
  Member* const member = speaker(session, asker);
  if (member == nullptr) return;
  const auto peers = protocol::JsonMembers::parse(stats.peers);
  std::string known;
  protocol::JsonWriter out(known);
  out.begin_object().text("from", member->peer_id).key("peers").begin_object();
  for (std::size_t i = 0; peers && i < peers->size(); ++i) {
    const Member* const peer = member->room.find(peers->key_at(i));
    if (peer != nullptr && peer != member) out.raw(peers->key_at(i), peers->value_at(i));
  }
  out.end_object().end_object();
  boost::system::error_code error;
  boost::json::value data = boost::json::parse(known, error);
  core_.note("peer_stats", session, error ? boost::json::object() : std::move(data.get_object()));
  core_.ok(asker);
}

}  // namespace signaling::room
