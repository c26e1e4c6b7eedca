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

// A slice is a few milliseconds of the writer; what is left is done in the next one.
constexpr std::size_t kSlice = 200;
constexpr std::size_t kRows = 2000;  // short ones, of which there may be many: names of the lobby, the outbox

service::WallTime wall_now() { return std::chrono::system_clock::now(); }

service::ChatRetention chat_retention(const config::Retention& retention) {
  service::ChatRetention chat;
  if (retention.messages.count() > 0)
    chat.messages = std::chrono::duration_cast<std::chrono::seconds>(retention.messages);
  return chat;
}

}  // namespace

bool index_a_slice(store::Connection& db) { return store::index_some(db, kSlice); }

Swept sweep_main(store::Connection& db, const service::Participants& participants, const service::ChatRetention& chat,
                 service::WallTime now) {
  Swept swept;
  const bool messages = service::sweep_messages(db, chat, now, kSlice);
  const bool tokens = service::prune_tokens(db, kSlice, now);
  const bool outbox = service::prune_outbox(db, kRows, now);
  participants.expire(db, now, swept.effects);
  const bool names = participants.prune(db, kRows, now);
  swept.is_more = messages || tokens || outbox || names;
  return swept;
}

Upkeep::Upkeep(Parts parts, const config::Retention& retention, const UpkeepPace& pace)
    : parts_(std::move(parts)), retention_(retention), pace_(pace) {
  schedule(main_timer_, &Upkeep::sweep_main_database, pace_.first);
  if (retention_.events.count() > 0) schedule(events_timer_, &Upkeep::sweep_event_log, pace_.first);
}

Upkeep::~Upkeep() {
  *running_ = false;
  parts_.loop.cancel(main_timer_);
  parts_.loop.cancel(events_timer_);
}

void Upkeep::schedule(net::Loop::TimerId& timer, Sweep sweep, std::chrono::milliseconds delay) {
  timer = parts_.loop.start_timer(delay, [this, sweep] { (this->*sweep)(); });
}

std::function<void(bool)> Upkeep::after(net::Loop::TimerId& timer, Sweep sweep) {
  return [this, &timer, sweep, &loop = parts_.loop, running = running_](bool is_more) {
    loop.post([this, &timer, sweep, running, is_more] {
      if (*running) schedule(timer, sweep, is_more ? pace_.behind : pace_.every);
    });
  };
}

void Upkeep::sweep_main_database() {
  parts_.main.write([&participants = parts_.participants, chat = chat_retention(retention_)](
                        store::Connection& db) { return sweep_main(db, participants, chat, wall_now()); },
                    // What fails is done in the next round.
                    [carry_out = parts_.carry_out,
                     next = after(main_timer_, &Upkeep::sweep_main_database)](store::Stored<Swept> swept) {
                      next(swept && swept->is_more);
                      if (swept) carry_out(std::move(swept->effects));
                    });
}

void Upkeep::sweep_event_log() {
  parts_.events.write([keep = retention_.events](
                          store::Connection& db) { return service::sweep_events(db, wall_now() - keep, kSlice); },
                      [next = after(events_timer_, &Upkeep::sweep_event_log)](const store::Stored<bool>& swept) {
                        next(swept && *swept);
                      });
}

}  // namespace signaling
