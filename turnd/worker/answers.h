// Answers: what several workers say to one question, and how long the asker waits for them.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace turnd::worker {

// Who is slower is left out. The watchdog of the service is fed twice in ten seconds.
struct Patience {
  std::chrono::milliseconds step{2000};        // until somebody takes the next one
  std::chrono::milliseconds altogether{4000};  // whatever steps are taken
};

// Thread-safe. It outlives the asker, so a late answer harms nobody.
template <class Answer>
class Answers {
 public:
  void give(Answer answer) {
    const std::lock_guard lock(mutex_);
    answers_.push_back(std::move(answer));
    arrived_.notify_one();
  }
  // Somebody is at it.
  void take_a_step() {
    const std::lock_guard lock(mutex_);
    last_step_ = Clock::now();
  }
  // For so many. `meanwhile` is called at once, and then at least every kBreath: an asker has other duties.
  std::vector<Answer> wait_for(std::size_t wanted, const Patience& patience, const std::function<void()>& meanwhile) {
    const Clock::time_point end = Clock::now() + patience.altogether;
    do meanwhile();
    while (!are_here(wanted) && Clock::now() < std::min(end, last_step() + patience.step));
    const std::lock_guard lock(mutex_);
    return std::move(answers_);
  }
  static constexpr std::chrono::milliseconds kBreath{250};

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] bool are_here(std::size_t wanted) {
    std::unique_lock lock(mutex_);
    return arrived_.wait_for(lock, kBreath, [&] { return answers_.size() >= wanted; });
  }
  [[nodiscard]] Clock::time_point last_step() {
    const std::lock_guard lock(mutex_);
    return last_step_;
  }

  std::mutex mutex_;
  std::condition_variable arrived_;
  Clock::time_point last_step_ = Clock::now();
  std::vector<Answer> answers_;
};

}  // namespace turnd::worker
