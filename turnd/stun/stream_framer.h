// StreamFramer: cuts a byte stream (TCP, TLS) into STUN and ChannelData messages (RFC 8489 s6.2.2, RFC 8656 s12.5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "turnd/base/bytes.h"

namespace turnd::stun {

// It works in memory that is lent to it, so that one buffer serves all connections of a worker in turn:
//   adopt(memory)          what is unfinished comes to its front
//   writable(), commit()   bytes go in behind it
//   next()                 messages come out, until it returns nullopt
//   release()              what is unfinished moves into memory of its own; an idle connection holds none
// Messages are borrowed until the next call of `writable` or `release`, so all of one read can be handled as a batch.
class StreamFramer {
 public:
  enum class State : std::uint8_t { open, broken };

  // Before authentication messages are small (security.md T-MEM); the session raises it afterwards. With padding.
  explicit StreamFramer(std::size_t max_message) : max_message_(max_message) {}
  void allow(std::size_t max_message) { max_message_ = max_message; }

  // `memory` is larger than a message may be, and outlives `release`.
  void adopt(base::MutableBytes memory);
  void release();

  // Room for at least one byte when every whole message was taken out; none when broken.
  [[nodiscard]] base::MutableBytes writable();
  void commit(std::size_t count);

  // The next whole message, padding of ChannelData stripped; nullopt: more bytes are needed, or broken.
  [[nodiscard]] std::optional<base::ByteView> next();

  // Broken: what came is neither STUN (with the magic cookie) nor ChannelData, or a message is larger than it may be.
  // The connection has lost its framing and must be closed.
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] bool empty() const { return begin_ == end_ && kept_.empty(); }
  // Bytes that an unfinished message holds between `release` and `adopt`.
  [[nodiscard]] std::size_t kept() const { return kept_.capacity(); }

 private:
  base::MutableBytes memory_;  // lent
  std::size_t begin_ = 0;      // of what is pending in it
  std::size_t end_ = 0;
  base::Bytes kept_;
  std::size_t max_message_;
  State state_ = State::open;
};

}  // namespace turnd::stun
