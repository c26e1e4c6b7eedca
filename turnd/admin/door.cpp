#include "turnd/admin/door.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace turnd::admin {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

// Without any descriptor, how long until the next try.
constexpr std::chrono::milliseconds kRetry{100};

bool out_of_descriptors(const ErrorCode& error) {
  return error == boost::system::errc::too_many_files_open ||
         error == boost::system::errc::too_many_files_open_in_system;
}

}  // namespace

SpareDescriptors::~SpareDescriptors() {
  while (give_up_one()) {
  }
}

void SpareDescriptors::refill() {
  while (spares_.size() < kSpares) {
    const int spare = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (spare < 0) return;  // the next connection that ends makes room
    spares_.push_back(spare);
  }
}

bool SpareDescriptors::give_up_one() {
  if (spares_.empty()) return false;
  ::close(spares_.back());
  spares_.pop_back();
  return true;
}

Door::Door(asio::io_context& io, int listener, int family, std::shared_ptr<const HttpConnection::Surroundings> around)
    : acceptor_(io, Protocol(family, 0), listener), retry_(io), around_(std::move(around)) {}

void Door::open() { accept(); }

void Door::stop_accepting() {
  ErrorCode ignored;  // closing gives the descriptor up whatever the answer
  acceptor_.close(ignored);
  retry_.cancel();
}

void Door::close() {
  stop_accepting();
  const auto connections = std::exchange(connections_, {});
  for (const auto& [key, connection] : connections)
    if (const auto alive = connection.lock()) alive->close();
}

void Door::accept() {
  acceptor_.async_accept([self = shared_from_this()](ErrorCode error, Protocol::socket socket) {
    if (!self->acceptor_.is_open()) return;
    if (error) return self->retry_accept(error);
    self->on_accepted(std::move(socket));
    self->accept();
  });
}

void Door::retry_accept(const ErrorCode& why) {
  if (out_of_descriptors(why) && spares_.give_up_one()) return accept();
  if (!out_of_descriptors(why)) return accept();  // that client is gone; the next one may not be
  retry_.expires_after(kRetry);
  retry_.async_wait([self = shared_from_this()](ErrorCode error) {
    if (error) return;
    self->spares_.refill();
    self->accept();
  });
}

void Door::on_accepted(Protocol::socket socket) {
  if (connections_.size() >= around_->limits.connections) make_room();
  const auto connection = make_http_connection(std::move(socket), around_);
  HttpConnection* const key = connection.get();
  connections_.emplace(key, connection);
  connection->start([weak = weak_from_this(), key] {
    const auto self = weak.lock();
    if (!self) return;
    self->connections_.erase(key);
    self->spares_.refill();
  });
}

// Closes the one that has been idle longest; where all are busy, the one that has done nothing for longest.
void Door::make_room() {
  std::shared_ptr<HttpConnection> longest;
  const auto is_better = [&longest](const HttpConnection& candidate) {
    if (!longest) return true;
    if (candidate.is_idle() != longest->is_idle()) return candidate.is_idle();
    return candidate.last_active() < longest->last_active();
  };
  for (const auto& [key, connection] : connections_) {
    const auto alive = connection.lock();
    if (alive && is_better(*alive)) longest = alive;
  }
  if (longest) longest->close();
}

}  // namespace turnd::admin
