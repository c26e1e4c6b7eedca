// Door: the hub for those who speak another dialect: HubDoor over HubHost.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "signaling/gateway/hub_door.h"
#include "signaling/gateway/hub_host.h"

namespace signaling::gateway {

class Door final : public HubDoor {
 public:
  struct Parts {
    net::Loop& loop;
    HubHost& host;
    // Whose token it is; `done` is called on the loop's thread.
    std::function<void(std::string token, Authenticated done)> authenticate;
    std::function<void(std::string text)> announce;  // in the lobby
    std::function<void(std::string name, Found done)> find_username = {};
    std::function<void(room::Note)> note = {};
  };
  explicit Door(Parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] room::ConnectionId connect(HubClient& client, Entry entry) override;
  void say(room::ConnectionId from, std::string_view frame) override { parts_.host.say(from, frame); }
  void disconnect(room::ConnectionId connection) override;
  void authenticate(std::string token, Authenticated done) override;
  [[nodiscard]] bool guests_allowed() const override { return parts_.host.hub().guests_allowed(); }
  [[nodiscard]] bool is_name_taken(std::string_view name) const override;
  void find_username(std::string name, Found done) override;
  [[nodiscard]] bool take_name(room::ConnectionId connection, const std::string& name) override;
  void note(std::string_view event, std::string username) override;
  [[nodiscard]] const room::LobbyTail& lobby_tail() const override { return parts_.host.hub().lobby_tail(); }
  void announce(std::string text) override { parts_.announce(std::move(text)); }
  void after(std::chrono::milliseconds delay, std::function<void()> work) override;
  [[nodiscard]] turnd::base::TimePoint now() const override;

 private:
  // One connection's way back to its client.
  struct End final : HubEnd {
    End(Door& of, HubClient& to) : door(of), client(to) {}
    void on_send(const room::Send& send) override { client.on_frame(id, send.frame); }
    void on_close(std::uint16_t code, std::string_view reason) override;
    Door& door;
    HubClient& client;
    room::ConnectionId id;
  };

  Parts parts_;
  std::unordered_map<room::ConnectionId, std::unique_ptr<End>> ends_;
};

}  // namespace signaling::gateway
