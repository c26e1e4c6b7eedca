#include "signaling/upkeep.h"

#include <optional>

#include "signaling/service/chat_retention.h"
#include "signaling/service/event_log.h"
#include "signaling/service/tokens.h"
#include "signaling/store/search_index.h"

namespace signaling {
namespace {

using namespace std::chrono_literals;

// A slice is a few milliseconds of the writer; what is left is done in the next one.
constexpr std::size_t kSlice = 200;
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

Upkeep::Upkeep(net::Loop& loop, store::Database& main, store::Database& events, const config::Retention& retention)
    : loop_(loop), main_(main), events_(events), retention_(retention) {
  schedule(kFirst);
}

Upkeep::~Upkeep() { loop_.cancel(timer_); }

void Upkeep::schedule(std::chrono::milliseconds delay) {
  timer_ = loop_.start_timer(delay, [this] {
    sweep();
    schedule(kEvery);
  });
}

void Upkeep::sweep() {
  main_.write(
      [chat = chat_retention(retention_)](store::Connection& db) {
        const service::WallTime now = wall_now();
        (void)service::sweep_messages(db, chat, now, kSlice);
        (void)service::prune_tokens(db, kSlice, now);
      },
      [](const store::Stored<void>&) {});
  if (retention_.events.count() == 0) return;
  events_.write(
      [keep = retention_.events](store::Connection& db) { (void)service::sweep_events(db, wall_now() - keep, kSlice); },
      [](const store::Stored<void>&) {});
}

}  // namespace signaling
