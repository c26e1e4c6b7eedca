// UsageWriter: brings usage records to disk on a thread of its own; a full or slow disk never touches the relay.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "turnd/base/clock.h"
#include "turnd/store/database.h"
#include "turnd/store/usage_record.h"

namespace turnd::store {

// Records wait in a bounded queue while the disk refuses, are written when it can, and beyond the bound the
// newest are lost and counted (operations.md D56).
class UsageWriter {
 public:
  static constexpr std::size_t kCapacity = 10'000;
  // Sooner than the 2 s after which a record must be visible (D12).
  static constexpr std::chrono::milliseconds kGather{500};
  static constexpr std::chrono::milliseconds kRetry{1000};

  struct Settings {
    std::chrono::nanoseconds retention{0};  // 0: kept for ever
    std::size_t capacity = kCapacity;
  };
  UsageWriter(std::unique_ptr<Database> database, const Settings& settings);
  ~UsageWriter();  // writes what is left, for at most kRetry

  // Any thread; a short lock, never the disk.
  void submit(UsageRecord record);
  void set_retention(std::chrono::nanoseconds retention) { retention_ = retention.count(); }

  // Any thread.
  [[nodiscard]] std::uint64_t queued() const { return queued_; }
  [[nodiscard]] std::uint64_t stored() const { return stored_; }
  [[nodiscard]] std::uint64_t lost() const { return lost_; }

 private:
  void run();
  // False: the disk refused; the records are back in the queue.
  bool write_batch();
  void purge_old();

  std::unique_ptr<Database> database_;
  const std::size_t capacity_;
  std::atomic<std::int64_t> retention_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<UsageRecord> queue_;
  bool stopping_ = false;
  std::atomic<std::uint64_t> queued_{0}, stored_{0}, lost_{0};
  std::chrono::steady_clock::time_point next_purge_{};
  std::thread thread_;  // last: it uses everything above
};

}  // namespace turnd::store
