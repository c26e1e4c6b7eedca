// WorkQueue: the bounded queue between callers and storage threads, and the jobs in it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "signaling/store/connection.h"

namespace signaling::store {

class Work {
 public:
  virtual ~Work() = default;
  // May throw StorageError. May be run again after its transaction was undone.
  virtual void run(Connection& connection) = 0;
  // Once, after run() or instead of it; an error says that nothing of it is stored.
  virtual void finish(const StorageError* error) = 0;
};

template <class Job, class Done>
class WorkOf final : public Work {
  using Value = std::invoke_result_t<const Job&, Connection&>;

 public:
  WorkOf(Job job, Done done) : job_(std::move(job)), done_(std::move(done)) {}

  void run(Connection& connection) override {
    if constexpr (std::is_void_v<Value>)
      job_(connection);
    else
      value_.emplace(job_(connection));
  }
  void finish(const StorageError* error) override {
    if (error) return done_(Stored<Value>(boost::system::in_place_error, *error));
    if constexpr (std::is_void_v<Value>)
      done_(Stored<void>(boost::system::in_place_value));
    else
      done_(Stored<Value>(boost::system::in_place_value, std::move(*value_)));
  }

 private:
  struct Nothing {};
  const Job job_;
  Done done_;
  std::optional<std::conditional_t<std::is_void_v<Value>, Nothing, Value>> value_;
};

// Thread-safe.
class WorkQueue {
 public:
  explicit WorkQueue(std::size_t most) : most_(most) {}

  // False when full or closed: `work` stays with the caller.
  [[nodiscard]] bool push(std::unique_ptr<Work>& work);
  // Waits for work, at most that long. Empty: none came. Also what waits after close().
  [[nodiscard]] std::vector<std::unique_ptr<Work>> pop(std::size_t most, std::optional<std::chrono::milliseconds> wait);
  // Lets work gather until that time, or until there is that much. For the only thread that pops.
  void gather(std::size_t enough, std::chrono::steady_clock::time_point until);
  void close();
  // Closed and empty.
  [[nodiscard]] bool finished() const;
  [[nodiscard]] std::size_t size() const;

 private:
  const std::size_t most_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Work>> waiting_;
  std::size_t enough_ = 1;  // with fewer jobs nobody is woken
  bool closed_ = false;
};

}  // namespace signaling::store
