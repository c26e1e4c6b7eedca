#include "signaling/gateway/door.h"

#include <utility>

#include "signaling/protocol/name_key.h"

namespace signaling::gateway {

room::ConnectionId Door::connect(HubClient& client, Entry entry) {
  auto end = std::make_unique<End>(*this, client);
  room::Opening opening;
  opening.address = std::move(entry.address);
  opening.person = std::move(entry.person);
  opening.peer_id = std::move(entry.peer_id);
  opening.greets = opening.resumable = false;
  const room::ConnectionId id = parts_.host.connect(*end, std::move(opening));
  end->id = id;
  ends_.emplace(id, std::move(end));
  return id;
}

// The end may be the one that is speaking at the moment: it goes in the next turn.
void Door::disconnect(room::ConnectionId connection) {
  const auto found = ends_.find(connection);
  if (found == ends_.end()) return;
  parts_.host.disconnect(connection, room::Ending::on_purpose);
  parts_.loop.post([end = std::shared_ptr<End>(std::move(found->second))] {});
  ends_.erase(found);
}

void Door::End::on_close(std::uint16_t code, std::string_view reason) {
  const auto self = std::move(door.ends_.at(id));
  door.ends_.erase(id);
  client.on_closed(id, code, reason);
}

void Door::authenticate(std::string token, Authenticated done) {
  parts_.authenticate(std::move(token), std::move(done));
}

bool Door::is_name_taken(std::string_view name) const {
  return !parts_.host.hub().name_holder(protocol::name_key(name)).empty();
}

void Door::find_username(std::string name, Found done) { parts_.find_username(std::move(name), std::move(done)); }

bool Door::take_name(room::ConnectionId connection, const std::string& name) {
  return parts_.host.take_name(connection, name);
}

void Door::note(std::string_view event, std::string username) {
  if (parts_.note) parts_.note({event, std::move(username), {}});
}

void Door::after(std::chrono::milliseconds delay, std::function<void()> work) {
  (void)parts_.loop.start_timer(delay, std::move(work));
}

turnd::base::TimePoint Door::now() const { return turnd::base::TimePoint(parts_.loop.now().time_since_epoch()); }

}  // namespace signaling::gateway
