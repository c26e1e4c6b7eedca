// MeetingUpkeep: what has to happen around meetings besides requests: after a commit, every second, and at the start.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "signaling/net/loop.h"
#include "signaling/service/mail_worker.h"
#include "signaling/service/meeting_clock.h"
#include "signaling/service/recording_files.h"
#include "signaling/store/database.h"

namespace signaling::api {

struct UpkeepParts {
  net::Loop& loop;
  store::Database& database;
  service::MeetingContext& context;
  const service::RecordingFiles& files;
  std::function<void(service::Effects)> carry_out;  // Surroundings::carry_out
  std::function<service::WallTime()> wall_clock;
  std::chrono::milliseconds keep_recordings{0};  // retention.recordings; 0: for ever
  service::MailWorkerSettings mail;
};

// On the loop's thread, except what is said otherwise.
class MeetingUpkeep {
 public:
  explicit MeetingUpkeep(UpkeepParts parts);
  ~MeetingUpkeep();
  MeetingUpkeep(const MeetingUpkeep&) = delete;
  MeetingUpkeep& operator=(const MeetingUpkeep&) = delete;

  // Sockets of an earlier process are forgotten, then the clock runs every second.
  void start();
  // Of every transaction, after its commit; on the storage thread: files that nothing refers to go, due mail is sent.
  void after_commit(const service::Effects& effects);
  // Before the database goes; the object stays until its last commit was told.
  void stop();

 private:
  void tick();

  const UpkeepParts parts_;
  service::MailWorker mail_;
  net::Loop::TimerId timer_;
  // Gone with the object: what was posted to the loop looks first.
  std::shared_ptr<bool> running_ = std::make_shared<bool>(false);
};

}  // namespace signaling::api
