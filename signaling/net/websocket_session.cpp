#include "signaling/net/websocket_session.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace signaling::net {
namespace {

constexpr Duration kCloseTimeout = std::chrono::seconds(5);
constexpr Duration kSlowCloseTimeout = std::chrono::seconds(1);  // G83
constexpr std::size_t kCloseCode = 2;
// Of each 64 KiB that a message may have: frames of a byte, or of none, would cost a client nothing and us a lot.
constexpr std::size_t kMaxFragments = 32;
constexpr std::size_t kFragmentsUnit = 64 * 1024;

std::uint16_t code_of(std::string_view payload) {
  return static_cast<std::uint16_t>(static_cast<std::uint8_t>(payload[0]) << 8 | static_cast<std::uint8_t>(payload[1]));
}

std::size_t bound(std::size_t limit) { return limit == 0 ? std::numeric_limits<std::size_t>::max() : limit; }

std::size_t fragments_for(std::size_t max_message) {
  return kMaxFragments * (max_message / kFragmentsUnit + (max_message % kFragmentsUnit != 0 ? 1 : 0));
}

}  // namespace

WebSocketSession::WebSocketSession(Connection& connection, const Upgrade& upgrade, std::unique_ptr<SocketEvents> events)
    : connection_(&connection),
      events_(std::move(events)),
      max_message_(bound(upgrade.max_message)),
      max_fragments_(fragments_for(max_message_)),
      max_queue_bytes_(bound(upgrade.max_queue_bytes)),
      max_queue_time_(upgrade.max_queue_time),
      ping_interval_(upgrade.ping_interval),
      ping_timeout_(upgrade.ping_timeout),
      slow_farewell_(upgrade.slow_farewell),
      takes_binary_(upgrade.binary) {}

void WebSocketSession::open() {
  if (ping_interval_.count() > 0) ping_due_ = now() + ping_interval_;
  arm();
  const auto events = events_;
  events->on_open(std::static_pointer_cast<WebSocket>(shared_from_this()));
}

std::size_t WebSocketSession::on_bytes(std::span<char> bytes) {
  const auto events = events_;  // a call of it may end the socket
  std::size_t used = 0;
  while (connection_ != nullptr && used < bytes.size()) {
    const auto frame = take_frame(bytes.subspan(used), max_message_ - fragments_.size());
    if (!frame) {
      if (frame.error() == FrameFault::incomplete) return used;
      const bool is_large = frame.error() == FrameFault::too_large;
      fail(is_large ? close_code::kTooLarge : close_code::kProtocolError, SocketEnd::Cause::violation);
      return bytes.size();
    }
    used += frame->size;
    awaits_pong_ = false;
    on_frame(*frame);
  }
  return used;
}

void WebSocketSession::on_frame(const Frame& frame) {
  if (is_control(frame.opcode)) return on_control(frame);
  if (state_ == State::open) on_data(frame);  // after our close frame nothing counts but the client's
}

void WebSocketSession::on_control(const Frame& frame) {
  switch (frame.opcode) {
    case Opcode::ping:
      if (state_ != State::open) return;
      queue_pong(frame.payload.empty() ? nullptr : share(std::string(frame.payload)));
      return events_->on_ping();
    case Opcode::pong:
      return;
    case Opcode::close:
      return on_close_frame(frame.payload);
    case Opcode::continuation:
    case Opcode::text:
    case Opcode::binary:
      return;
  }
}

void WebSocketSession::on_data(const Frame& frame) {
  const bool continues = frame.opcode == Opcode::continuation;
  if (continues != is_fragmented_) return fail(close_code::kProtocolError, SocketEnd::Cause::violation);
  if (!continues && frame.opcode == Opcode::binary && !takes_binary_)
    return fail(close_code::kUnsupported, SocketEnd::Cause::violation);
  if (!continues && frame.is_final) return deliver(frame.opcode, frame.payload);
  if (!continues) fragments_opcode_ = frame.opcode;
  fragments_.append(frame.payload);
  is_fragmented_ = !frame.is_final;
  if (++fragment_count_ > max_fragments_) return fail(close_code::kTooLarge, SocketEnd::Cause::violation);
  if (is_fragmented_) return;
  fragment_count_ = 0;
  const std::string message = std::exchange(fragments_, {});
  deliver(fragments_opcode_, message);
}

void WebSocketSession::deliver(Opcode opcode, std::string_view message) {
  if (opcode == Opcode::binary) return events_->on_binary(message);
  if (!is_valid_utf8(message)) return fail(close_code::kNotUtf8, SocketEnd::Cause::violation);
  events_->on_text(message);
}

void WebSocketSession::on_close_frame(std::string_view payload) {
  const bool has_code = payload.size() >= kCloseCode;
  if (payload.size() == 1 || (has_code && !is_sendable_close_code(code_of(payload))))
    return fail(close_code::kProtocolError, SocketEnd::Cause::violation);
  if (has_code && !is_valid_utf8(payload.substr(kCloseCode)))
    return fail(close_code::kNotUtf8, SocketEnd::Cause::violation);
  if (state_ == State::open) {
    end_ = {SocketEnd::Cause::by_client, has_code ? code_of(payload) : close_code::kNone};
    send_close(has_code ? code_of(payload) : close_code::kNone, {});
  } else if (end_.code == close_code::kAbnormal) {
    end_.code = has_code ? code_of(payload) : close_code::kNone;
  }
  // Both have said goodbye. The application hears of it now, the bytes go out behind it.
  Connection& connection = *connection_;
  const auto self = shared_from_this();
  on_end();
  connection.close_when_written();
}

void WebSocketSession::fail(std::uint16_t code, SocketEnd::Cause cause) {
  if (connection_ == nullptr) return;
  if (state_ == State::open) send_close(code, {});
  end_ = {cause, close_code::kAbnormal};
  Connection& connection = *connection_;
  const auto self = shared_from_this();
  on_end();
  connection.close_when_written();
}

void WebSocketSession::queue(Opcode opcode, SharedText body, std::string_view tail, Importance importance) {
  OutQueue& out = connection_->queue();
  const std::size_t size = (body ? body->size() : 0) + tail.size();
  if (out.bytes() + size > max_queue_bytes_ && !out.empty()) {
    out.drop_droppable(connection_->locked());
    if (out.bytes() + size > max_queue_bytes_) {
      if (importance == Importance::droppable) return;
      return overflow();
    }
  }
  out.push_frame(opcode, std::move(body), tail, importance, now());
  connection_->flush_later();
}

// G84: one is enough that waits.
void WebSocketSession::queue_pong(SharedText body) {
  if (connection_->queue().replace_pong(body, connection_->locked())) return;
  queue(Opcode::pong, std::move(body), {}, Importance::droppable);
}

void WebSocketSession::send(SharedText body, std::string_view tail, Importance importance) {
  if (connection_ != nullptr && state_ == State::open) queue(Opcode::text, std::move(body), tail, importance);
}

void WebSocketSession::send_binary(SharedText body) {
  if (connection_ != nullptr && state_ == State::open) queue(Opcode::binary, std::move(body), {}, Importance::normal);
}

void WebSocketSession::send_close(std::uint16_t code, std::string_view reason) {
  std::string payload;
  if (code != close_code::kNone) {
    payload = {static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
    payload.append(reason.substr(0, kMaxControlPayload - kCloseCode));
  }
  state_ = State::closing;
  connection_->queue().push_frame(Opcode::close, share(std::move(payload)), {}, Importance::normal, now());
  connection_->flush_later();
}

void WebSocketSession::close(std::uint16_t code, std::string_view reason) {
  if (connection_ == nullptr || state_ != State::open) return;
  end_ = {SocketEnd::Cause::by_server, close_code::kAbnormal};
  send_close(code, reason);
  close_due_ = now() + kCloseTimeout;
  arm();
}

// G83: what is queued is given up, so that a farewell and the close frame come first.
void WebSocketSession::overflow() {
  connection_->counters().slow.fetch_add(1, std::memory_order_relaxed);
  connection_->queue().drop_all(connection_->locked());
  if (slow_farewell_) connection_->queue().push_frame(Opcode::text, slow_farewell_, {}, Importance::normal, now());
  end_ = {SocketEnd::Cause::slow, close_code::kAbnormal};
  send_close(close_code::kSlow, "slow_consumer");
  close_due_ = now() + kSlowCloseTimeout;
  arm();
}

void WebSocketSession::drop() {
  if (connection_ == nullptr) return;
  if (end_.cause == SocketEnd::Cause::lost) end_.cause = SocketEnd::Cause::by_server;
  connection_->end();
}

void WebSocketSession::on_input_end() { connection_->end(); }

void WebSocketSession::on_blocked() { arm(); }

void WebSocketSession::arm() {
  TimePoint due = TimePoint::max();
  if (state_ == State::closing) {
    due = close_due_;
  } else {
    if (ping_interval_.count() > 0) due = ping_due_;
    if (awaits_pong_ && ping_timeout_.count() > 0) due = std::min(due, pong_due_);
    if (!connection_->queue().empty() && max_queue_time_.count() > 0)
      due = std::min(due, connection_->queue().oldest() + max_queue_time_);
  }
  if (due == TimePoint::max())
    TimerWheel::disarm(*connection_);
  else
    connection_->arm(due);
}

void WebSocketSession::on_due(TimePoint now) {
  if (state_ == State::closing) return now >= close_due_ ? connection_->end() : arm();
  if (awaits_pong_ && ping_timeout_.count() > 0 && now >= pong_due_) {
    end_ = {SocketEnd::Cause::silent, close_code::kAbnormal};
    return connection_->end();
  }
  const OutQueue& out = connection_->queue();
  if (!out.empty() && max_queue_time_.count() > 0 && now >= out.oldest() + max_queue_time_) return overflow();
  if (ping_interval_.count() > 0 && now >= ping_due_) {
    ping_due_ = now + ping_interval_;
    // A ping that is still unanswered keeps its deadline.
    if (!awaits_pong_) pong_due_ = now + ping_timeout_;
    awaits_pong_ = true;
    queue(Opcode::ping, nullptr, {}, Importance::droppable);
  }
  arm();
}

// The connection may outlive the session's part in it: to write the close frame.
void WebSocketSession::on_end() {
  if (connection_ == nullptr) return;
  connection_ = nullptr;
  const auto events = std::exchange(events_, nullptr);
  events->on_close(end_);
}

}  // namespace signaling::net
