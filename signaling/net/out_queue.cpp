#include "signaling/net/out_queue.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace signaling::net {
namespace {

// A vector that grew in a burst is given back; one that serves a message at a time is kept.
constexpr std::size_t kKept = 4;
// The first byte of a pong, which is never a fragment.
constexpr char kPong = static_cast<char>(0x80 | static_cast<unsigned>(Opcode::pong));

}  // namespace

void OutQueue::push(SharedText text, TimePoint now) {
  Piece& piece = pieces_.emplace_back();
  piece.body = std::move(text);
  piece.queued = now;
  bytes_ += piece.size();
}

void OutQueue::push_frame(Opcode opcode, SharedText body, std::string_view tail, Importance importance, TimePoint now) {
  tail = tail.substr(0, WebSocket::kMaxTail);
  Piece& piece = pieces_.emplace_back();
  piece.queued = now;
  piece.importance = importance;
  std::ranges::copy(tail, piece.tail.begin());
  piece.tail_size = static_cast<std::uint8_t>(tail.size());
  piece.body = std::move(body);
  piece.set_head(opcode);
  bytes_ += piece.size();
}

void OutQueue::Piece::set_head(Opcode opcode) {
  const FrameHead made = frame_head(opcode, (body ? body->size() : 0) + tail_size);
  head = made.bytes;
  head_size = made.size;
}

bool OutQueue::Piece::is_pong() const { return head_size != 0 && head[0] == kPong; }

bool OutQueue::replace_pong(const SharedText& body, std::size_t kept) {
  std::size_t at = 0;  // bytes from here to the piece
  for (std::size_t i = first_; i < pieces_.size(); ++i) {
    Piece& piece = pieces_[i];
    const std::size_t size = piece.size();
    const bool is_begun = i == first_ && written_ > 0;
    if (!is_begun && at >= kept && piece.is_pong()) {
      piece.body = body;
      piece.set_head(Opcode::pong);
      bytes_ = bytes_ - size + piece.size();
      return true;
    }
    at += size - (i == first_ ? written_ : 0);
  }
  return false;
}

// The spans that are left to write, in order, until `visit` says false.
template <class Visit>
void OutQueue::visit(const Visit& visit) const {
  std::size_t skip = written_;
  const auto part = [&](const char* data, std::size_t size) {
    const std::size_t skipped = std::min(skip, size);
    skip -= skipped;
    return size == skipped || visit(std::string_view(data + skipped, size - skipped));
  };
  for (std::size_t i = first_; i < pieces_.size(); ++i) {
    const Piece& piece = pieces_[i];
    if (!part(piece.head.data(), piece.head_size)) return;
    if (piece.body && !part(piece.body->data(), piece.body->size())) return;
    if (!part(piece.tail.data(), piece.tail_size)) return;
  }
}

std::size_t OutQueue::gather(std::span<iovec> into) const {
  std::size_t filled = 0;
  visit([&](std::string_view part) {
    if (filled == into.size()) return false;
    into[filled++] = {const_cast<char*>(part.data()), part.size()};
    return true;
  });
  return filled;
}

std::size_t OutQueue::copy(std::span<char> into) const {
  std::size_t filled = 0;
  visit([&](std::string_view part) {
    const std::size_t taken = std::min(part.size(), into.size() - filled);
    std::memcpy(into.data() + filled, part.data(), taken);
    filled += taken;
    return filled < into.size();
  });
  return filled;
}

void OutQueue::consume(std::size_t bytes) {
  bytes_ -= bytes;
  written_ += bytes;
  while (first_ < pieces_.size() && written_ >= pieces_[first_].size()) {
    written_ -= pieces_[first_].size();
    pieces_[first_++].body.reset();
  }
  if (!empty()) return;
  first_ = 0;
  if (pieces_.capacity() > kKept)
    pieces_ = {};
  else
    pieces_.clear();
}

template <class Goes>
void OutQueue::drop(std::size_t kept, const Goes& goes) {
  std::size_t at = 0;  // bytes from here to the piece
  std::size_t to = first_;
  for (std::size_t i = first_; i < pieces_.size(); ++i) {
    const std::size_t left = pieces_[i].size() - (i == first_ ? written_ : 0);
    const bool is_begun = i == first_ && written_ > 0;
    const bool is_dropped = !is_begun && at >= kept && goes(pieces_[i]);
    at += left;
    if (is_dropped) {
      bytes_ -= left;
      continue;
    }
    if (to != i) pieces_[to] = std::move(pieces_[i]);
    ++to;
  }
  pieces_.resize(to);
  if (empty()) {
    pieces_.clear();
    first_ = 0;
  }
}

void OutQueue::drop_droppable(std::size_t kept) {
  drop(kept, [](const Piece& piece) { return piece.importance == Importance::droppable; });
}

void OutQueue::drop_all(std::size_t kept) {
  drop(kept, [](const Piece&) { return true; });
}

}  // namespace signaling::net
