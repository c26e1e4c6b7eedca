// OutQueue: what waits to be written to one connection; bounded by its user, shared with other queues where it can be.
#pragma once

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "signaling/net/frame.h"
#include "signaling/net/shared_text.h"
#include "signaling/net/timer_wheel.h"
#include "signaling/net/websocket.h"

namespace signaling::net {

class OutQueue {
 public:
  // Bytes as they are.
  void push(SharedText text, TimePoint now);
  // One frame: head, shared body and the recipient's own tail.
  void push_frame(Opcode opcode, SharedText body, std::string_view tail, Importance importance, TimePoint now);

  // Gives a pong that waits behind the first `kept` bytes this body instead: only the latest ping needs an answer
  // (RFC 6455 s5.5.3). False: there is none.
  [[nodiscard]] bool replace_pong(const SharedText& body, std::size_t kept);

  [[nodiscard]] bool empty() const { return first_ == pieces_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] TimePoint oldest() const { return pieces_[first_].queued; }  // not when empty

  // The first of the queue, as many as fit; the number of `into` that were filled.
  [[nodiscard]] std::size_t gather(std::span<iovec> into) const;
  // Copies the first of the queue, for a writer that wants them in one place.
  [[nodiscard]] std::size_t copy(std::span<char> into) const;
  void consume(std::size_t bytes);

  // Of what follows the first `kept` bytes, and whole pieces only.
  void drop_droppable(std::size_t kept);
  void drop_all(std::size_t kept);

 private:
  struct Piece {
    SharedText body;  // null: head and tail only
    TimePoint queued;
    std::array<char, 10> head{};
    std::array<char, WebSocket::kMaxTail> tail{};
    std::uint8_t head_size = 0;
    std::uint8_t tail_size = 0;
    Importance importance = Importance::normal;
    void set_head(Opcode opcode);  // for the body and tail that are there
    [[nodiscard]] bool is_pong() const;
    [[nodiscard]] std::size_t size() const { return head_size + (body ? body->size() : 0) + tail_size; }
  };
  template <class Visit>
  void visit(const Visit& visit) const;
  template <class Goes>
  void drop(std::size_t kept, const Goes& goes);

  std::vector<Piece> pieces_;  // empty again when all is written: an idle connection holds no memory
  std::size_t first_ = 0;
  std::size_t written_ = 0;  // of the first piece
  std::size_t bytes_ = 0;    // left to write
};

}  // namespace signaling::net
