// Upkeep: what the databases do when nobody asks them anything: the search index, and what is old goes.
#pragma once

#include <chrono>
#include <functional>

#include "signaling/config/config.h"
#include "signaling/net/loop.h"
#include "signaling/service/chat_retention.h"
#include "signaling/service/participants.h"
#include "signaling/store/database.h"

namespace signaling {

// The writer's idle work (DatabaseSettings::idle_work): a slice of the search index.
[[nodiscard]] bool index_a_slice(store::Connection& db);

// One round over the main database: what is too old goes, and participants whom no request names any more are offline,
// a month later forgotten.
[[nodiscard]] service::Effects sweep_main(store::Connection& db, const service::Participants& participants,
                                          const service::ChatRetention& chat, service::WallTime now);

// On the loop's thread.
class Upkeep {
 public:
  // All of it outlives it.
  struct Parts {
    net::Loop& loop;
    store::Database& main;
    store::Database& events;
    const service::Participants& participants;
    std::function<void(service::Effects)> carry_out;  // on a storage thread, after the commit
  };
  Upkeep(Parts parts, const config::Retention& retention);
  ~Upkeep();
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;

 private:
  void schedule(std::chrono::milliseconds delay);
  void sweep();

  Parts parts_;
  const config::Retention retention_;
  net::Loop::TimerId timer_;
};

}  // namespace signaling
