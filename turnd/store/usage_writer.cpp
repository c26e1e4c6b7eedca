#include "turnd/store/usage_writer.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "turnd/store/usage_store.h"

namespace turnd::store {
namespace {

constexpr std::size_t kBatch = 500;
constexpr std::chrono::hours kPurgeEvery{1};

}  // namespace

UsageWriter::UsageWriter(std::unique_ptr<Database> database, const Settings& settings)
    : database_(std::move(database)),
      capacity_(settings.capacity),
      retention_(settings.retention.count()),
      thread_([this] { run(); }) {}

UsageWriter::~UsageWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void UsageWriter::submit(UsageRecord record) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= capacity_) {
      ++lost_;
      return;
    }
    queue_.push_back(std::move(record));
    queued_ = queue_.size();
    if (queue_.size() != 1) return;  // the first of a batch wakes the writer, which then gathers the others
  }
  wake_.notify_one();
}

void UsageWriter::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    wake_.wait_for(lock, kPurgeEvery, [this] { return stopping_ || !queue_.empty(); });
    if (!stopping_ && !queue_.empty()) wake_.wait_for(lock, kGather, [this] { return stopping_; });
    lock.unlock();
    bool refused = false;
    while (!refused && queued_ != 0) refused = !write_batch();
    purge_old();
    lock.lock();
    if (refused && !stopping_) wake_.wait_for(lock, kRetry, [this] { return stopping_; });
  }
  lock.unlock();
  const auto deadline = std::chrono::steady_clock::now() + kRetry;
  while (queued_ != 0 && write_batch() && std::chrono::steady_clock::now() < deadline) {
  }
}

bool UsageWriter::write_batch() {
  std::vector<UsageRecord> batch;
  {
    const std::lock_guard lock(mutex_);
    const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(std::min(kBatch, queue_.size()));
    batch.assign(queue_.begin(), end);  // copied: they stay counted and queued until they are on disk
  }
  if (batch.empty()) return true;
  if (!UsageStore(*database_).append(batch)) return false;
  const std::lock_guard lock(mutex_);
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(batch.size()));
  queued_ = queue_.size();
  stored_ += batch.size();
  return true;
}

void UsageWriter::purge_old() {
  const auto now = std::chrono::steady_clock::now();
  if (retention_ == 0 || now < next_purge_) return;
  next_purge_ = now + kPurgeEvery;
  // A disk that refuses is asked again in an hour.
  (void)UsageStore(*database_).purge(std::chrono::system_clock::now() - std::chrono::nanoseconds(retention_));
}

}  // namespace turnd::store
