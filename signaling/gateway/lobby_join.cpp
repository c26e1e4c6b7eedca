#include <utility>

#include "signaling/gateway/lobby_namespace.h"
#include "signaling/protocol/json_writer.h"

namespace signaling::gateway {
namespace {

using namespace std::chrono_literals;
using protocol::ErrorCode;
using socketio::Event;
using socketio::SocketKey;

// How long the holder of a name has to show that he is still there (G90a).
constexpr auto kProbeTime = 2s;

// 3 to 20 of [A-Za-z0-9_-] (G90).
bool is_username(std::string_view name) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return name.size() >= 3 && name.size() <= 20 && name.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::string wanted_name(const Event& event) {
  if (auto name = protocol::json_string(first_argument(event))) return std::move(*name);
  return word(object_argument(event), "username");
}

}  // namespace

// An account has its own name in the lobby, whatever the page sends.
void LobbyNamespace::join(Visitor& visitor, const Event& event) {
  std::string name = wanted_name(event);
  if (visitor.account) name = visitor.account->username.empty() ? visitor.account->name : visitor.account->username;
  if (visitor.is_in_lobby() && visitor.name != name)
    return floor_.refuse(visitor, event.ack_id, refused(ErrorCode::already_joined));
  if (visitor.is_in_lobby()) {
    people_.show_users(visitor);
    return floor_.acknowledge(visitor, event.ack_id);
  }
  visitor.is_joining = true;
  if (visitor.account) return subscribe(visitor, name, event.ack_id);
  if (!floor_.door.guests_allowed())
    return refuse_join(visitor, event.ack_id, refused(ErrorCode::forbidden, "Guests are not allowed here"));
  if (!is_username(name))
    return refuse_join(visitor, event.ack_id,
                       refused(ErrorCode::bad_request, "A username has 3 to 20 of A-Z, a-z, 0-9, _ and -"));
  join_as_guest(visitor, {std::move(name), event.ack_id});
}

void LobbyNamespace::join_as_guest(Visitor& visitor, const GuestJoin& join) {
  floor_.connect(visitor, *this, std::nullopt);
  std::string request = open_request("auth");
  protocol::JsonWriter(request).raw("guest", text_object("name", join.name));
  floor_.ask(visitor, std::move(request), [this, join](Visitor& guest, const Heard& reply) {
    if (reply.is_error()) return on_guest_refused(guest, join, reply);
    guest.claimed = join.name;
    subscribe(guest, join.name, join.ack_id);
  });
}

// A page that comes back may find its own half-dead socket in possession of its name, or the socket that had it may
// have gone since the hub said so.
void LobbyNamespace::on_guest_refused(Visitor& visitor, GuestJoin join, const Heard& why) {
  floor_.disconnect_from_hub(visitor);
  const bool is_taken = why.text("code") == to_string(ErrorCode::username_taken);
  const Visitor* holder = is_taken ? floor_.holder(join.name) : nullptr;
  const bool is_free_now = is_taken && !holder && !floor_.door.is_name_taken(join.name);
  if (is_free_now && !std::exchange(join.is_second_try, true)) return join_as_guest(visitor, join);
  if (!holder || holder->account) return refuse_join(visitor, join.ack_id, refused(why));
  std::vector<Challenge>& challenges = challenges_[holder->socket];
  challenges.push_back({visitor.socket, std::move(join)});
  if (challenges.size() == 1) floor_.sockets.check_alive(holder->socket, kProbeTime);
}

void LobbyNamespace::subscribe(Visitor& visitor, const std::string& name, const std::optional<std::uint64_t>& ack_id) {
  std::string request = open_request("subscribe");
  protocol::JsonWriter(request).text("conversationId", LobbyFloor::kConversation);
  floor_.ask(visitor, std::move(request), [this, name, ack_id](Visitor& reader, const Heard& reply) {
    if (reply.is_error()) return refuse_join(reader, ack_id, refused(reply));
    chat_.send_history(reader, reply,
                       [this, name, ack_id](Visitor& ready, const Heard&) { enter(ready, name, ack_id); });
  });
}

void LobbyNamespace::enter(Visitor& visitor, const std::string& name, const std::optional<std::uint64_t>& ack_id) {
  visitor.name = name;
  visitor.claimed.clear();
  visitor.is_joining = false;
  people_.enter(visitor);
  floor_.acknowledge(visitor, ack_id);
  run_held(visitor.socket);
}

void LobbyNamespace::refuse_join(Visitor& visitor, const std::optional<std::uint64_t>& ack_id, const Refused& why) {
  visitor.claimed.clear();
  visitor.is_joining = false;
  if (!visitor.account) floor_.disconnect_from_hub(visitor);
  floor_.refuse(visitor, ack_id, why);
  run_held(visitor.socket);
}

std::vector<LobbyNamespace::Challenge> LobbyNamespace::take_challenges(SocketKey holder) {
  auto challenges = challenges_.extract(holder);
  return challenges.empty() ? std::vector<Challenge>() : std::move(challenges.mapped());
}

}  // namespace signaling::gateway
