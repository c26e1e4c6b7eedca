// Checkpointer: moves the write-ahead log into the database file on a thread of its own, while the writer goes on.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "signaling/store/connection.h"

namespace signaling::store {

// A checkpoint by the writer would hold up what waits behind it for as long as the disk takes: hundreds of commits.
// Here all but the last pages are moved beside it; for those the writer pauses, so that its next transaction can begin
// the log anew.
class Checkpointer {
 public:
  // Opens the file, which has its schema already. Throws StorageError.
  Checkpointer(const std::string& path, Durability durability);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // The length of the log after a commit; called by the writer.
  void on_log(int pages);

  // While it lives nobody but the writer touches the log: for the time of one transaction.
  class Writing {
   public:
    explicit Writing(Checkpointer& checkpointer);
    ~Writing();
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;

   private:
    Checkpointer& checkpointer_;
  };

 private:
  void run();
  void move_log();

  Connection connection_;
  std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  int pages_ = 0;
  int due_at_;  // pages
  bool is_due_ = false;
  bool writer_waits_ = false;  // it has to, for the last pages
  bool is_writing_ = false;
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace signaling::store
