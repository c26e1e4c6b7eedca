// Upkeep: what the databases do when nobody asks them anything: the search index, and what is old goes.
#pragma once

#include <chrono>
#include <functional>

#include "signaling/config/config.h"
#include "signaling/net/loop.h"
#include "signaling/store/database.h"

namespace signaling {

// The writer's idle work (DatabaseSettings::idle_work): a slice of the search index.
[[nodiscard]] bool index_a_slice(store::Connection& db);

// On the loop's thread.
class Upkeep {
 public:
  // The databases outlive it.
  Upkeep(net::Loop& loop, store::Database& main, store::Database& events, const config::Retention& retention);
  ~Upkeep();
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;

 private:
  void schedule(std::chrono::milliseconds delay);
  void sweep();

  net::Loop& loop_;
  store::Database& main_;
  store::Database& events_;
  const config::Retention retention_;
  net::Loop::TimerId timer_;
};

}  // namespace signaling
