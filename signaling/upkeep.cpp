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
constexpr std::size_t kMessages = kSlice / 3;  // each of the three kinds
constexpr std::size_t kRows = 2000;            // short ones, of which there may be many: names of the lobby, the outbox

service::WallTime wall_now() { return std::chrono::system_clock::now(); }

service::ChatRetention chat_retention(const config::Retention& retention) {
  service::ChatRetention chat;
  if (retention.messages.count() > 0)
    chat.messages = std::chrono::duration_cast<std::chrono::seconds>(retention.messages);
  return chat;
}

// A slice of one kind. True: there may be more.
bool sweep(SweepKind kind, store::Connection& db, const SweepRound& round, service::Effects& effects) {
  switch (kind) {
    case SweepKind::cleared:
      return service::sweep_cleared(db, kMessages);
    case SweepKind::outlived:
      return service::sweep_outlived(db, round.chat, round.now, kMessages);
    case SweepKind::old:
      return service::sweep_old(db, round.chat, round.now, kMessages);
    case SweepKind::tokens:
      return service::prune_tokens(db, kSlice, round.now);
    case SweepKind::outbox:
      return service::prune_outbox(db, kRows, round.now);
    case SweepKind::presence:
      round.participants.expire(db, round.now, effects);
      return false;
    case SweepKind::names:
      return round.participants.prune(db, kRows, round.now);
    case SweepKind::kCount:
      break;
  }
  return false;
}

}  // namespace

bool index_a_slice(store::Connection& db) { return store::index_some(db, kSlice); }

Swept sweep_main(store::Connection& db, const SweepRound& round) {
  Swept swept;
  for (std::size_t i = 0; i < round.kinds.size(); ++i)
    if (round.kinds[i]) swept.more[i] = sweep(static_cast<SweepKind>(i), db, round, swept.effects);
  return swept;
}

NextRound next_round(SweepKinds more, std::chrono::milliseconds until_everything, const UpkeepPace& pace) {
  if (until_everything <= pace.behind) return {kEverything, pace.behind};
  if (more.any()) return {more, pace.behind};
  return {kEverything, until_everything};
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

std::function<void(std::function<void()>)> Upkeep::poster() {
  return [&loop = parts_.loop, running = running_](std::function<void()> job) {
    loop.post([running, job = std::move(job)] {
      if (*running) job();
    });
  };
}

void Upkeep::sweep_main_database() {
  if (kinds_.all()) everything_due_ = std::chrono::steady_clock::now() + pace_.every;
  parts_.main.write([round = SweepRound{parts_.participants, wall_now(), chat_retention(retention_), kinds_}](
                        store::Connection& db) { return sweep_main(db, round); },
                    // What fails is done in the next round.
                    [this, carry_out = parts_.carry_out, post = poster()](store::Stored<Swept> swept) {
                      post([this, more = swept ? swept->more : SweepKinds()] { go_on(more); });
                      if (swept) carry_out(std::move(swept->effects));
                    });
}

void Upkeep::go_on(SweepKinds more) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(everything_due_ - std::chrono::steady_clock::now());
  const NextRound next = next_round(more, left, pace_);
  kinds_ = next.kinds;
  schedule(main_timer_, &Upkeep::sweep_main_database, next.in);
}

void Upkeep::sweep_event_log() {
  parts_.events.write([keep = retention_.events](
                          store::Connection& db) { return service::sweep_events(db, wall_now() - keep, kSlice); },
                      [this, post = poster()](const store::Stored<bool>& swept) {
                        post([this, is_more = swept && *swept] {
                          schedule(events_timer_, &Upkeep::sweep_event_log, is_more ? pace_.behind : pace_.every);
                        });
                      });
}

}  // namespace signaling
