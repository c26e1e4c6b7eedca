// Upkeep: what the databases do when nobody asks them anything: the search index, and what is old goes.
#pragma once

#include <bitset>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "signaling/config/config.h"
#include "signaling/net/loop.h"
#include "signaling/service/chat_retention.h"
#include "signaling/service/participants.h"
#include "signaling/store/database.h"

namespace signaling {

// The writer's idle work (DatabaseSettings::idle_work): a slice of the search index.
[[nodiscard]] bool index_a_slice(store::Connection& db);

// What goes from the main database by itself. Each costs a look even where nothing is left.
enum class SweepKind : std::uint8_t { cleared, outlived, old, tokens, outbox, presence, names, kCount };
using SweepKinds = std::bitset<static_cast<std::size_t>(SweepKind::kCount)>;
inline constexpr SweepKinds kEverything{~0ULL};

struct SweepRound {
  const service::Participants& participants;
  service::WallTime now;
  service::ChatRetention chat = {};
  SweepKinds kinds = kEverything;
};
struct Swept {
  service::Effects effects;
  SweepKinds more;  // of which another round finds something
};
// One round over the main database: what is too old goes, a slice of each kind, and participants whom no request names
// any more are offline, a month later forgotten.
[[nodiscard]] Swept sweep_main(store::Connection& db, const SweepRound& round);

// When rounds come: those over the main database, and those over the events.
struct UpkeepPace {
  std::chrono::milliseconds first{10'000};
  std::chrono::milliseconds every{60'000};
  // While there is more, for the kinds that have it: the writer has others to serve between two slices.
  std::chrono::milliseconds behind{50};
};

struct NextRound {
  SweepKinds kinds;
  std::chrono::milliseconds in;
};
// The kinds that have more come soon, all of them when their time is there, however long those take.
[[nodiscard]] NextRound next_round(SweepKinds more, std::chrono::milliseconds until_everything, const UpkeepPace& pace);

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
  Upkeep(Parts parts, const config::Retention& retention, const UpkeepPace& pace = {});
  ~Upkeep();
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;

 private:
  using Sweep = void (Upkeep::*)();
  void schedule(net::Loop::TimerId& timer, Sweep sweep, std::chrono::milliseconds delay);
  // Of any thread: runs on the loop's, unless the object is gone by then.
  [[nodiscard]] std::function<void(std::function<void()>)> poster();
  void sweep_main_database();
  void go_on(SweepKinds more);
  void sweep_event_log();

  Parts parts_;
  const config::Retention retention_;
  const UpkeepPace pace_;
  net::Loop::TimerId main_timer_, events_timer_;
  SweepKinds kinds_ = kEverything;                        // of the next round
  std::chrono::steady_clock::time_point everything_due_;  // again
  // Gone with the object: what was posted to the loop looks first.
  const std::shared_ptr<bool> running_ = std::make_shared<bool>(true);
};

}  // namespace signaling
