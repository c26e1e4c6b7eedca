#include "signaling/gateway/meet_namespace.h"

#include <utility>

#include "signaling/protocol/json_writer.h"
#include "signaling/protocol/text_length.h"
#include "signaling/service/rate_limits.h"

namespace signaling::gateway {
namespace {

using protocol::ErrorCode;
using protocol::JsonMembers;
using protocol::JsonWriter;
using protocol::ServerType;
using socketio::Event;
using socketio::SocketKey;

constexpr std::size_t kMostEarlyEvents = 32;

bool is_relayed(std::string_view event) {
  return event == "offer" || event == "answer" || event == "description" || event == "ice-candidate";
}

// The member that holds what is relayed, in the client's words and in signald.v1's.
struct Spelling {
  std::string_view theirs, ours;
};
Spelling spelling(std::string_view event) {
  if (event == "ice-candidate") return {"candidate", "candidate"};
  if (event == "answer") return {"sdp", "answer"};
  return {"sdp", event == "description" ? std::string_view("description") : std::string_view("offer")};
}

}  // namespace

void MeetNamespace::on_connect(const socketio::Arrival& arrival) {
  Guest guest{
      arrival.socket, arrival.sid, service::address_key(arrival.handshake.client), {}, {}, false, false, {}, {}, {}};
  const std::string token = token_of(arrival);
  guest.is_known = token.empty();
  guests_.emplace(arrival.socket, std::move(guest));
  if (token.empty()) return;
  // With a token that is not good one is a guest, as without.
  door_.authenticate(token, [this, socket = arrival.socket](protocol::Outcome<room::Person> who) {
    become_known(socket, who ? std::optional(std::move(*who)) : std::nullopt);
  });
}

void MeetNamespace::become_known(SocketKey socket, std::optional<room::Person> account) {
  Guest* guest = find(socket);
  if (!guest) return;
  guest->account = std::move(account);
  guest->is_known = true;
  // The hub closes it when the token is revoked or expires (G107).
  if (guest->account) connect(*guest, *guest->account);
  for (const Event& event : std::exchange(guest->early, {}))
    if (Guest* still = find(socket)) handle(*still, event);
}

void MeetNamespace::on_event(SocketKey socket, Event event) {
  Guest* guest = find(socket);
  if (!guest) return;
  if (guest->is_known) return handle(*guest, event);
  if (guest->early.size() >= kMostEarlyEvents) return sockets_.drop(socket);
  guest->early.push_back(std::move(event));
}

void MeetNamespace::on_disconnect(SocketKey socket, socketio::EndReason) {
  const Guest* guest = find(socket);
  if (!guest) return;
  if (guest->connection.value != 0) {
    door_.disconnect(guest->connection);
    by_connection_.erase(guest->connection);
  }
  guests_.erase(socket);
}

void MeetNamespace::connect(Guest& guest, room::Person person) {
  guest.connection = door_.connect(*this, {guest.address, std::move(person), guest.sid});
  by_connection_.emplace(guest.connection, guest.socket);
}

void MeetNamespace::handle(Guest& guest, const Event& event) {
  if (guest.is_over) return refuse(guest, event.ack_id, refused(ErrorCode::unauthenticated));
  if (event.name == "join") return join(guest, event);
  if (is_relayed(event.name)) return relay(guest, event);
  acknowledge(guest.socket, event.ack_id, error_ack(refused(ErrorCode::unknown_type)));
}

void MeetNamespace::join(Guest& guest, const Event& event) {
  const JsonMembers wish = object_argument(event);
  const std::string meeting = word(wish, "meetingId");
  std::string name = word(wish, "name");
  if (meeting.empty()) return refuse(guest, event.ack_id, refused(ErrorCode::bad_request, "meetingId is missing"));
  if (!guest.account && !door_.guests_allowed())
    return refuse(guest, event.ack_id, refused(ErrorCode::forbidden, "Guests are not allowed here"));
  if (name.empty() && !guest.account) name = "Guest";
  if (guest.connection.value == 0) connect(guest, nobody_of(guest, name));
  guest.meeting = meeting;
  std::string request = open_request("join");
  JsonWriter json(request);
  json.text("meetingId", meeting);
  if (!name.empty()) json.text("name", name);
  for (const auto* member : {"password", "invite_token"})
    if (const std::string value = word(wish, member); !value.empty()) json.text(member, value);
  const auto then = [this, socket = guest.socket, ack = event.ack_id](const Heard& reply) {
    on_join_reply(socket, ack, reply);
  };
  door_.say(guest.connection, guest.calls.add(std::move(request), then));
}

void MeetNamespace::on_join_reply(SocketKey socket, const std::optional<std::uint64_t>& ack_id, const Heard& reply) {
  Guest* guest = find(socket);
  if (!guest) return;
  if (!reply.is_error()) {
    tell(*guest, reply);
    return acknowledge(socket, ack_id, kOk);
  }
  const Refused why = refused(reply);
  if (why.code == to_string(ErrorCode::meeting_not_found))
    emit(*guest, "meeting-not-found", text_object("meetingId", guest->meeting));
  refuse(*guest, ack_id, why);
}

// Names are display names here: nobody owns one, and two may have the same (G98).
room::Person MeetNamespace::nobody_of(const Guest& guest, const std::string& name) {
  room::Person person;
  person.id = "g:" + guest.sid;
  person.is_guest = true;
  person.name = name;
  person.username = name;
  return person;
}

void MeetNamespace::relay(Guest& guest, const Event& event) {
  if (guest.meeting.empty()) return refuse(guest, event.ack_id, refused(ErrorCode::not_joined));
  const JsonMembers message = object_argument(event);
  const Spelling spelt = spelling(event.name);
  auto value = message.find(spelt.theirs);
  if (!value) value = message.find(spelt.ours);
  if (!value)
    return refuse(guest, event.ack_id, refused(ErrorCode::bad_request, std::string(spelt.theirs) + " is missing"));
  std::string request = open_request(event.name);
  JsonWriter(request).raw(spelt.ours, *value);
  if (const std::string to = word(message, "to"); !to.empty()) JsonWriter(request).text("targetId", to);
  relay_one(guest, std::move(request), event.ack_id);
}

void MeetNamespace::relay_one(Guest& guest, std::string request, std::optional<std::uint64_t> ack_id) {
  const auto then = [this, socket = guest.socket, ack_id](const Heard& reply) {
    Guest* sender = find(socket);
    if (!sender) return;
    if (reply.is_error()) return refuse(*sender, ack_id, refused(reply));
    acknowledge(socket, ack_id, kOk);
  };
  door_.say(guest.connection, guest.calls.add(std::move(request), then));
}

void MeetNamespace::on_frame(room::ConnectionId connection, const protocol::SharedFrame& frame) {
  Guest* guest = find(connection);
  if (!guest) return;
  const Heard heard(*frame);
  const SocketKey socket = guest->socket;
  if (guest->calls.take(heard)) return;
  if (const Guest* still = find(socket)) tell(*still, heard);
}

void MeetNamespace::on_closed(room::ConnectionId connection, std::uint16_t, std::string_view) {
  Guest* guest = find(connection);
  if (!guest) return;
  by_connection_.erase(connection);
  guest->connection = {};
  guest->is_over = true;
  sockets_.disconnect(guest->socket);
}

// What /meet has a word for. Who is away shows only when he is gone for good (G79f).
void MeetNamespace::tell(const Guest& guest, const Heard& heard) {
  if (heard.type == ServerType::joined) return tell_joined(guest, heard);
  if (heard.type == ServerType::offer) return tell_relayed(guest, "offer", heard, "offer");
  if (heard.type == ServerType::answer) return tell_relayed(guest, "answer", heard, "answer");
  if (heard.type == ServerType::ice_candidate) return tell_relayed(guest, "ice-candidate", heard, "candidate");
  if (heard.type == ServerType::description) {
    const bool is_answer = word(members_of(heard.json("description")), "type") == "answer";
    return tell_relayed(guest, is_answer ? "answer" : "offer", heard, "description");
  }
  if (heard.type == ServerType::peer_joined) {
    const std::string_view peer = heard.json("peer");
    if (protocol::is_json_object(peer))
      emit(guest, "peer-joined", text_object("clientId", word(members_of(peer), "peerId")));
  } else if (heard.type == ServerType::peer_left) {
    emit(guest, "peer-left", text_object("clientId", heard.text("peerId")));
  } else if (heard.type == ServerType::waiting) {
    std::string waits;
    JsonWriter json(waits);
    json.begin_object().text("requestId", heard.text("requestId")).text("reason", heard.text("reason")).end_object();
    emit(guest, "waiting", waits);
  } else if (heard.type == ServerType::denied) {
    const std::string reason = heard.text("reason");
    const auto code = protocol::error_code(reason).value_or(ErrorCode::request_denied);
    emit(guest, "error", error_event(refused(code)));
  } else if (heard.type == ServerType::meeting_ended) {
    std::string ended;
    JsonWriter json(ended);
    json.begin_object().raw("endedBy", heard.json("endedBy")).text("message", heard.text("message")).end_object();
    emit(guest, "meeting-ended", ended);
  } else if (heard.type == ServerType::error) {
    emit(guest, "error", error_event(refused(heard)));
  }
}

void MeetNamespace::tell_joined(const Guest& guest, const Heard& joined) {
  std::string text;
  JsonWriter json(text);
  json.begin_object().text("joined", guest.meeting).text("clientId", joined.text("selfId"));
  json.key("peers").begin_array();
  const auto peers = protocol::json_elements(joined.json("peers"));
  for (const std::string_view peer : peers.value_or(std::vector<std::string_view>{}))
    if (protocol::is_json_object(peer)) json.text(word(members_of(peer), "peerId"));
  json.end_array().end_object();
  emit(guest, "joined", text);
}

// Candidates that came together are delivered one by one.
void MeetNamespace::tell_relayed(const Guest& guest, std::string_view event, const Heard& heard,
                                 std::string_view from_member) {
  const std::string_view member = event == "ice-candidate" ? "candidate" : "sdp";
  const std::string_view value = heard.json(from_member);
  const auto deliver = [&](std::string_view one) {
    std::string relayed;
    relayed.reserve(one.size() + 64);
    JsonWriter(relayed).begin_object().text("from", heard.text("fromId")).raw(member, one).end_object();
    emit(guest, event, relayed);
  };
  const auto candidates = event == "ice-candidate" ? protocol::json_elements(value) : std::nullopt;
  if (!candidates) return deliver(value);
  for (const std::string_view candidate : *candidates) deliver(candidate);
}

void MeetNamespace::emit(const Guest& guest, std::string_view event, std::string_view argument) {
  sockets_.send(guest.socket, socketio::make_event(kName, event, argument));
}

void MeetNamespace::acknowledge(SocketKey socket, const std::optional<std::uint64_t>& ack_id, std::string_view result) {
  if (ack_id) sockets_.acknowledge(socket, *ack_id, result);
}

void MeetNamespace::refuse(Guest& guest, const std::optional<std::uint64_t>& ack_id, const Refused& why) {
  emit(guest, "error", error_event(why));
  acknowledge(guest.socket, ack_id, error_ack(why));
}

MeetNamespace::Guest* MeetNamespace::find(SocketKey socket) {
  const auto found = guests_.find(socket);
  return found == guests_.end() ? nullptr : &found->second;
}

MeetNamespace::Guest* MeetNamespace::find(room::ConnectionId connection) {
  const auto found = by_connection_.find(connection);
  return found == by_connection_.end() ? nullptr : find(found->second);
}

}  // namespace signaling::gateway
