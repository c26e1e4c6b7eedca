#include "signaling/gateway/lobby_calls.h"

#include <utility>

#include "signaling/protocol/json_writer.h"

namespace signaling::gateway {
namespace {

using protocol::ErrorCode;
using protocol::JsonMembers;
using socketio::Event;

// The member that is passed on; empty for events that carry nothing.
std::string_view payload_of(std::string_view event) {
  if (event == "webrtc-signal") return "signal";
  if (event == "call-offer") return "offer";
  if (event == "call-answer") return "answer";
  if (event == "ice-candidate") return "candidate";
  return {};
}

// As the hub calls it for its own calls.
std::string_view ending_note(std::string_view event) {
  return event == "call-declined" ? "call_declined" : "call_ended";
}

bool are_partners(const Visitor& one, const Visitor& other) {
  return one.partner == other.socket || other.partner == one.socket;
}

bool is_ending(std::string_view event) { return event == "call-end" || event == "call-declined"; }

enum class Description : std::uint8_t { none, offer, answer };

// Candidates may still be on their way when a call is over: they begin none.
Description description_in(std::string_view event, std::string_view payload) {
  const std::string type = event == "webrtc-signal" ? word(members_of(payload), "type") : std::string();
  if (event == "call-offer" || type == "offer") return Description::offer;
  return event == "call-answer" || type == "answer" ? Description::answer : Description::none;
}

}  // namespace

bool LobbyCalls::is_signal(std::string_view event) { return is_ending(event) || !payload_of(event).empty(); }

void LobbyCalls::on_signal(Visitor& from, const Event& event) {
  if (!from.is_in_lobby()) return floor_.refuse(from, event.ack_id, refused(ErrorCode::not_joined, "Join first"));
  if (!from.budget.take(signals_per_second_, floor_.door.now()))
    return floor_.refuse(from, event.ack_id, refused(ErrorCode::rate_limited));
  const JsonMembers message = object_argument(event);
  const std::string target = word(message, "target");
  Visitor* to = target.empty() ? nullptr : people_.find(target);
  if (target.empty() && event.name == "call-end") return end(from, nullptr, event);
  if (!to) return floor_.refuse(from, event.ack_id, refused(ErrorCode::not_found, "There is nobody of that name"));
  is_ending(event.name) ? end(from, to, event) : relay(from, *to, event, message);
}

// What is opaque goes on as it is; whom it is from is the server's word.
void LobbyCalls::relay(Visitor& from, Visitor& to, const Event& event, const JsonMembers& message) {
  const std::string_view member = payload_of(event.name);
  const auto payload = message.find(member);
  if (!payload)
    return floor_.refuse(from, event.ack_id, refused(ErrorCode::bad_request, std::string(member) + " is missing"));
  const Description description = description_in(event.name, *payload);
  // Later offers of a call change it only.
  if (description == Description::offer && from.partner != to.socket) floor_.door.note("call_initiated", from.name);
  if (description != Description::none) begin(from, to);
  std::string relayed;
  relayed.reserve(payload->size() + 64);
  protocol::JsonWriter(relayed).begin_object().text("from", from.name).raw(member, *payload).end_object();
  floor_.emit(to, event.name, relayed);
  floor_.acknowledge(from, event.ack_id);
}

// Older clients end a call without saying whose.
void LobbyCalls::end(Visitor& from, Visitor* to, const Event& event) {
  if (!to && from.partner) to = floor_.find(*from.partner);
  if (to) {
    floor_.emit(*to, event.name, text_object("from", from.name));
    if (are_partners(from, *to)) floor_.door.note(ending_note(event.name), from.name);
    part(from, *to);
  }
  floor_.acknowledge(from, event.ack_id);
}

void LobbyCalls::hang_up(Visitor& visitor) {
  if (!visitor.partner) return;
  if (Visitor* partner = floor_.find(*visitor.partner)) {
    floor_.emit(*partner, "call-end", text_object("from", visitor.name));
    floor_.door.note(ending_note("call-end"), visitor.name);
    part(visitor, *partner);
  }
}

void LobbyCalls::begin(Visitor& from, Visitor& to) {
  from.partner = to.socket;
  if (!to.partner || !floor_.find(*to.partner)) to.partner = from.socket;
}

void LobbyCalls::part(Visitor& from, Visitor& to) {
  if (from.partner == to.socket) from.partner.reset();
  if (to.partner == from.socket) to.partner.reset();
}

}  // namespace signaling::gateway
