// StreamFramer: cuts a byte stream (TCP, TLS) into STUN and ChannelData messages (RFC 8489 s6.2.2, RFC 8656 s12.5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "turnd/base/bytes.h"

namespace turnd::stun {

// Bytes go in through `writable` + `commit` (read straight into the buffer), messages come out of `next`
// until it returns nullopt. Messages are borrowed until the next call of `writable` or `shrink`, so all of one
// read can be handled as a batch. The buffer grows to `max_buffer` and no further; `shrink` gives it back.
class StreamFramer {
 public:
  enum class State : std::uint8_t { open, broken };

  // Before authentication messages are small (security.md T-MEM); the session raises it afterwards.
  explicit StreamFramer(std::size_t max_buffer) : max_buffer_(max_buffer) {}
  void allow(std::size_t max_buffer) { max_buffer_ = max_buffer; }

  // Room for at least one byte unless broken or full.
  [[nodiscard]] base::MutableBytes writable(std::size_t wanted);
  void commit(std::size_t count);

  // The next whole message, padding of ChannelData stripped; nullopt: more bytes are needed, or broken.
  [[nodiscard]] std::optional<base::ByteView> next();

  // Broken: what came is neither STUN (with the magic cookie) nor ChannelData, or a message exceeds
  // `max_buffer`. The connection has lost its framing and must be closed.
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] bool empty() const { return begin_ == end_; }
  // Gives the buffer back when nothing is pending.
  void shrink();

 private:
  base::Bytes buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t max_buffer_;
  State state_ = State::open;
};

}  // namespace turnd::stun
