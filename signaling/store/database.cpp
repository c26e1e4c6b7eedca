#include "signaling/store/database.h"

#include <algorithm>

namespace signaling::store {
namespace {

const StorageError kOverloaded(StorageErrorKind::overloaded, "too many jobs wait for the database");
const StorageError kUndone(StorageErrorKind::unavailable, "the transaction was undone by another job's failure");

// What went wrong with this job and no other of the batch.
std::optional<StorageError> run_alone(Connection& connection, Work& work) {
  try {
    Savepoint part(connection);
    work.run(connection);
    part.keep();
    return std::nullopt;
  } catch (const StorageError& error) {
    return error;
  } catch (const std::exception& error) {
    return StorageError(StorageErrorKind::misuse, error.what());
  }
}

std::optional<StorageError> read_alone(Connection& connection, Work& work) {
  try {
    Transaction snapshot(connection, Transaction::Kind::read);
    work.run(connection);
    return std::nullopt;
  } catch (const StorageError& error) {
    return error;
  } catch (const std::exception& error) {
    return StorageError(StorageErrorKind::misuse, error.what());
  }
}

}  // namespace

Database::Database(DatabaseSettings settings, const Schema& schema)
    : settings_(std::move(settings)), writes_(settings_.most_waiting), reads_(settings_.most_waiting) {
  writer_ = std::make_unique<Connection>(settings_.path, OpenMode::read_write, settings_.durability);
  migrate(*writer_, schema, std::chrono::system_clock::now());
  checkpointer_ = std::make_unique<Checkpointer>(settings_.path, settings_.durability);
  writer_->on_log([this](int pages) { checkpointer_->on_log(pages); });
  for (unsigned i = 0; i < settings_.readers; ++i)
    readers_.push_back(std::make_unique<Connection>(settings_.path, OpenMode::read_only));
  threads_.emplace_back([this] { run_writer(); });
  for (const auto& reader : readers_) threads_.emplace_back([this, &reader] { run_reader(*reader); });
}

Database::~Database() {
  writes_.close();
  reads_.close();
  for (std::thread& thread : threads_) thread.join();
}

void Database::submit(WorkQueue& queue, std::unique_ptr<Work> work) {
  if (!queue.push(work)) work->finish(&kOverloaded);
}

void Database::run_writer() {
  Rest rest = Rest::idle_work;
  auto next_commit = std::chrono::steady_clock::now();
  while (!writes_.finished()) {
    const Batch batch = writes_.pop(settings_.most_in_batch, time_until(rest));
    if (!batch.empty()) {
      next_commit = std::chrono::steady_clock::now() + settings_.apart;
      write_batch(batch);
      writes_.gather(settings_.most_in_batch, next_commit);
      rest = Rest::idle_work;
    } else if (!writes_.finished()) {
      rest = use_pause(rest);
    }
  }
}

std::optional<std::chrono::milliseconds> Database::time_until(Rest rest) const {
  switch (rest) {
    case Rest::idle_work:
      return settings_.idle_after;
    case Rest::checkpoint:
      return settings_.checkpoint_after;
    case Rest::sleep:
      break;
  }
  return std::nullopt;
}

Database::Rest Database::use_pause(Rest rest) {
  if (rest == Rest::idle_work) return work_while_idle() ? Rest::idle_work : Rest::checkpoint;
  try {
    const Checkpointer::Writing alone(*checkpointer_);
    writer_->checkpoint(Checkpoint::emptying);
  } catch (const StorageError&) {
    // The log only stays as long as it is: the next pause tries again.
  }
  return Rest::sleep;
}

void Database::write_batch(const Batch& batch) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::optional<StorageError>> errors(batch.size());
  try {
    if (!write_together(batch)) write_apart(batch, errors);
  } catch (const StorageError& error) {
    for (auto& each : errors)
      if (!each) each = error;
  }
  settings_.on_done([&] {
    for (std::size_t i = 0; i < batch.size(); ++i) batch[i]->finish(errors[i] ? &*errors[i] : nullptr);
  });
  if (settings_.on_commit) settings_.on_commit(std::chrono::steady_clock::now() - begin, batch.size());
}

// Without savepoints: each costs a copy of every page that its job touches.
bool Database::write_together(const Batch& batch) {
  const Checkpointer::Writing writing(*checkpointer_);
  Transaction transaction(*writer_);
  try {
    for (const auto& work : batch) work->run(*writer_);
  } catch (const std::exception&) {
    return false;  // undone; which job it was, and why, is found out one by one
  }
  transaction.commit();
  return true;
}

void Database::write_apart(const Batch& batch, std::vector<std::optional<StorageError>>& errors) {
  const Checkpointer::Writing writing(*checkpointer_);
  Transaction transaction(*writer_);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    errors[i] = run_alone(*writer_, *batch[i]);
    // A full disk undoes all of the transaction, not the job alone.
    if (errors[i] && !writer_->in_transaction()) throw kUndone;
  }
  transaction.commit();
}

bool Database::work_while_idle() {
  if (!settings_.idle_work) return false;
  try {
    const Checkpointer::Writing writing(*checkpointer_);
    Transaction transaction(*writer_);
    const bool more = settings_.idle_work(*writer_);
    transaction.commit();
    return more;
  } catch (const StorageError&) {
    return false;  // the next write wakes it up again
  }
}

void Database::run_reader(Connection& connection) {
  while (!reads_.finished()) {
    for (const auto& work : reads_.pop(1, std::nullopt)) {
      const auto begin = std::chrono::steady_clock::now();
      const auto failed = read_alone(connection, *work);
      if (settings_.on_commit) settings_.on_commit(std::chrono::steady_clock::now() - begin, 0);
      work->finish(failed ? &*failed : nullptr);
    }
  }
}

}  // namespace signaling::store
