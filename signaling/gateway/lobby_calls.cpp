#include "signaling/gateway/lobby_calls.h"

#include <utility>

namespace signaling::gateway {
namespace {

namespace json = boost::json;
using protocol::ErrorCode;
using socketio::Event;

// The member that is passed on; empty for events that carry nothing.
std::string_view payload_of(std::string_view event) {
  if (event == "webrtc-signal") return "signal";
  if (event == "call-offer") return "offer";
  if (event == "call-answer") return "answer";
  if (event == "ice-candidate") return "candidate";
  return {};
}

bool is_ending(std::string_view event) { return event == "call-end" || event == "call-declined"; }

// Candidates may still be on their way when a call is over: they begin none.
bool begins_call(std::string_view event, const json::object& message) {
  if (event == "call-offer" || event == "call-answer") return true;
  const json::value* signal = message.if_contains("signal");
  if (event != "webrtc-signal" || !signal || !signal->is_object()) return false;
  const std::string type = word(signal->get_object(), "type");
  return type == "offer" || type == "answer";
}

}  // namespace

bool LobbyCalls::is_signal(std::string_view event) { return is_ending(event) || !payload_of(event).empty(); }

void LobbyCalls::on_signal(Visitor& from, const Event& event) {
  if (!from.is_in_lobby()) return floor_.refuse(from, event.ack_id, refused(ErrorCode::not_joined, "Join first"));
  if (!from.budget.take(signals_per_second_, floor_.door.now()))
    return floor_.refuse(from, event.ack_id, refused(ErrorCode::rate_limited));
  const std::string target = word(object_argument(event), "target");
  Visitor* to = target.empty() ? nullptr : people_.find(target);
  if (target.empty() && event.name == "call-end") return end(from, nullptr, event);
  if (!to) return floor_.refuse(from, event.ack_id, refused(ErrorCode::not_found, "There is nobody of that name"));
  is_ending(event.name) ? end(from, to, event) : relay(from, *to, event);
}

// What is opaque goes on as it is; whom it is from is the server's word.
void LobbyCalls::relay(Visitor& from, Visitor& to, const Event& event) {
  const json::object& message = object_argument(event);
  const std::string_view member = payload_of(event.name);
  const json::value* payload = message.if_contains(member);
  if (!payload)
    return floor_.refuse(from, event.ack_id, refused(ErrorCode::bad_request, std::string(member) + " is missing"));
  if (begins_call(event.name, message)) begin(from, to);
  floor_.emit(to, event.name, json::object{{"from", from.name}, {member, *payload}});
  floor_.acknowledge(from, event.ack_id);
}

// Older clients end a call without saying whose.
void LobbyCalls::end(Visitor& from, Visitor* to, const Event& event) {
  if (!to && from.partner) to = floor_.find(*from.partner);
  if (to) {
    floor_.emit(*to, event.name, json::object{{"from", from.name}});
    part(from, *to);
  }
  floor_.acknowledge(from, event.ack_id);
}

void LobbyCalls::hang_up(Visitor& visitor) {
  if (!visitor.partner) return;
  if (Visitor* partner = floor_.find(*visitor.partner)) {
    floor_.emit(*partner, "call-end", json::object{{"from", visitor.name}});
    part(visitor, *partner);
  }
}

void LobbyCalls::begin(Visitor& from, Visitor& to) {
  from.partner = to.socket;
  if (!to.partner) to.partner = from.socket;
}

void LobbyCalls::part(Visitor& from, Visitor& to) {
  if (from.partner == to.socket) from.partner.reset();
  if (to.partner == from.socket) to.partner.reset();
}

}  // namespace signaling::gateway
