#include "signaling/lobby_presence.h"

#include <chrono>
#include <string>
#include <utility>

#include "signaling/gateway/translate.h"
#include "signaling/service/account_requests.h"

namespace signaling {
namespace {

using namespace std::chrono_literals;

constexpr auto kRetry = 1s;

service::WallTime wall_now() { return std::chrono::system_clock::now(); }

// Guests may have names that no participant can have (K16).
bool can_be_participant(const room::Person& person) {
  return !person.is_guest || service::is_username(person.username);
}

}  // namespace

void LobbyPresence::show(Changes changes) {
  std::erase_if(changes, [](const room::Presence& each) { return !can_be_participant(each.person); });
  if (changes.empty()) return;
  if (waiting_.empty()) return write(std::move(changes));
  std::ranges::move(changes, std::back_inserter(waiting_));
}

void LobbyPresence::write(Changes changes) {
  auto shared = std::make_shared<const Changes>(std::move(changes));
  parts_.database.write(
      [&participants = parts_.participants, shared](store::Connection& db) {
        service::Effects effects;
        for (const room::Presence& each : *shared) {
          const service::Identity who = gateway::to_identity(each.person);
          const std::string& name = each.person.username;
          // A name that somebody else holds stays his: an account may be called like a guest.
          if (each.is_here)
            (void)participants.hold(db, who, name, who.key(), wall_now(), effects);
          else
            participants.release(db, name, who.key(), wall_now(), effects);
        }
        return effects;
      },
      [this, &loop = parts_.loop, carry_out = parts_.carry_out, alive = std::weak_ptr(alive_),
       shared](store::Stored<service::Effects> stored) {
        if (stored) return carry_out(std::move(*stored));
        loop.post([this, alive, shared] {
          if (!alive.expired()) try_again(*shared);
        });
      });
}

void LobbyPresence::try_again(const Changes& changes) {
  const bool is_first = waiting_.empty();
  waiting_.insert(waiting_.end(), changes.begin(), changes.end());
  if (!is_first) return;
  parts_.loop.start_timer(kRetry, [this, alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) write(std::exchange(waiting_, {}));
  });
}

}  // namespace signaling
