// HashPool: the few threads on which passwords are hashed, or other slow work is done, with a bounded queue, so that
// log-ins cannot eat the machine.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace signaling::service {

// Thread-safe.
class HashPool {
 public:
  // `threads` 0: as many as the machine has cores.
  explicit HashPool(unsigned threads = 0, std::size_t most_waiting = 100);
  // Runs what waits.
  ~HashPool();
  HashPool(const HashPool&) = delete;
  HashPool& operator=(const HashPool&) = delete;

  // False when too many wait: the caller answers 503 `unavailable` with Retry-After. The job runs on a thread of the
  // pool and posts what it found to its owner itself; it does not throw.
  [[nodiscard]] bool submit(std::function<void()> job);
  [[nodiscard]] std::size_t waiting() const;

 private:
  void run();

  const std::size_t most_waiting_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace signaling::service
