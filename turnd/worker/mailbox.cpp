#include "turnd/worker/mailbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace turnd::worker {

Mailbox::Mailbox() : event_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (!event_) throw std::system_error(errno, std::generic_category(), "eventfd");
}

bool Mailbox::post(Task task) {
  const std::lock_guard lock(mutex_);
  if (closed_) return false;
  tasks_.push_back(std::move(task));
  const std::uint64_t one = 1;
  // It can only fail when 2^64-1 wake-ups are pending, and then the worker is awake anyway.
  (void)!::write(event_.get(), &one, sizeof one);
  return true;
}

void Mailbox::close(const base::Now& now) {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  run_all(now);
}

void Mailbox::on_ready(std::uint32_t /*events*/, const base::Now& now) {
  std::uint64_t wakeups = 0;
  (void)!::read(event_.get(), &wakeups, sizeof wakeups);  // resets the descriptor; the count says nothing more
  run_all(now);
}

void Mailbox::run_all(const base::Now& now) {
  std::vector<Task> tasks;
  {
    const std::lock_guard lock(mutex_);
    tasks.swap(tasks_);
  }
  for (const Task& task : tasks) task(now);
}

}  // namespace turnd::worker
