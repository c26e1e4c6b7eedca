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

// An account's username, whatever the page sends; one without goes by its display name where that can be a username.
void LobbyNamespace::join(Visitor& visitor, const Event& event) {
  std::string name = wanted_name(event);
  if (visitor.owns_name())
    name = visitor.account->username;
  else if (visitor.account && is_username(visitor.account->name))
    name = visitor.account->name;
  if (visitor.is_in_lobby() && visitor.name != name)
    return floor_.refuse(visitor, event.ack_id, refused(ErrorCode::already_joined));
  if (visitor.is_in_lobby()) {
    people_.show_users(visitor);
    return floor_.acknowledge(visitor, event.ack_id);
  }
  visitor.is_joining = true;
  if (visitor.owns_name()) return subscribe(visitor, name, event.ack_id);
  if (!visitor.account && !floor_.door.guests_allowed())
    return refuse_join(visitor, event.ack_id, refused(ErrorCode::forbidden, "Guests are not allowed here"));
  if (!is_username(name))
    return refuse_join(visitor, event.ack_id,
                       refused(ErrorCode::bad_request, "A username has 3 to 20 of A-Z, a-z, 0-9, _ and -"));
  join_under(visitor, {std::move(name), event.ack_id});
}

void LobbyNamespace::join_under(Visitor& visitor, const FreeJoin& join) {
  visitor.account ? join_as_account(visitor, join) : join_as_guest(visitor, join);
}

void LobbyNamespace::join_as_guest(Visitor& visitor, const FreeJoin& join) {
  floor_.connect(visitor, *this, std::nullopt);
  std::string request = open_request("auth");
  protocol::JsonWriter(request).raw("guest", text_object("name", join.name));
  floor_.ask(visitor, std::move(request), [this, join](Visitor& guest, const Heard& reply) {
    if (!reply.is_error()) {
      guest.claimed = join.name;
      return subscribe(guest, join.name, join.ack_id);
    }
    floor_.disconnect_from_hub(guest);
    if (reply.text("code") != to_string(ErrorCode::username_taken))
      return refuse_join(guest, join.ack_id, refused(reply));
    on_name_taken(guest, join, refused(reply));
  });
}

void LobbyNamespace::join_as_account(Visitor& visitor, const FreeJoin& join) {
  floor_.door.find_username(join.name,
                            [this, socket = visitor.socket, join](const protocol::Outcome<std::int64_t>& owner) {
                              if (Visitor* const still = floor_.find(socket)) on_owner(*still, join, owner);
                            });
}

void LobbyNamespace::on_owner(Visitor& visitor, const FreeJoin& join, const protocol::Outcome<std::int64_t>& owner) {
  if (!owner) return refuse_join(visitor, join.ack_id, refused(owner.error().code));
  const bool is_of_another = *owner != 0 && *owner != visitor.account->user_id;
  if (is_of_another) return refuse_join(visitor, join.ack_id, refused(ErrorCode::username_taken));
  if (!floor_.door.take_name(visitor.connection, join.name))
    return on_name_taken(visitor, join, refused(ErrorCode::username_taken));
  visitor.claimed = join.name;
  subscribe(visitor, join.name, join.ack_id);
}

// A page that comes back may find its own half-dead socket in possession of its name, or the socket that had it may
// have gone since the hub said so.
void LobbyNamespace::on_name_taken(Visitor& visitor, FreeJoin join, const Refused& why) {
  const Visitor* holder = floor_.holder(join.name);
  const bool is_free_now = !holder && !floor_.door.is_name_taken(join.name);
  if (is_free_now && !std::exchange(join.is_second_try, true)) return join_under(visitor, join);
  if (!holder || holder->owns_name()) return refuse_join(visitor, join.ack_id, why);
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
