// LobbyPresence: writes down who is connected, for what HTTP shows of participants.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "signaling/net/loop.h"
#include "signaling/room/effects.h"
#include "signaling/service/participants.h"
#include "signaling/store/database.h"

namespace signaling {

// On the loop's thread.
class LobbyPresence {
 public:
  struct Parts {
    net::Loop& loop;
    store::Database& database;
    const service::Participants& participants;
    std::function<void(service::Effects)> carry_out;  // on a storage thread
  };
  explicit LobbyPresence(Parts parts) : parts_(std::move(parts)) {}

  // In the order in which they happened; tried again until the database takes them.
  void show(std::vector<room::Presence> changes);

 private:
  using Changes = std::vector<room::Presence>;
  void write(Changes changes);
  void try_again(const Changes& changes);

  Parts parts_;
  Changes waiting_;  // for the database to work again
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace signaling
