#include "signaling/store/checkpointer.h"

namespace signaling::store {
namespace {

// 4 MiB: the more, the longer the last of it holds up the writer.
constexpr int kPagesApart = 1'000;

}  // namespace

Checkpointer::Checkpointer(const std::string& path, Durability durability)
    : connection_(path, OpenMode::read_write, durability), due_at_(kPagesApart), thread_([this] { run(); }) {}

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

// A log that a reader holds open grows on: it is tried again after as much more.
void Checkpointer::on_log(int pages) {
  const std::lock_guard lock(mutex_);
  if (pages < pages_) due_at_ = kPagesApart;
  pages_ = pages;
  if (pages < due_at_) return;
  due_at_ = pages + kPagesApart;
  is_due_ = true;
  changed_.notify_all();
}

void Checkpointer::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return is_due_ || stopping_; });
    if (stopping_) return;
    is_due_ = false;
    lock.unlock();
    move_log();
    lock.lock();
    writer_waits_ = false;
    changed_.notify_all();
  }
}

void Checkpointer::move_log() {
  try {
    connection_.checkpoint(Checkpoint::beside_others);
    {
      std::unique_lock lock(mutex_);
      writer_waits_ = true;
      changed_.wait(lock, [this] { return !is_writing_; });
    }
    connection_.checkpoint(Checkpoint::beside_others);
  } catch (const StorageError&) {
    // The log only stays as long as it is: the next time tries again.
  }
}

Checkpointer::Writing::Writing(Checkpointer& checkpointer) : checkpointer_(checkpointer) {
  std::unique_lock lock(checkpointer_.mutex_);
  checkpointer_.changed_.wait(lock, [&] { return !checkpointer_.writer_waits_; });
  checkpointer_.is_writing_ = true;
}

Checkpointer::Writing::~Writing() {
  const std::lock_guard lock(checkpointer_.mutex_);
  checkpointer_.is_writing_ = false;
  if (checkpointer_.writer_waits_) checkpointer_.changed_.notify_all();
}

}  // namespace signaling::store
