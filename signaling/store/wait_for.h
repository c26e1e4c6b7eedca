// Jobs whose caller waits for the answer. Not on a storage thread: it would wait for itself.
#pragma once

#include <future>
#include <memory>
#include <type_traits>
#include <utility>

#include "signaling/store/database.h"

namespace signaling::store {

template <class Job>
using JobResult = Stored<std::invoke_result_t<Job&, Connection&>>;

template <class Job>
[[nodiscard]] JobResult<Job> wait_for_write(Database& database, Job job) {
  const auto promise = std::make_shared<std::promise<JobResult<Job>>>();
  auto answer = promise->get_future();
  database.write(std::move(job), [promise](JobResult<Job> stored) { promise->set_value(std::move(stored)); });
  return answer.get();
}

template <class Job>
[[nodiscard]] JobResult<Job> wait_for_read(Database& database, Job job) {
  const auto promise = std::make_shared<std::promise<JobResult<Job>>>();
  auto answer = promise->get_future();
  database.read(std::move(job), [promise](JobResult<Job> stored) { promise->set_value(std::move(stored)); });
  return answer.get();
}

}  // namespace signaling::store
