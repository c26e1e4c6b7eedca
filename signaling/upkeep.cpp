#include "signaling/upkeep.h"

#include <optional>
#include <utility>

#include "signaling/service/chat_retention.h"
#include "signaling/service/event_log.h"
#include "signaling/service/outbox_rows.h"
#include "signaling/service/tokens.h"
#include "signaling/store/search_index.h"

namespace signaling {
namespace {

using namespace std::chrono_literals;

// A slice is a few milliseconds of the writer; what is left is done in the next one.
constexpr std::size_t kSlice = 200;
constexpr std::size_t kRows = 2000;  // short ones, of which there may be many: names of the lobby, the outbox
constexpr auto kFirst = 10s;
constexpr auto kEvery = 60s;

service::WallTime wall_now() { return std::chrono::system_clock::now(); }

service::ChatRetention chat_retention(const config::Retention& retention) {
  service::ChatRetention chat;
  if (retention.messages.count() > 0)
    chat.messages = std::chrono::duration_cast<std::chrono::seconds>(retention.messages);
  return chat;
}

}  // namespace

bool index_a_slice(store::Connection& db) { return store::index_some(db, kSlice); }

service::Effects sweep_main(store::Connection& db, const service::Participants& participants,
                            const service::ChatRetention& chat, service::WallTime now) {
  service::Effects effects;
  (void)service::sweep_messages(db, chat, now, kSlice);
  (void)service::prune_tokens(db, kSlice, now);
  service::prune_outbox(db, kRows, now);
  participants.expire(db, now, effects);
  participants.prune(db, kRows, now);
  return effects;
}

Upkeep::Upkeep(Parts parts, const config::Retention& retention) : parts_(std::move(parts)), retention_(retention) {
  schedule(kFirst);
}

Upkeep::~Upkeep() { parts_.loop.cancel(timer_); }

void Upkeep::schedule(std::chrono::milliseconds delay) {
  timer_ = parts_.loop.start_timer(delay, [this] {
    sweep();
    schedule(kEvery);
  });
}

void Upkeep::sweep() {
  parts_.main.write([&participants = parts_.participants, chat = chat_retention(retention_)](
                        store::Connection& db) { return sweep_main(db, participants, chat, wall_now()); },
                    // What fails is done in the next round.
                    [carry_out = parts_.carry_out](store::Stored<service::Effects> stored) {
                      if (stored) carry_out(std::move(*stored));
                    });
  if (retention_.events.count() == 0) return;
  parts_.events.write(
      [keep = retention_.events](store::Connection& db) { (void)service::sweep_events(db, wall_now() - keep, kSlice); },
      [](const store::Stored<void>&) {});
}

}  // namespace signaling
