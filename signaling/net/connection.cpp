#include "signaling/net/connection.h"

#include <sys/epoll.h>

#include <utility>

namespace signaling::net {
namespace {

constexpr Duration kLinger = std::chrono::seconds(1);
constexpr int kReadsPerTurn = 4;

}  // namespace

Connection::Connection(Loop& loop, ConnectionOwner& owner, Transport transport)
    : loop_(loop), owner_(owner), transport_(std::move(transport)) {}

Connection::~Connection() = default;

bool Connection::start(std::shared_ptr<Session> session, Duration handshake_timeout) {
  session_ = std::move(session);
  wanted_ = EPOLLIN;
  if (!loop_.watch(transport_.descriptor(), wanted_, *this)) return false;
  if (!transport_.is_secure()) state_ = State::open;
  arm(loop_.now() + handshake_timeout);
  return true;
}

void Connection::want(std::uint32_t events) {
  if (events == wanted_ || state_ == State::ended) return;
  wanted_ = events;
  loop_.change(transport_.descriptor(), events, *this);
}

void Connection::on_ready(std::uint32_t events) {
  const auto self = shared_from_this();
  if (state_ == State::handshake) return shake_hands();
  if (state_ == State::lingering) return discard_input();
  if ((events & EPOLLOUT) != 0) flush();
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR | EPOLLRDHUP)) == 0 || state_ == State::ended) return;
  if ((events & (EPOLLHUP | EPOLLERR)) != 0 && (wanted_ & EPOLLIN) == 0) return end();
  if ((wanted_ & EPOLLIN) == 0) return on_read_end();
  if (state_ == State::open && session_->wants_input()) return read();
  // Who sends more while he is to wait is read again later; until then only his end matters.
  want((wanted_ & ~std::uint32_t{EPOLLIN}) | EPOLLRDHUP);
}

void Connection::shake_hands() {
  switch (transport_.handshake()) {
    case IoStatus::done:
      state_ = State::open;
      want(EPOLLIN);
      return read();
    case IoStatus::want_read:
      return want(EPOLLIN);
    case IoStatus::want_write:
      return want(EPOLLOUT);
    case IoStatus::closed:
    case IoStatus::failed:
      ++owner_.counters().tls_failed;
      return end();
  }
}

void Connection::read() {
  const std::span<char> buffer = owner_.read_buffer();
  for (int i = 0; i < kReadsPerTurn; ++i) {
    const IoResult result = transport_.read(buffer);
    if (result.status == IoStatus::want_read || result.status == IoStatus::want_write) return;
    if (result.status != IoStatus::done) return on_read_end();
    owner_.counters().bytes_in.fetch_add(result.bytes, std::memory_order_relaxed);
    take(buffer.first(result.bytes));
    if (state_ != State::open || !session_->wants_input()) return;
    if (result.bytes < buffer.size() && !transport_.has_pending()) return;
  }
}

void Connection::take(std::span<char> fresh) {
  if (!unread_.empty()) {
    unread_.append(fresh.data(), fresh.size());
    return take_unread();
  }
  const std::size_t used = feed(fresh);
  if (state_ == State::open && used < fresh.size()) unread_.assign(fresh.data() + used, fresh.size() - used);
}

void Connection::take_unread() {
  std::string bytes = std::exchange(unread_, {});
  const std::size_t used = feed(bytes);
  if (state_ != State::open || used == bytes.size()) return;
  bytes.erase(0, used);
  unread_ = std::move(bytes);
}

// A session that hands over to another leaves the rest to it.
std::size_t Connection::feed(std::span<char> bytes) {
  is_feeding_ = true;
  std::size_t used = 0;
  for (std::shared_ptr<Session> session; session != session_ && state_ == State::open && used < bytes.size();) {
    session = session_;
    used += session->on_bytes(bytes.subspan(used));
  }
  is_feeding_ = false;
  return used;
}

void Connection::resume() {
  if (is_feeding_ || state_ != State::open) return;
  const auto self = shared_from_this();
  if (!unread_.empty()) take_unread();
  if (state_ != State::open || !session_->wants_input()) return;
  if (is_input_over_) return session_->on_input_end();
  want((wanted_ & ~std::uint32_t{EPOLLRDHUP}) | EPOLLIN);
  // What TLS holds already wakes nobody; and the read buffer may be in use.
  if (transport_.has_pending())
    loop_.post([self] {
      if (self->state_ == State::open && self->session_->wants_input()) self->read();
    });
}

void Connection::on_read_end() {
  if (state_ == State::closing) return end();
  want(wanted_ & ~std::uint32_t{EPOLLIN | EPOLLRDHUP});
  if (std::exchange(is_input_over_, true) || state_ != State::open) return;
  session_->on_input_end();
}

void Connection::flush_later() {
  if (std::exchange(is_flush_due_, true) || state_ == State::ended) return;
  owner_.flush_later(shared_from_this());
}

void Connection::flush() {
  is_flush_due_ = false;
  if (state_ != State::open && state_ != State::closing) return;
  using enum Transport::Followed;
  const IoResult result = transport_.write(queue_, state_ == State::closing ? by_the_end : by_more);
  if (result.bytes > 0) {
    last_written_ = loop_.now();
    owner_.counters().bytes_out.fetch_add(result.bytes, std::memory_order_relaxed);
  }
  switch (result.status) {
    case IoStatus::done:
      want(wanted_ & ~std::uint32_t{EPOLLOUT});
      if (state_ == State::closing) return linger();
      return session_->on_drained();
    case IoStatus::want_read:
    case IoStatus::want_write:
      want(wanted_ | EPOLLOUT);
      if (state_ == State::open) session_->on_blocked();
      return;
    case IoStatus::closed:
    case IoStatus::failed:
      return end();
  }
}

void Connection::close_when_written() {
  if (state_ != State::open) return;
  state_ = State::closing;
  flush_later();
}

void Connection::linger() {
  transport_.shut_down_sending();
  if (is_input_over_) return end();
  state_ = State::lingering;
  want(EPOLLIN);
  arm(loop_.now() + kLinger);
}

void Connection::discard_input() {
  const std::span<char> buffer = owner_.read_buffer();
  const IoResult result = transport_.read(buffer);
  if (result.status == IoStatus::closed || result.status == IoStatus::failed) end();
}

void Connection::on_due(TimePoint now) {
  const auto self = shared_from_this();
  if (state_ == State::open) return session_->on_due(now);
  if (state_ != State::ended) end();
}

void Connection::end() {
  if (state_ == State::ended) return;
  const auto self = shared_from_this();
  state_ = State::ended;
  loop_.unwatch(transport_.descriptor(), *this);
  TimerWheel::disarm(*this);
  transport_.close();
  queue_ = {};
  unread_ = {};
  const auto session = std::exchange(session_, nullptr);
  session->on_end();
  owner_.gone(*this);
}

}  // namespace signaling::net
