#include "signaling/api/meeting_upkeep.h"

#include <utility>

#include "signaling/service/meetings.h"
#include "signaling/service/recordings.h"

namespace signaling::api {

namespace {

constexpr std::chrono::seconds kTick{1};

}  // namespace

MeetingUpkeep::MeetingUpkeep(UpkeepParts parts) : parts_(std::move(parts)), mail_(parts_.database, parts_.mail) {}

MeetingUpkeep::~MeetingUpkeep() { stop(); }

void MeetingUpkeep::start() {
  *running_ = true;
  parts_.database.write(
      [now = parts_.wall_clock(), &context = parts_.context](store::Connection& db) {
        service::Meetings(context).forget_connections(db, now);
        return service::Recordings::ids(db);
      },
      [this, &loop = parts_.loop, &files = parts_.files,
       running = running_](const store::Stored<std::vector<std::int64_t>>& recordings) {
        if (recordings) files.keep_only(*recordings);
        loop.post([this, running] {
          if (*running) tick();
        });
      });
}

void MeetingUpkeep::after_commit(const service::Effects& effects) {
  for (const auto id : effects.joined_recordings) parts_.files.drop_parts(id);
  for (const auto id : effects.dropped_recordings) parts_.files.remove(id);
  if (effects.mail_queued) mail_.wake();
}

void MeetingUpkeep::stop() {
  if (*running_) parts_.loop.cancel(timer_);
  *running_ = false;
  mail_.stop();
}

void MeetingUpkeep::tick() {
  parts_.database.write(
      [now = parts_.wall_clock(), &context = parts_.context, keep = parts_.keep_recordings](store::Connection& db) {
        service::Effects effects;
        service::MeetingClock(context).run(db, now, effects);
        if (keep.count() > 0) service::Recordings::expire(db, now - keep, effects);
        return effects;
      },
      [this, &loop = parts_.loop, carry_out = parts_.carry_out,
       running = running_](store::Stored<service::Effects> stored) {
        if (stored) carry_out(std::move(*stored));
        loop.post([this, &loop, running] {
          if (!*running) return;
          timer_ = loop.start_timer(kTick, [this, running] {
            if (*running) tick();
          });
        });
      });
}

}  // namespace signaling::api
