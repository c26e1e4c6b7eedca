#include "turnctl/at_once.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace turnctl {

std::optional<Failure> at_once(std::size_t count, const std::function<std::optional<Failure>(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::optional<Failure> first;
  const auto do_some = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      auto failure = work(i);
      if (!failure) continue;
      next = count;
      const std::lock_guard lock(mutex);
      if (!first) first = std::move(failure);
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < std::min(count, kAtOnce); ++i) threads.emplace_back(do_some);
  do_some();
  for (std::thread& thread : threads) thread.join();
  return first;
}

}  // namespace turnctl
